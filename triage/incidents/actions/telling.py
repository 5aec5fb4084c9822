"""What the public is told of an incident."""

from datetime import datetime

from django.db import transaction

from triage.audit.actions import Doer, record
from triage.incidents.models import StatusUpdate


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
