"""How people keep their strength: what a break is, and when to suggest one. Pure rules."""

from datetime import datetime, timedelta

BREAK = timedelta(minutes=10)  # without taking or putting down an email: they paused
NUDGE_AFTER = timedelta(minutes=45)
FURIOUS_IN_ROW = 2  # no more than these, unless somebody asked for more


def is_due_a_pause(working_since: datetime, *, at: datetime) -> bool:
    """Tells whether to suggest a pause: 45 minutes at it without a break."""
    return at - working_since >= NUDGE_AFTER


def has_paused(active_at: datetime, *, at: datetime) -> bool:
    """Tells whether somebody who was active then has had a break until `at`."""
    return at - active_at >= BREAK
