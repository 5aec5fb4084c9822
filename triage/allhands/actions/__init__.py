"""What the admin's page does: switching on, standing down, closing, telling our own people."""

from triage.allhands.actions.switching import (
    Backing,
    SomethingLeft,
    StoodDown,
    ask_to_close,
    confirm_request,
    stand_down,
    step_to,
    switch_on,
)
from triage.allhands.actions.telling import tell_staff

__all__ = [
    "Backing",
    "SomethingLeft",
    "StoodDown",
    "ask_to_close",
    "confirm_request",
    "stand_down",
    "step_to",
    "switch_on",
    "tell_staff",
]
