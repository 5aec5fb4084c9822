"""Plays a whole day with the real code and a simulated clock."""

import json
from argparse import ArgumentParser, ArgumentTypeError

from django.core.management.base import BaseCommand, CommandError

from triage.benchmarks.place import CannotMeasure, on_postgresql, on_sqlite


class Command(BaseCommand):
    """`simulate_day --people N --mails N --vanish P --seed S [--postgresql] [--json]`."""

    help = "Simulate a day of helping in a database of its own, never this installation's."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """States the options of INTERFACES.md."""
        parser.add_argument("--people", type=_number, default=50)
        parser.add_argument("--mails", type=_number, default=2_000)
        parser.add_argument("--vanish", type=_share, default=0.3, help="share that leaves silently")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL, not SQLite")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, people: int, mails: int, vanish: float, seed: int, **options: bool) -> None:
        """Prints what the day came to; the same numbers give the same day."""
        numbers = (str(number) for number in (people, mails, vanish, seed))
        try:
            with on_postgresql() if options["postgresql"] else on_sqlite() as place:
                told = place.run("-m", "triage.benchmarks.day", *numbers)
        except CannotMeasure as reason:
            raise CommandError(str(reason)) from reason
        if options["json"]:
            self.stdout.write(told.strip())
            return
        for key, value in json.loads(told).items():
            self.stdout.write(f"{key}: {value}")


def _number(words: str) -> int:
    if not words.isdecimal() or not int(words):
        raise ArgumentTypeError("give a whole number, at least 1")
    return int(words)


def _share(words: str) -> float:
    share = float(words)
    if not 0 <= share <= 1:
        raise ArgumentTypeError("give a share between 0 and 1")
    return share
