"""Prints the promise, counted."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from triage.reports.ledger import ledger


class Command(BaseCommand):
    """`ledger [--json]`."""

    help = "Count every email that reached us, and what became of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """States the options of INTERFACES.md."""
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: object) -> None:
        """Prints the books as they are now."""
        books = ledger(at=timezone.now()).to_json()
        if options["json"]:
            self.stdout.write(json.dumps(books))
            return
        for box in books["mailboxes"]:
            counts = ", ".join(f"{key} {box[key]:,}" for key in box if key != "address")
            self.stdout.write(f"{box['address']}: {counts}")
        for part in ("messages", "replies"):
            counts = ", ".join(f"{key} {count:,}" for key, count in books[part].items())
            self.stdout.write(f"{part}: {counts}")
        self.stdout.write(f"unexplained: {books['unexplained']:,}")
        self.stdout.write(f"oldest open: {books['oldest_open_at'] or 'none'}")
        self.stdout.write(f"expected to be clear: {books['forecast']['clear_at'] or 'unknown'}")
