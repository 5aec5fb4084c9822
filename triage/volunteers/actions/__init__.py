"""Everything that changes a helper's time: joining, reading, and the end of it."""

from triage.volunteers.actions.inviting import ask_to_join, decide_request, invite
from triage.volunteers.actions.joining import (
    Left,
    confirm,
    end_all,
    enlist,
    join,
    make_link,
    withdraw_link,
)
from triage.volunteers.actions.printing import make_sheet, secret_of, use_code, withdraw_sheet
from triage.volunteers.actions.reading import acknowledge_briefing, open_briefing

__all__ = [
    "Left",
    "acknowledge_briefing",
    "ask_to_join",
    "confirm",
    "decide_request",
    "end_all",
    "enlist",
    "invite",
    "join",
    "make_link",
    "make_sheet",
    "open_briefing",
    "secret_of",
    "use_code",
    "withdraw_link",
    "withdraw_sheet",
]
