"""Telling our own people before anyone else: the letter, and the tick that goes with it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from triage.accounts.policy import Actor
from triage.audit.actions import new_operation
from triage.incidents.actions import note_told
from triage.incidents.models import Told
from triage.notices.actions import write_to_staff
from triage.notices.models import Notice


def tell_staff(
    *,
    incident_id: int,
    subject: str,
    text: str,
    sent_key: str,
    addresses: Collection[str],
    by: Actor,
    at: datetime,
) -> Notice | None:
    """Writes to all our own people and ticks that they were told; None when it was sent before."""
    operation_id = new_operation()
    with transaction.atomic():
        notice = write_to_staff(
            incident_id=incident_id,
            subject=subject,
            text=text,
            addresses=addresses,
            sent_key=sent_key,
            user_id=by.id,
            by=by,
            at=at,
            operation_id=operation_id,
        )
        if notice is None:
            return None
        note_told(
            incident_id=incident_id,
            audience=Told.Audience.STAFF,
            told_at=at,
            told_by=by.name,
            is_elsewhere=False,
            how=_("by a letter from Muster"),
            user_id=by.id,
            by=by,
            at=at,
            operation_id=operation_id,
        )
    return notice
