"""How long one email stays with one person: pure arithmetic on times."""

from datetime import datetime, timedelta

STEP = timedelta(minutes=20)
CAP = timedelta(minutes=60)


def longest_until(held_since: datetime) -> datetime:
    """Gives the moment after which no activity keeps the email any longer."""
    return held_since + CAP


def renewed_until(held_since: datetime, *, at: datetime) -> datetime:
    """Gives until when the email is theirs after activity at `at`: 20 minutes, 60 in all."""
    return min(at + STEP, longest_until(held_since))


def first_until(at: datetime) -> datetime:
    """Gives until when an email taken at `at` is theirs."""
    return renewed_until(at, at=at)


def has_lapsed(held_until: datetime, *, at: datetime) -> bool:
    """Tells whether the time has run out; the last second still counts."""
    return held_until < at
