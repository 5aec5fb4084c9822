"""The steps of the queues: emails held too long go back, and the board's numbers are summed up."""

from datetime import datetime

import structlog
from django.db import DatabaseError

from triage.queues import counters
from triage.queues.actions import return_lapsed
from triage.queues.flow import flow
from triage.queues.models import Counter, ForecastNote, Ticket
from triage.queues.queries import heads

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


def note_forecast(*, at: datetime) -> int:
    """Keeps what the board says, once in each quarter of an hour; says how many notes it made.

    A quarter in which nobody waits proves every forecast before it, a quarter late at most.
    """
    quarter = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
    if ForecastNote.objects.filter(quarter=quarter).exists():
        return 0
    now = flow(at=at)
    said = now.forecast()
    _note, is_new = ForecastNote.objects.get_or_create(
        quarter=quarter,
        defaults={
            "waiting": now.now(Counter.Measure.WAITING),
            "people": now.headcount.everybody,
            "oldest_opened_at": min(
                (opened for _, opened in heads().values() if opened), default=None
            ),
            "clear_at": said.clear_at if said else None,
            "low": said.low if said else None,
            "high": said.high if said else None,
        },
    )
    if not now.now(Counter.Measure.WAITING):
        unproven = ForecastNote.objects.filter(clear_at__isnull=False, cleared_at__isnull=True)
        unproven.filter(quarter__lt=quarter).update(cleared_at=at)
    return int(is_new)
