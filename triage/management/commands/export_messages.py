"""Writes every mail as one line of JSON."""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime

from django.core.management.base import BaseCommand

from triage.reports.exporting import lines


def _moment(words: str) -> datetime:
    try:
        moment = datetime.fromisoformat(words)
    except ValueError as error:
        raise ArgumentTypeError("write a time such as 2026-01-15T12:00:00Z") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Command(BaseCommand):
    """`export_messages --jsonl [--since T]`."""

    help = "Write every email, also those set aside, as one line of JSON each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """States the options of INTERFACES.md."""
        parser.add_argument("--jsonl", action="store_true", required=True)
        parser.add_argument("--since", type=_moment, help="received at or after this time")

    def handle(self, *, since: datetime | None, **options: object) -> None:
        """Prints a line a mail; stops quietly when the reader has seen enough."""
        try:
            for line in lines(since=since):
                self.stdout.write(json.dumps(line, ensure_ascii=False))
            self.stdout.flush()
        except BrokenPipeError:
            sys.stderr.close()
