"""Who is told of an incident: the public page, and everybody else, written down with the time."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from triage.audit.actions import Doer, record
from triage.incidents.actions.opening import Refused
from triage.incidents.models import StatusUpdate, Told


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


def note_told(
    *,
    incident_id: int,
    audience: str,
    told_at: datetime,
    told_by: str,
    user_id: int,
    by: Doer,
    at: datetime,
    how: str = "",
    note: str = "",
    is_elsewhere: bool = True,
    operation_id: str = "",
) -> Told:
    """Writes down that an audience was told; raises Refused for a time that is yet to come."""
    if told_at > at:
        raise Refused(_("This can only be written down once it has been done."))
    with transaction.atomic():
        told = Told.objects.create(
            incident_id=incident_id,
            audience=audience,
            told_at=told_at,
            told_by=told_by,
            is_elsewhere=is_elsewhere,
            how=how,
            note=note,
            by_id=user_id,
            at=at,
        )
        detail = {"audience": audience, "told_at": told_at.isoformat()}
        record(
            action="incident.told",
            by=by,
            at=at,
            subject=told,
            detail=detail,
            operation_id=operation_id,
        )
    return told


def take_back_told(*, told_id: int, by: Doer, at: datetime) -> bool:
    """Marks an entry as written down by mistake; it stays readable. False when it was before."""
    with transaction.atomic():
        standing = Told.objects.filter(pk=told_id, taken_back_at__isnull=True)
        if not standing.update(taken_back_at=at, taken_back_by_name=by.name):
            return False
        record(action="incident.take_back_told", by=by, at=at, subject=Told.objects.get(pk=told_id))
    return True
