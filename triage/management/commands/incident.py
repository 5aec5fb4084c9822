"""Opens an incident, changes its level and closes it, for when no browser is at hand."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from triage.allhands.actions import Backing, SomethingLeft, stand_down, step_to, switch_on
from triage.allhands.checklist import checklist
from triage.allhands.leftovers import left_over
from triage.allhands.preview import preview
from triage.audit.actions import Step
from triage.incidents.actions import Refused, SecondPersonNeeded, extend, open_incident
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
        opening.add_argument(
            "--known-since", metavar="T", type=_moment, help="when we came to know (ISO 8601)"
        )
        opening.add_argument(
            "--two-persons", action="store_true", help="two people switch on and close"
        )
        level = verbs.add_parser("level", help="change the level of the open incident")
        level.add_argument("level", metavar="LEVEL", choices=_Level.values)
        level.add_argument(
            "--until", metavar="T", type=_moment, help="all-hands moves to recovery then (ISO 8601)"
        )
        closing = verbs.add_parser("close", help="end all helping and close for good")
        for verb in (level, closing):
            verb.add_argument("--preview", action="store_true", help="count, change nothing")
            verb.add_argument(
                "--break-glass", metavar="REASON", default="", help="do alone what needs two"
            )
            verb.add_argument(
                "--sign", metavar="NAME", default="", help="close although something is left"
            )
        for verb in (opening, level, closing):
            verb.add_argument("--json", action="store_true")

    def handle(self, *, verb: str, **options: Any) -> None:  # noqa: ANN401 - from argparse
        """Does the one thing that was asked."""
        try:
            getattr(self, f"_{verb}")(options)
        except SecondPersonNeeded as needed:
            raise CommandError(f"{needed} Alone: --break-glass REASON.") from needed
        except SomethingLeft as left:
            raise CommandError(f"{self._left_in_one_line()} Sign it: --sign NAME.") from left
        except Refused as refused:
            raise CommandError(str(refused)) from refused

    def _open(self, options: dict[str, Any]) -> None:
        incident = open_incident(
            name=options["name"],
            known_since=options["known_since"],
            needs_second_person=options["two_persons"],
            by=_BY,
            at=timezone.now(),
        )
        self._tell(incident, options)

    def _level(self, options: dict[str, Any]) -> None:
        incident, to_level = _incident(), options["level"]
        if to_level == _Level.CLOSED:
            return self._close(options)
        if options["preview"]:
            return self._count(incident, to_level, options)
        if incident.level != to_level:
            return self._tell(self._move(incident, to_level, options), options)
        return self._tell(_go_on(incident, options["until"]), options)

    def _move(self, incident: Incident, to_level: str, options: dict[str, Any]) -> Incident:
        version, at = incident.version, timezone.now()
        if to_level != _Level.ALL_HANDS:
            return step_to(
                incident_id=incident.pk, to_level=to_level, expected_version=version, by=_BY, at=at
            )
        for caution in checklist(incident=incident, at=at).cautions:
            self.stderr.write(caution.text)
        return switch_on(
            incident_id=incident.pk,
            expected_version=version,
            recovery_at=options["until"],
            backing=Backing(alone_because=options["break_glass"]),
            by=_BY,
            at=at,
        )

    def _close(self, options: dict[str, Any]) -> None:
        incident = _incident()
        if options["preview"]:
            return self._count(incident, _Level.CLOSED, options)
        stand_down(
            incident_id=incident.pk,
            expected_version=incident.version,
            to_level=_Level.CLOSED,
            backing=Backing(
                alone_because=options["break_glass"],
                signature=options["sign"],
                signed=left_over().as_counts(),
            ),
            by=_BY,
            at=timezone.now(),
        )
        incident.refresh_from_db()
        return self._tell(incident, options)

    def _count(self, incident: Incident, to_level: str, options: dict[str, Any]) -> None:
        at = timezone.now()
        foreseen = preview(incident=incident, to_level=to_level, at=at)
        cautions = (
            checklist(incident=incident, at=at).cautions if to_level == _Level.ALL_HANDS else ()
        )
        left = left_over().as_counts() if to_level == _Level.CLOSED else {}
        if options["json"]:
            told = {
                "from": incident.level,
                "preview": foreseen.as_counts(),
                "words": foreseen.in_words(),
                "warnings": {caution.key: caution.text for caution in cautions},
                "left": left,
            }
            self.stdout.write(json.dumps(told))
            return
        warned = [f"But: {caution.text}" for caution in cautions]
        for line in [*foreseen.in_words(), *warned, *([self._left_in_one_line()] if left else [])]:
            self.stdout.write(line)

    def _left_in_one_line(self) -> str:
        counts = ", ".join(f"{words}: {count:,}" for words, count in left_over().in_words())
        return f"Not everything has been answered ({counts})."

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


def _go_on(incident: Incident, until: datetime | None) -> Incident:
    """The level holds already; all-hands mode may get another end."""
    if until is None:
        return incident
    if incident.level != _Level.ALL_HANDS:
        raise CommandError(f"The level is {incident.level} already: it has no end.")
    return extend(
        incident_id=incident.pk,
        expected_version=incident.version,
        recovery_at=until,
        by=_BY,
        at=timezone.now(),
    )


def _moment(words: str) -> datetime:
    try:
        moment = datetime.fromisoformat(words)
    except ValueError as error:
        raise ArgumentTypeError("write a time such as 2026-01-15T20:00:00Z") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.get_current_timezone())
