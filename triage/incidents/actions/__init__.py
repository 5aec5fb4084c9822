"""Everything that changes an incident: its level, what we know of it, and who was told."""

from triage.incidents.actions.knowing import (
    ask_fact,
    change_fact,
    confirm_fact,
    must_read,
    write_briefing,
)
from triage.incidents.actions.moving import AlreadyChanged, change_level
from triage.incidents.actions.opening import Refused, open_incident
from triage.incidents.actions.telling import post_update

__all__ = [
    "AlreadyChanged",
    "Refused",
    "ask_fact",
    "change_fact",
    "change_level",
    "confirm_fact",
    "must_read",
    "open_incident",
    "post_update",
    "write_briefing",
]
