"""Proves that nobody changed the record."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from triage.audit.chain import Head
from triage.audit.heads import NoHead, heads_in, noted_heads
from triage.audit.verify import Verdict, verify


class Command(BaseCommand):
    """`audit_verify [--head SEQUENCE:HASH|FILE] [--json]`."""

    help = (
        "Seal what is committed, then check every link of the chain, and that it still holds each "
        "head noted in MUSTER_DATA_DIR/audit-heads. A head kept elsewhere, such as the mail that "
        "auditors get each day, proves the most: give it with --head."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """States the options of INTERFACES.md."""
        parser.add_argument(
            "--head",
            metavar="SEQUENCE:HASH|FILE",
            type=_heads,
            default=[],
            help="noted earlier: the head itself, or a file that holds one or more",
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *, head: list[Head], **options: object) -> None:
        """Prints what was found; exits 1 when somebody tampered with the record."""
        noted = [*head, *noted_heads(Path(settings.MUSTER_DATA_DIR) / "audit-heads")]
        verdict = verify(at=timezone.now(), noted=noted)
        self._tell(verdict, noted=len(noted), in_json=bool(options["json"]))
        if verdict.faults:
            raise CommandError(f"The record was tampered with: {verdict.faults[0]}.")

    def _tell(self, verdict: Verdict, *, noted: int, in_json: bool) -> None:
        if in_json:
            told = {
                "checked": verdict.checked,
                "sealed_now": verdict.sealed_now,
                "head": str(verdict.head),
                "heads_noted": noted,
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


def _heads(words: str) -> list[Head]:
    path = Path(words)
    try:
        return heads_in(path.read_text(encoding="utf-8") if path.is_file() else words)
    except (NoHead, UnicodeDecodeError) as error:
        raise ArgumentTypeError(str(error)) from error
