"""Lists the places where a process can be told to die, for tests of recovery."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from inbox.failpoints import REGISTRY, VARIABLE


class Command(BaseCommand):
    """`failpoints [--json]`."""

    help = f"List the failpoints; {VARIABLE}=<name>[:<nth>] arms one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """States the options of INTERFACES.md."""
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: object) -> None:
        """Prints one name a line, or all in one object."""
        names = sorted(REGISTRY)
        text = json.dumps({"failpoints": names}) if options["json"] else "\n".join(names)
        self.stdout.write(text)
