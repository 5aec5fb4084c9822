"""How an incident may move from level to level: pure rules."""

from datetime import datetime, timedelta

from triage.incidents.models import Incident

Level = Incident.Level

# A false alarm can be taken back; only closing is for good.
_MOVES: dict[str, frozenset[str]] = {
    Level.WATCH: frozenset({Level.ELEVATED, Level.ALL_HANDS, Level.CLOSED}),
    Level.ELEVATED: frozenset({Level.WATCH, Level.ALL_HANDS, Level.CLOSED}),
    Level.ALL_HANDS: frozenset({Level.RECOVERY, Level.CLOSED}),
    Level.RECOVERY: frozenset({Level.WATCH, Level.ELEVATED, Level.ALL_HANDS, Level.CLOSED}),
    Level.CLOSED: frozenset(),
}
# What opens customer mail to many, and what ends the promise: both may be set to need two people.
# Standing down never does: who shuts the doors must not wait for anybody.
_FOR_TWO = frozenset({Level.ALL_HANDS, Level.CLOSED})
LONGEST_ALL_HANDS = timedelta(days=14)


def may_move(*, from_level: str, to_level: str) -> bool:
    """Tells whether an incident may go from one level straight to the other."""
    return to_level in moves_from(from_level)


def moves_from(level: str) -> frozenset[str]:
    """Gives the levels that an incident may go to from this one."""
    return _MOVES.get(level, frozenset())


def needs_two(to_level: str) -> bool:
    """Tells whether a change to this level takes two people where it is so set."""
    return to_level in _FOR_TWO


def is_fit_for_recovery(*, recovery_at: datetime, at: datetime) -> bool:
    """Tells whether all-hands mode may end by itself then: later than now, within two weeks."""
    return at < recovery_at <= at + LONGEST_ALL_HANDS


def recovery_on(*, at: datetime) -> datetime:
    """Gives when all-hands mode ends by itself if nobody says otherwise: in a day, full hour."""
    return (at + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
