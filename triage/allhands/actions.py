"""Switching all-hands mode on and standing down: many small changes as one."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from triage.accounts.actions import end_sessions, withdraw_role
from triage.accounts.models import RoleGrant
from triage.allhands.leaving import who_stop_answering, with_no_other_role
from triage.allhands.preview import preview
from triage.audit.actions import Doer, new_operation, record
from triage.incidents.actions import AlreadyChanged, change_level
from triage.incidents.models import Incident
from triage.queues.actions import return_all_of
from triage.volunteers.actions import end_all, enlist
from triage.volunteers.queries import roster

Level = Incident.Level


@dataclass(frozen=True, kw_only=True)
class StoodDown:
    """What standing down did; every event of it carries `operation_id`."""

    operation_id: str
    people: int
    emails_returned: int
    logins_ended: int


def switch_on(
    *,
    incident_id: int,
    expected_version: int,
    by: Doer,
    at: datetime,
    recovery_at: datetime | None = None,
) -> Incident:
    """Opens the queues to helpers until `recovery_at` (tomorrow, when None).

    Volunteers of the standing list join with it. Of many who press at once one wins; the others
    get AlreadyChanged. Raises Refused when the level does not lead there.
    """
    operation_id = new_operation()
    with transaction.atomic():
        incident = Incident.objects.get(pk=incident_id)
        changed = change_level(
            incident_id=incident_id,
            to_level=Level.ALL_HANDS,
            expected_version=expected_version,
            recovery_at=recovery_at,
            preview=preview(incident=incident, to_level=Level.ALL_HANDS).as_counts(),
            by=by,
            at=at,
            operation_id=operation_id,
        )
        for person in roster(incident_id=incident_id):
            enlist(
                user_id=person.pk, incident_id=incident_id, by=by, at=at, operation_id=operation_id
            )
    return changed


def stand_down(
    *,
    incident_id: int,
    expected_version: int,
    by: Doer,
    at: datetime,
    to_level: str = Level.RECOVERY,
) -> StoodDown:
    """Ends everybody's helping time at once: rights, links, logins; emails go back, drafts kept.

    The incident goes to `to_level`, recovery or closed. The support team works on. Raises
    AlreadyChanged when somebody else changed the level first, Refused when it does not lead there.
    """
    operation_id = new_operation()
    with transaction.atomic():
        incident = _move(incident_id, to_level, expected_version, by, at, operation_id)
        left = end_all(incident=incident, by=by, at=at, operation_id=operation_id).user_ids
        withdraw_role(
            user_ids=left,
            role=RoleGrant.Role.VOLUNTEER,
            by=by,
            at=at,
            operation_id=operation_id,
        )
        returned = return_all_of(
            user_ids=who_stop_answering(left), by=by, at=at, operation_id=operation_id
        )
        ended = end_sessions(
            user_ids=with_no_other_role(left), by=by, at=at, operation_id=operation_id
        )
    return StoodDown(
        operation_id=operation_id, people=len(left), emails_returned=returned, logins_ended=ended
    )


def _move(
    incident_id: int,
    to_level: str,
    expected_version: int,
    by: Doer,
    at: datetime,
    operation_id: str,
) -> Incident:
    incident = Incident.objects.select_for_update().get(pk=incident_id)
    if incident.level == to_level:
        return _stay(incident, expected_version, by, at, operation_id)
    return change_level(
        incident_id=incident_id,
        to_level=to_level,
        expected_version=expected_version,
        preview=preview(incident=incident, to_level=to_level).as_counts(),
        by=by,
        at=at,
        operation_id=operation_id,
    )


def _stay(
    incident: Incident, expected_version: int, by: Doer, at: datetime, operation_id: str
) -> Incident:
    """Keeps the level, for when the clock moved it to recovery before anybody stood down."""
    if incident.version != expected_version:
        raise AlreadyChanged(_("Somebody was a moment faster: this has been done already."))
    incident.version += 1
    incident.save(update_fields=["version"])
    record(action="incident.stand_down", by=by, at=at, subject=incident, operation_id=operation_id)
    return incident
