"""Shows or chooses how much ceremony is asked of people here."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from triage.accounts.actions import choose_ceremony
from triage.accounts.ceremony import Size
from triage.accounts.queries import chosen_ceremony
from triage.audit.actions import Step

_BY = Step("ceremony")


class Command(BaseCommand):
    """`ceremony [small|large] [--json]`."""

    help = (
        "Choose how much ceremony: in a small team one person may hold several roles and any "
        "second person approves; in a large company each has one role and levels take two persons."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """States what can be chosen."""
        parser.add_argument("size", nargs="?", choices=[size.value for size in Size])
        parser.add_argument("--json", action="store_true")

    def handle(self, *, size: str | None, **options: object) -> None:
        """Chooses when told to, then tells what is in force."""
        if size:
            choose_ceremony(size=Size(size), by=_BY, at=timezone.now())
        chosen = chosen_ceremony()
        if options["json"]:
            at = chosen.at.isoformat() if chosen.at else None
            told = {"size": chosen.ceremony.size.value, "by": chosen.by_name, "at": at}
            self.stdout.write(json.dumps(told))
            return
        by = f", chosen by {chosen.by_name}" if chosen.by_name else ", until somebody chooses"
        self.stdout.write(f"The ceremony is {chosen.ceremony.size.value}{by}.")
