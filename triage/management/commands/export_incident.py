"""Writes one incident as one file that proves itself, or checks such a file."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from triage.audit.actions import Step
from triage.incidents.models import Incident
from triage.reports.actions import note_export
from triage.reports.incident_record import check, lines


class Command(BaseCommand):
    """`export_incident SLUG --out FILE` or `export_incident --check FILE`."""

    help = (
        "Write everything about an incident but its mails into one file, a JSON object a line: "
        "levels, who was told, facts, briefings, helpers, outcomes, and the sealed events."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """States what can be said."""
        parser.add_argument("slug", metavar="SLUG", nargs="?", default="")
        parser.add_argument("--out", metavar="FILE", type=Path)
        parser.add_argument("--check", metavar="FILE", type=Path, help="check an exported file")

    def handle(self, *, slug: str, out: Path | None, check: Path | None, **_: object) -> None:
        """Writes or checks; exits 1 with the reason when it cannot, or when the file is forged."""
        try:
            if check is not None:
                self._check(check)
            elif out is not None:
                self._write(slug, out)
            else:
                raise CommandError("Say where to: export_incident SLUG --out FILE", returncode=2)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from error

    def _write(self, slug: str, out: Path) -> None:
        incident, at = Incident.objects.filter(slug=slug).first(), timezone.now()
        if incident is None:
            raise CommandError(f"There is no incident {slug or 'without a name'}.")
        note_export(incident=incident, by=Step("export_incident"), at=at)
        with open(out, "w", encoding="utf-8") as file:
            for line in lines(incident=incident, at=at):
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.stdout.write(f"Everything about {incident.name} but its emails is in {out}.")

    def _check(self, path: Path) -> None:
        try:
            with open(path, encoding="utf-8") as file:
                found = check([json.loads(line) for line in file])
        except (ValueError, KeyError, TypeError) as error:
            raise CommandError(f"{path} is no exported incident.") from error
        if found:
            raise CommandError(f"The file was tampered with: {found[0]}.")
        self.stdout.write("Every event in it is whole and in its place.")
