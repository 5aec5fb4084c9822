"""How far somebody is on the way from the briefing to the first email."""

from datetime import datetime
from typing import Protocol

from triage.volunteers.models import Enlistment

State = Enlistment.State


class OnTheWay(Protocol):
    """As much of an enlistment as says what comes next."""

    @property
    def promised_at(self) -> datetime | None: ...

    @property
    def practised_at(self) -> datetime | None: ...


def next_state(part: OnTheWay) -> Enlistment.State:
    """Gives what comes next for who has read the briefing: the promise, practice, or helping."""
    if part.promised_at is None:
        return State.BRIEFING
    return State.READY if part.practised_at else State.PRACTISING
