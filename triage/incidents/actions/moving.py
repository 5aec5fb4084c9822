"""Moving an incident from level to level: one row, one winner, two people where it is so set."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from triage.audit.actions import Doer, record
from triage.incidents import levels
from triage.incidents.actions.opening import Refused
from triage.incidents.models import Incident, LevelChange, LevelRequest

Level = Incident.Level


class AlreadyChanged(Refused):
    """Somebody else changed the level first; nothing was done."""


class SecondPersonNeeded(Refused):
    """This change needs two people, or a reason why one does it alone."""

    def __str__(self) -> str:
        return _("Two people do this here: one asks, another one confirms.")


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What a change of level rests on, kept beside it.

    `preview` is what the person was shown; `overrides` the keys of the warnings that stood.
    `asked_by_id` asked first and whoever acts confirms; `alone_because` is why there is nobody
    else. `left` was still to do when `signature`, a typed name, closed all the same.
    """

    preview: dict[str, object] = field(default_factory=dict)
    overrides: tuple[str, ...] = ()
    asked_by_id: int | None = None
    asked_by_name: str = ""
    alone_because: str = ""
    left: dict[str, int] = field(default_factory=dict)
    signature: str = ""


def change_level(
    *,
    incident_id: int,
    to_level: str,
    expected_version: int,
    by: Doer,
    at: datetime,
    recovery_at: datetime | None = None,
    grounds: Grounds | None = None,
    operation_id: str = "",
) -> Incident:
    """Moves the incident to another level and gives it as it is then.

    `expected_version` is the version the person saw: of twenty who press at once one wins, the
    others get AlreadyChanged with who did it. Raises Refused for a step that is not on the way,
    SecondPersonNeeded where two people do it and one alone gave no reason.
    """
    grounds = grounds or Grounds()
    incident = Incident.objects.get(pk=incident_id)
    if incident.version != expected_version:
        raise _already_changed(incident_id)
    ends_at = _recovery_time(to_level, recovery_at, at)
    if not levels.may_move(from_level=incident.level, to_level=to_level):
        raise Refused(_("From here the level cannot be changed to that one."))
    _check_backed(incident, to_level, by, grounds)
    return _change(incident, to_level, ends_at, by, at, grounds, operation_id)


def extend(
    *, incident_id: int, expected_version: int, recovery_at: datetime, by: Doer, at: datetime
) -> Incident:
    """Lets all-hands mode go on until `recovery_at`; the way back to an earlier time is the same.

    Raises AlreadyChanged when somebody was faster, Refused when it is not on.
    """
    incident = Incident.objects.get(pk=incident_id)
    if incident.version != expected_version:
        raise _already_changed(incident_id)
    if incident.level != Level.ALL_HANDS:
        raise Refused(_("All-hands mode is not on. It can be switched on again."))
    ends_at = _recovery_time(Level.ALL_HANDS, recovery_at, at)
    grounds = Grounds(preview={"recovery_at": recovery_at.isoformat()})
    return _change(incident, Level.ALL_HANDS, ends_at, by, at, grounds, "")


def ask_level(
    *,
    incident_id: int,
    to_level: str,
    expected_version: int,
    user_id: int,
    by: Doer,
    at: datetime,
    recovery_at: datetime | None = None,
    left: dict[str, int] | None = None,
    signature: str = "",
) -> LevelRequest:
    """Asks, as the first of two people, for a change that another one confirms.

    It holds for this version of the incident. Raises AlreadyChanged, or Refused when the level
    does not lead there or somebody has asked already.
    """
    incident = Incident.objects.get(pk=incident_id)
    if incident.version != expected_version:
        raise _already_changed(incident_id)
    if not levels.may_move(from_level=incident.level, to_level=to_level):
        raise Refused(_("From here the level cannot be changed to that one."))
    ends_at = _recovery_time(to_level, recovery_at, at)
    try:
        with transaction.atomic():
            stale = LevelRequest.objects.filter(incident=incident, ended_at__isnull=True)
            stale.exclude(version=incident.version).update(ended_at=at, ended_by_name=by.name)
            request = LevelRequest.objects.create(
                incident=incident,
                version=incident.version,
                to_level=to_level,
                recovery_at=ends_at,
                left=left or {},
                signature=signature,
                asked_by_id=user_id,
                asked_at=at,
            )
            detail = {"to": to_level, "version": incident.version}
            record(action="incident.ask_level", by=by, at=at, subject=request, detail=detail)
            return request
    except IntegrityError as error:
        raise Refused(_("This has been asked for already. Another person confirms it.")) from error


def withdraw_request(*, request_id: int, by: Doer, at: datetime) -> bool:
    """Takes back what was asked for; False when it is over already."""
    with transaction.atomic():
        open_one = LevelRequest.objects.filter(pk=request_id, ended_at__isnull=True)
        if not open_one.update(ended_at=at, ended_by_name=by.name):
            return False
        request = LevelRequest.objects.get(pk=request_id)
        record(action="incident.withdraw_request", by=by, at=at, subject=request)
    return True


def _check_backed(incident: Incident, to_level: str, by: Doer, grounds: Grounds) -> None:
    alone = grounds.asked_by_id is None or grounds.asked_by_id == by.id
    needed = incident.needs_second_person and levels.needs_two(to_level)
    if needed and alone and not grounds.alone_because.strip():
        raise SecondPersonNeeded


def _change(
    incident: Incident,
    to_level: str,
    recovery_at: datetime | None,
    by: Doer,
    at: datetime,
    grounds: Grounds,
    operation_id: str,
) -> Incident:
    with transaction.atomic():
        if not _move(incident, to_level, recovery_at, at):
            raise _already_changed(incident.pk)
        _note_change(incident, to_level, by, at, grounds, operation_id)
        _end_request(incident.pk, by, at, is_confirmed=grounds.asked_by_id is not None)
    incident.refresh_from_db()
    return incident


def _move(incident: Incident, to_level: str, recovery_at: datetime | None, at: datetime) -> bool:
    changed = Incident.objects.filter(pk=incident.pk, version=incident.version).update(
        level=to_level,
        version=incident.version + 1,
        level_since=at if to_level != incident.level else incident.level_since,
        recovery_at=recovery_at,
        closed_at=at if to_level == Level.CLOSED else None,
    )
    return changed == 1


def _note_change(
    incident: Incident,
    to_level: str,
    by: Doer,
    at: datetime,
    grounds: Grounds,
    operation_id: str,
) -> None:
    LevelChange.objects.create(
        incident=incident,
        version=incident.version + 1,
        from_level=incident.level,
        to_level=to_level,
        by_name=by.name,
        at=at,
        preview=grounds.preview,
        overrides=list(grounds.overrides),
        asked_by_name=grounds.asked_by_name,
        alone_because=grounds.alone_because.strip()[:300],
        left=grounds.left,
        signature=grounds.signature[:200],
    )
    record(
        action="incident.level" if to_level != incident.level else "incident.extend",
        by=by,
        at=at,
        subject=incident,
        detail=_told(incident, to_level, grounds),
        operation_id=operation_id,
    )


def _told(incident: Incident, to_level: str, grounds: Grounds) -> dict[str, object]:
    """What the record keeps; of the optional grounds only those there are."""
    optional: dict[str, object] = {
        "overrides": list(grounds.overrides),
        "asked_by": grounds.asked_by_id,
        "alone_because": grounds.alone_because.strip()[:300],
        "left": grounds.left,
        "signature": grounds.signature[:200],
    }
    always = {"from": incident.level, "to": to_level, "preview": grounds.preview}
    return always | {name: value for name, value in optional.items() if value}


def _end_request(incident_id: int, by: Doer, at: datetime, *, is_confirmed: bool) -> None:
    """What was asked for held for the version that has just passed."""
    LevelRequest.objects.filter(incident_id=incident_id, ended_at__isnull=True).update(
        ended_at=at, ended_by_name=by.name, is_confirmed=is_confirmed
    )


def _recovery_time(to_level: str, recovery_at: datetime | None, at: datetime) -> datetime | None:
    if to_level != Level.ALL_HANDS:
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
