"""`manage.py seed_demo`: the people, answers and incident of the demo, made once."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inbox.mailboxes import MailboxError
from triage.demo.seed import InUse, Seeded, seed


class Command(BaseCommand):
    """`seed_demo [--imap URL --smtp URL] [--json]`: repeating it changes nothing."""

    help = "Fill an empty installation with the people, answers and incident of the demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Takes the servers of the demo's mailbox; without both there is none."""
        parser.add_argument("--imap", default="", metavar="URL")
        parser.add_argument("--smtp", default="", metavar="URL")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, imap: str, smtp: str, **options: object) -> None:
        """Seeds, and prints a line a login: role, email, password."""
        try:
            seeded = seed(at=timezone.now(), imap_url=imap, smtp_url=smtp)
        except (InUse, MailboxError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(seeded)))
            return
        for person, password in seeded.passwords.items():
            self.stdout.write(f"{person.role} {person.email} {password}".rstrip())
        self.stdout.write(f"join {seeded.join_path}")


def _as_json(seeded: Seeded) -> dict[str, object]:
    logins = [
        {"role": person.role, "email": person.email, "password": password}
        for person, password in seeded.passwords.items()
    ]
    return {"logins": logins, "join_path": seeded.join_path}
