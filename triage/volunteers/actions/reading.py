"""Reading the briefing: what everybody does before the first email, and after each change."""

from datetime import datetime

from django.db import transaction

from triage.accounts.policy import HELPING_STATES
from triage.audit.actions import Doer, record
from triage.incidents.models import Incident
from triage.incidents.queries import latest_briefing
from triage.volunteers.models import BriefingReceipt, Enlistment

State = Enlistment.State
# Who may acknowledge the briefing: on the way to helping, or helping already.
_READING = [State.CONFIRMED, State.BRIEFING, State.PRACTISING, *HELPING_STATES]


def open_briefing(*, user_id: int, incident_id: int, by: Doer, at: datetime) -> bool:
    """Notes that somebody whose address is proven has the briefing before them; once is enough."""
    with transaction.atomic():
        part = Enlistment.objects.filter(
            user_id=user_id, incident_id=incident_id, state=State.CONFIRMED
        )
        if not part.update(state=State.BRIEFING):
            return False
        opened = Enlistment.objects.get(user_id=user_id, incident_id=incident_id)
        record(action="briefing.open", by=by, at=at, subject=opened)
    return True


def acknowledge_briefing(*, user_id: int, incident_id: int, by: Doer, at: datetime) -> Enlistment:
    """Notes that the person read the newest briefing and is ready to help.

    Raises Enlistment.DoesNotExist when they have no helping time in this incident.
    """
    with transaction.atomic():
        part = Enlistment.objects.select_for_update().get(
            user_id=user_id, incident_id=incident_id, state__in=_READING
        )
        briefing = latest_briefing(incident_id)
        if briefing:
            BriefingReceipt.objects.get_or_create(
                enlistment=part, briefing=briefing, defaults={"at": at}
            )
        part.state = part.state if part.state in HELPING_STATES else State.READY
        part.read_version = Incident.objects.get(pk=incident_id).reading_version
        part.save(update_fields=["state", "read_version"])
        detail = {"briefing": briefing.version if briefing else 0}
        record(action="briefing.acknowledge", by=by, at=at, subject=part, detail=detail)
    return part
