"""Opens an incident, changes its level and closes it, for when no browser is at hand."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from triage.allhands.actions import stand_down, switch_on
from triage.allhands.preview import preview
from triage.audit.actions import Step
from triage.incidents.actions import Refused, change_level, open_incident
from triage.incidents.models import Incident
from triage.incidents.queries import current

_BY = Step("incident")
_Level = Incident.Level


class Command(BaseCommand):
    """`incident open NAME | level LEVEL [--until T] [--preview] | close [--preview]`."""

    help = "Open an incident, change its level, or close it, which ends everybody's helping."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """States the options of INTERFACES.md."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        opening = verbs.add_parser("open", help="open an incident, at level watch")
        opening.add_argument("name", metavar="NAME")
        level = verbs.add_parser("level", help="change the level of the open incident")
        level.add_argument("level", metavar="LEVEL", choices=_Level.values)
        level.add_argument(
            "--until", metavar="T", type=_moment, help="all-hands moves to recovery then (ISO 8601)"
        )
        closing = verbs.add_parser("close", help="end all helping and close for good")
        for verb in (level, closing):
            verb.add_argument("--preview", action="store_true", help="count, change nothing")
        for verb in (opening, level, closing):
            verb.add_argument("--json", action="store_true")

    def handle(self, *, verb: str, **options: Any) -> None:  # noqa: ANN401 - from argparse
        """Does the one thing that was asked."""
        try:
            getattr(self, f"_{verb}")(options)
        except Refused as refused:
            raise CommandError(str(refused)) from refused

    def _open(self, options: dict[str, Any]) -> None:
        self._tell(open_incident(name=options["name"], by=_BY, at=timezone.now()), options)

    def _level(self, options: dict[str, Any]) -> None:
        incident, to_level = _incident(), options["level"]
        if to_level == _Level.CLOSED:
            return self._close(options)
        if options["preview"]:
            return self._count(incident, to_level, options)
        if incident.level != to_level:
            incident = _move(incident, to_level, until=options["until"])
        elif options["until"]:
            raise CommandError(f"The level is {to_level} already: its end was set with it.")
        return self._tell(incident, options)

    def _close(self, options: dict[str, Any]) -> None:
        incident = _incident()
        if options["preview"]:
            return self._count(incident, _Level.CLOSED, options)
        stand_down(
            incident_id=incident.pk,
            expected_version=incident.version,
            to_level=_Level.CLOSED,
            by=_BY,
            at=timezone.now(),
        )
        incident.refresh_from_db()
        return self._tell(incident, options)

    def _count(self, incident: Incident, to_level: str, options: dict[str, Any]) -> None:
        counts = preview(incident=incident, to_level=to_level).as_counts()
        if options["json"]:
            self.stdout.write(json.dumps({"from": incident.level, "preview": counts}))
            return
        for name, count in counts.items():
            self.stdout.write(f"{name.replace('_', ' ')}: {count}")

    def _tell(self, incident: Incident, options: dict[str, Any]) -> None:
        until = incident.recovery_at.isoformat() if incident.recovery_at else None
        if options["json"]:
            told = {
                "id": incident.pk,
                "name": incident.name,
                "slug": incident.slug,
                "level": incident.level,
                "version": incident.version,
                "recovery_at": until,
            }
            self.stdout.write(json.dumps(told))
            return
        self.stdout.write(f"{incident.name}: {incident.level}{f' until {until}' if until else ''}")


def _incident() -> Incident:
    incident = current()
    if incident is None:
        raise CommandError("No incident is open. Open one with: incident open NAME")
    return incident


def _move(incident: Incident, to_level: str, *, until: datetime | None) -> Incident:
    version, at = incident.version, timezone.now()
    if to_level == _Level.ALL_HANDS:
        return switch_on(
            incident_id=incident.pk, expected_version=version, recovery_at=until, by=_BY, at=at
        )
    return change_level(
        incident_id=incident.pk, to_level=to_level, expected_version=version, by=_BY, at=at
    )


def _moment(words: str) -> datetime:
    try:
        moment = datetime.fromisoformat(words)
    except ValueError as error:
        raise ArgumentTypeError("write a time such as 2026-01-15T20:00:00Z") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.get_current_timezone())
