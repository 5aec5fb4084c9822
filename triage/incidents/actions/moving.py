"""Moving an incident from level to level: one row, one winner."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from triage.audit.actions import Doer, record
from triage.incidents import levels
from triage.incidents.actions.opening import Refused
from triage.incidents.models import Incident, LevelChange


class AlreadyChanged(Refused):
    """Somebody else changed the level first; nothing was done."""


def change_level(
    *,
    incident_id: int,
    to_level: str,
    expected_version: int,
    by: Doer,
    at: datetime,
    recovery_at: datetime | None = None,
    preview: Mapping[str, object] | None = None,
    operation_id: str = "",
) -> Incident:
    """Moves the incident to another level and gives it as it is then.

    `expected_version` is the version the person saw: of twenty who press at once one wins, the
    others get AlreadyChanged with who did it. Raises Refused for a step that is not on the way.
    """
    incident = Incident.objects.get(pk=incident_id)
    if incident.version != expected_version:
        raise _already_changed(incident_id)
    ends_at = _recovery_time(to_level, recovery_at, at)
    if not levels.may_move(from_level=incident.level, to_level=to_level):
        raise Refused(_("From here the level cannot be changed to that one."))
    with transaction.atomic():
        if not _move(incident, to_level, ends_at, at):
            raise _already_changed(incident_id)
        _note_change(incident, to_level, by, at, preview or {}, operation_id)
    incident.refresh_from_db()
    return incident


def _move(incident: Incident, to_level: str, recovery_at: datetime | None, at: datetime) -> bool:
    changed = Incident.objects.filter(pk=incident.pk, version=incident.version).update(
        level=to_level,
        version=incident.version + 1,
        level_since=at,
        recovery_at=recovery_at,
        closed_at=at if to_level == Incident.Level.CLOSED else None,
    )
    return changed == 1


def _note_change(
    incident: Incident,
    to_level: str,
    by: Doer,
    at: datetime,
    preview: Mapping[str, object],
    operation_id: str,
) -> None:
    LevelChange.objects.create(
        incident=incident,
        version=incident.version + 1,
        from_level=incident.level,
        to_level=to_level,
        by_name=by.name,
        at=at,
        preview=dict(preview),
    )
    record(
        action="incident.level",
        by=by,
        at=at,
        subject=incident,
        detail={"from": incident.level, "to": to_level, "preview": dict(preview)},
        operation_id=operation_id,
    )


def _recovery_time(to_level: str, recovery_at: datetime | None, at: datetime) -> datetime | None:
    if to_level != Incident.Level.ALL_HANDS:
        return None
    chosen = recovery_at or levels.recovery_on(at=at)
    if not levels.is_fit_for_recovery(recovery_at=chosen, at=at):
        raise Refused(_("All-hands mode must end later than now and within two weeks."))
    return chosen


def _already_changed(incident_id: int) -> AlreadyChanged:
    last = LevelChange.objects.filter(incident_id=incident_id).order_by("-version").first()
    who = last.by_name if last else "?"
    return AlreadyChanged(
        _("%(name)s was a moment faster: the level has been changed already.") % {"name": who}
    )
