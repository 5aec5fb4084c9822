"""What a supervisor does from the board that spans the slices: holding all mail, and letting go."""

from datetime import datetime

from django.db import transaction

from inbox.outbox import pause_all, resume_all
from triage.accounts.policy import Act, Actor, may
from triage.audit.actions import record
from triage.queues.actions import NotAllowed


def pause_sending(*, by: Actor, at: datetime) -> bool:
    """Holds every answer that has not left; mail to our own staff still goes.

    False when sending was paused already. Raises NotAllowed.
    """
    _check(by)
    with transaction.atomic():
        if not pause_all(by_name=by.name, at=at):
            return False
        record(action="sending.pause", by=by, at=at)
    return True


def resume_sending(*, by: Actor, at: datetime) -> bool:
    """Lets the held answers leave; false when nothing was paused. Raises NotAllowed."""
    _check(by)
    with transaction.atomic():
        if not resume_all(by_name=by.name, at=at):
            return False
        record(action="sending.resume", by=by, at=at)
    return True


def _check(by: Actor) -> None:
    if not may(by, Act.SENDING_PAUSE):
        raise NotAllowed
