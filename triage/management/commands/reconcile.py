"""Compares server and books now."""

import json
from argparse import ArgumentParser
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inbox.models import Mailbox
from triage.mailboxes.reconciling import Reconciliation, reconcile


class Command(BaseCommand):
    """`reconcile [--address A] [--json]`: exit code 1 when a server could not be asked."""

    help = "Compare what the servers show with what stands in the books."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """States the options of INTERFACES.md."""
        parser.add_argument("--address", default="")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, address: str, **options: object) -> None:
        """Asks each server and prints one line, or one object, of what it found."""
        mailboxes = Mailbox.objects.filter(kind=Mailbox.Kind.SERVER).order_by("address")
        if address:
            mailboxes = mailboxes.filter(address__iexact=address)
            if not mailboxes:
                raise CommandError(f"There is no mailbox {address} with a server.")
        found = [reconcile(mailbox, at=timezone.now()) for mailbox in mailboxes]
        if options["json"]:
            self._print_json(found)
        else:
            for one in found:
                self.stdout.write(_line(one))
        problems = [f"{one.address}: {one.problem}" for one in found if one.problem]
        if problems:
            raise CommandError(" ".join(problems))

    def _print_json(self, found: list[Reconciliation]) -> None:
        mailboxes = [{**asdict(one), "at": one.at.isoformat()} for one in found]
        missing = sum(one.missing for one in found)
        self.stdout.write(json.dumps({"mailboxes": mailboxes, "missing": missing}))


def _line(one: Reconciliation) -> str:
    counts = ("on_server", "before_start", "stored", "quarantined", "missing", "only_here")
    return f"{one.address}: " + ", ".join(f"{name} {getattr(one, name):,}" for name in counts)
