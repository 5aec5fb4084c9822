"""What the page of somebody who helps asks about their own day."""

from datetime import datetime

from triage.queues.models import Pace, Ticket
from triage.queues.pace import has_paused


def working_since(*, user_id: int, at: datetime) -> datetime | None:
    """Gives since when this person is at it without a break; None while they pause.

    `pace.is_due_a_pause` says when to suggest one. Two statements.
    """
    pace = Pace.objects.filter(pk=user_id).first()
    if pace is None:
        return None
    holds = Ticket.objects.filter(holder_id=user_id).exists()
    if not holds and has_paused(pace.active_at, at=at):
        return None
    return pace.working_since
