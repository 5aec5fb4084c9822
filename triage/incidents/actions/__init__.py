"""Everything that changes an incident: its level, what we know of it, and who was told."""

from triage.incidents.actions.knowing import (
    ask_fact,
    change_fact,
    confirm_fact,
    must_read,
    write_briefing,
)
from triage.incidents.actions.moving import (
    AlreadyChanged,
    Grounds,
    SecondPersonNeeded,
    ask_level,
    change_level,
    extend,
    withdraw_request,
)
from triage.incidents.actions.opening import (
    Refused,
    bind_mailbox,
    open_incident,
    require_second_person,
    set_known_since,
    unbind_mailbox,
)
from triage.incidents.actions.telling import note_told, post_update, take_back_told

__all__ = [
    "AlreadyChanged",
    "Grounds",
    "Refused",
    "SecondPersonNeeded",
    "ask_fact",
    "ask_level",
    "bind_mailbox",
    "change_fact",
    "change_level",
    "confirm_fact",
    "extend",
    "must_read",
    "note_told",
    "open_incident",
    "post_update",
    "require_second_person",
    "set_known_since",
    "take_back_told",
    "unbind_mailbox",
    "withdraw_request",
    "write_briefing",
]
