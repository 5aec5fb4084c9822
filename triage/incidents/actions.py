"""Opening an incident, changing its level, writing what helpers and the public read."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.text import slugify
from django.utils.translation import gettext as _

from triage.audit.actions import Doer, record
from triage.incidents import levels
from triage.incidents.models import Briefing, Incident, LevelChange, StatusUpdate

LONGEST_NAME = 120


class Refused(Exception):
    """What was asked cannot be done; the message says why, in words for the person."""


class AlreadyChanged(Refused):
    """Somebody else changed the level first; nothing was done."""


def open_incident(*, name: str, by: Doer, at: datetime) -> Incident:
    """Opens an incident at level watch; raises Refused without a name or beside an open one."""
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise Refused(
            _("Give the incident a name of up to %(count)d characters.") % {"count": LONGEST_NAME}
        )
    try:
        with transaction.atomic():
            incident = Incident.objects.create(
                name=name, slug=_free_slug(name), opened_at=at, level_since=at
            )
            record(action="incident.open", by=by, at=at, subject=incident)
            return incident
    except IntegrityError as error:
        raise Refused(_("An incident is open already. Close it first.")) from error


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


def write_briefing(
    *,
    incident_id: int,
    happened: str,
    known: str,
    unknown: str,
    never_say: str,
    to_do: str,
    user_id: int,
    by: Doer,
    at: datetime,
) -> Briefing:
    """Adds a version of the page that every helper reads first; raises Refused on a race."""
    last = Briefing.objects.filter(incident_id=incident_id).order_by("-version").first()
    try:
        with transaction.atomic():
            briefing = Briefing.objects.create(
                incident_id=incident_id,
                version=last.version + 1 if last else 1,
                happened=happened,
                known=known,
                unknown=unknown,
                never_say=never_say,
                to_do=to_do,
                by_id=user_id,
                at=at,
            )
            must_read(incident_id=incident_id, note=_("The briefing has changed."))
            record(action="briefing.write", by=by, at=at, subject=briefing)
            return briefing
    except IntegrityError as error:
        raise Refused(
            _("Somebody saved the briefing a moment before you. Please look at theirs first.")
        ) from error


def must_read(*, incident_id: int, note: str) -> None:
    """Asks every helper to read `note`, one line, before their next email.

    Call it inside the transaction, and under the event, of the change it tells of.
    """
    Incident.objects.filter(pk=incident_id).update(
        reading_version=F("reading_version") + 1, reading_note=note[:300]
    )


def post_update(
    *, incident_id: int, text: str, user_id: int, by: Doer, at: datetime
) -> StatusUpdate:
    """Puts one dated entry on the incident's public page."""
    with transaction.atomic():
        update = StatusUpdate.objects.create(
            incident_id=incident_id, text=text, by_id=user_id, at=at
        )
        record(action="update.post", by=by, at=at, subject=update)
    return update


def _free_slug(name: str) -> str:
    stem = slugify(name)[:50] or "incident"
    taken = set(Incident.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    free = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(slug for slug in free if slug not in taken)
