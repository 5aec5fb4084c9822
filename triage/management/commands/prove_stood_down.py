"""Proves now that nobody whose helping time is over has any right left."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from triage.allhands.actions.proving import prove_stood_down, sentence
from triage.audit.actions import Step


class Command(BaseCommand):
    """`prove_stood_down [--json]`."""

    help = (
        "Look for any login, role, email, helping time, join link or printed code of somebody "
        "whose helping time is over. Muster does it by itself once a day."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """States what can be said."""
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: object) -> None:
        """Tells what is left; exits 1 when something is."""
        proof = prove_stood_down(by=Step("prove_stood_down"), at=timezone.now())
        if options["json"]:
            told = {"people": proof.people, "clean": not proof.left, "left": proof.left}
            self.stdout.write(json.dumps(told))
        elif not proof.left:
            self.stdout.write(f"Nothing is left of the {proof.people} whose helping is over.")
        if proof.left:
            raise CommandError(sentence(proof))
