"""Measures the product beside what this machine could do at best."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from triage.benchmarks.frame import NAMES, Size, measure
from triage.benchmarks.place import CannotMeasure


class Command(BaseCommand):
    """`benchmark NAME [--json]`."""

    help = "Measure one part of Muster on servers of its own, never on this installation's data."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """States the options of INTERFACES.md, and two that make it small for a test."""
        parser.add_argument("name", choices=NAMES)
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--rows", type=int, help="how many rows instead of the full size")
        parser.add_argument("--rounds", type=int, help="how often instead of the usual")

    def handle(self, *, name: str, rows: int | None, rounds: int | None, **options: object) -> None:
        """Prints what was measured; how far it is goes to standard error."""
        try:
            result = measure(name, Size(rows=rows, rounds=rounds), self._tell)
        except CannotMeasure as reason:
            raise CommandError(str(reason)) from reason
        if options["json"]:
            self.stdout.write(json.dumps(result))
            return
        for part in ("limit", "product", "ratios"):
            words = ", ".join(f"{key} {value}" for key, value in result[part].items())
            self.stdout.write(f"{part}: {words}")

    def _tell(self, line: str) -> None:
        self.stderr.write(line)
        self.stderr.flush()
