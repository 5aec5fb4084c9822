"""Proves that nobody changed the record."""

import json
from argparse import ArgumentParser, ArgumentTypeError

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from triage.audit.chain import Head
from triage.audit.verify import Verdict, verify


class Command(BaseCommand):
    """`audit_verify [--head SEQUENCE:HASH] [--json]`."""

    help = (
        "Seal what is committed, then check every link of the chain. Keep the head it prints "
        "somewhere else: only with it can a cut tail be found."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """States the options of INTERFACES.md."""
        parser.add_argument("--head", metavar="SEQUENCE:HASH", type=_head, help="noted earlier")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, head: Head | None, **options: object) -> None:
        """Prints what was found; exits 1 when somebody tampered with the record."""
        verdict = verify(at=timezone.now(), noted=head)
        self._tell(verdict, in_json=bool(options["json"]))
        if verdict.faults:
            raise CommandError(f"The record was tampered with: {verdict.faults[0]}.")

    def _tell(self, verdict: Verdict, *, in_json: bool) -> None:
        if in_json:
            told = {
                "checked": verdict.checked,
                "sealed_now": verdict.sealed_now,
                "head": str(verdict.head),
                "faults": list(verdict.faults),
                "late": list(verdict.late),
            }
            self.stdout.write(json.dumps(told))
            return
        for number in verdict.late:
            self.stdout.write(f"event {number} waited over 30 s for its seal")
        for fault in verdict.faults:
            self.stdout.write(fault)
        self.stdout.write(f"{verdict.checked:,} seals checked; the head is {verdict.head}")


def _head(words: str) -> Head:
    sequence, _, hash_text = words.partition(":")
    if not (sequence.isdigit() and len(hash_text) == 64):
        raise ArgumentTypeError("write it as audit_verify printed it, SEQUENCE:HASH")
    return Head(sequence=int(sequence), hash=hash_text)
