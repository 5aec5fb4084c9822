"""The steps of the queues: emails held too long go back, and the board's numbers are summed up."""

from datetime import datetime

import structlog
from django.db import DatabaseError

from triage.queues import counters
from triage.queues.actions import return_lapsed
from triage.queues.models import Ticket

log = structlog.get_logger("muster.queues")

LAPSE_BATCH = 200
FOLD_BATCH = 900


def lapse(*, at: datetime) -> int:
    """Gives back every email whose time has run out, draft and place kept; says how many.

    Each in a transaction of its own: one that fails delays only itself.
    """
    over = Ticket.objects.filter(holder__isnull=False, held_until__lt=at)
    returned = 0
    for ticket_id in over.order_by("held_until", "id").values_list("pk", flat=True)[:LAPSE_BATCH]:
        try:
            returned += return_lapsed(ticket_id=ticket_id, at=at)
        except DatabaseError as error:
            log.warning("email not given back", ticket=ticket_id, error=type(error).__name__)
    return returned


def fold(*, at: datetime) -> int:
    """Sums up a batch of changed numbers; says how many changes it was."""
    return counters.fold(limit=FOLD_BATCH)
