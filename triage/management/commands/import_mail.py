"""Takes in mail from files, along the same path as fetched mail."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from inbox.failpoints import announce
from inbox.importing import Imported, import_mailbox, import_mails, mails_in
from inbox.models import Mailbox


class Command(BaseCommand):
    """`import_mail PATH... [--address A] [--json]`: repeatable without doubles."""

    help = "Import .eml files, mbox files, Maildirs, and folders of those."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """States the options of INTERFACES.md."""
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--address", default="", help="into this mailbox, made at need")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, paths: list[Path], address: str, **options: object) -> None:
        """Stores what is new; `manage.py work` parses it."""
        announce()
        _check(address)
        absent = [str(path) for path in paths if not path.exists()]
        if absent:
            raise CommandError(f"There is no file or folder {', '.join(absent)}.")
        unreadable: list[str] = []
        imported = import_mails(
            mails_in(paths, unreadable),
            mailbox=import_mailbox(address, at=timezone.now()),
            clock=timezone.now,
            told=_show_progress,
        )
        imported.unreadable = unreadable
        if options["json"]:
            self.stdout.write(json.dumps(asdict(imported)))
            return
        self.stdout.write(
            f"{imported.mails:,} emails: {imported.stored:,} new, {imported.known:,} known before."
        )
        for name in unreadable:
            self.stderr.write(f"{name} cannot be read.")


def _check(address: str) -> None:
    if not address or Mailbox.objects.filter(address__iexact=address).exists():
        return
    try:
        validate_email(address)
    except ValidationError as error:
        raise CommandError(f"{address} is not an email address.") from error


def _show_progress(imported: Imported) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{imported.mails:,} emails read, {imported.stored:,} new")
        sys.stderr.flush()
