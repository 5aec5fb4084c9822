"""Everything that changes a helper's time: joining, reading, and the end of it."""

from triage.volunteers.actions.joining import (
    Left,
    confirm,
    end_all,
    enlist,
    join,
    make_link,
    withdraw_link,
)
from triage.volunteers.actions.reading import acknowledge_briefing

__all__ = [
    "Left",
    "acknowledge_briefing",
    "confirm",
    "end_all",
    "enlist",
    "join",
    "make_link",
    "withdraw_link",
]
