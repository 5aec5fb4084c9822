"""How a helper stands at the moment: at it, on a break, asked to pause, or held back."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from triage.accounts.actions import end_sessions
from triage.accounts.policy import HELPING_STATES, Act, Actor, Trust, may
from triage.audit.actions import new_operation, record
from triage.volunteers.earning import Tally, counted, earned
from triage.volunteers.models import Enlistment, ReviewTally
from triage.volunteers.progress import next_state

State = Enlistment.State
_OVER = {State.ENDED, State.INVITED}


class Refused(Exception):
    """What was asked cannot be done; the message says why, in words for the person."""


class NotAllowed(Refused):
    """The person may not do this."""

    def __str__(self) -> str:
        return _("You cannot do this.")


def begin(*, by: Actor, at: datetime) -> bool:
    """Makes a helper who takes an email active; costs nothing when they are, or are no helper."""
    if by.helping is None or by.helping.state == State.ACTIVE:
        return False
    return _move(
        by.id, {State.READY, State.ON_BREAK}, State.ACTIVE, action="helper.begin", by=by, at=at
    )


def take_break(*, by: Actor, at: datetime) -> bool:
    """Notes that a helper is done for now; False when they were not at it."""
    if by.helping is None:
        return False
    return _move(
        by.id, {State.READY, State.ACTIVE}, State.ON_BREAK, action="helper.break", by=by, at=at
    )


def come_back(*, by: Actor, at: datetime) -> bool:
    """Ends a helper's own break; False when they were on none."""
    if by.helping is None:
        return False
    return _move(by.id, {State.ON_BREAK}, State.READY, action="helper.come_back", by=by, at=at)


def pause(*, user_id: int, by: Actor, at: datetime) -> bool:
    """Gives a helper no new emails until `resume`; what they hold they may finish.

    False when there is nothing to pause. Raises NotAllowed.
    """
    _check(by)
    return _move(user_id, HELPING_STATES, State.PAUSED, action="helper.pause", by=by, at=at)


def suspend(*, user_id: int, by: Actor, at: datetime, operation_id: str = "") -> bool:
    """Keeps a helper from everything until `resume`, and ends their logins.

    What they hold is theirs no longer: `board.holding_back` gives it back in the same moment.
    False when their time is over anyway. Raises NotAllowed.
    """
    _check(by)
    operation_id = operation_id or new_operation()
    before = set(State) - _OVER - {State.SUSPENDED}
    with transaction.atomic():
        moved = _move(
            user_id,
            before,
            State.SUSPENDED,
            action="helper.suspend",
            by=by,
            at=at,
            operation_id=operation_id,
        )
        if moved:
            end_sessions(user_ids=[user_id], by=by, at=at, operation_id=operation_id)
    return moved


def resume(*, user_id: int, by: Actor, at: datetime) -> bool:
    """Lets a paused or held back helper go on, from where they had come; False for others.

    Raises NotAllowed.
    """
    _check(by)
    with transaction.atomic():
        part = _part(user_id)
        if part is None or part.state not in {State.PAUSED, State.SUSPENDED}:
            return False
        part.state = State.READY if part.state == State.PAUSED else next_state(part)
        part.save(update_fields=["state"])
        record(action="helper.resume", by=by, at=at, subject=part)
    return True


def set_trust(*, user_id: int, trust: Trust, by: Actor, at: datetime) -> bool:
    """Changes, on a supervisor's word, how much of a helper's work goes out unread.

    Who is a newcomer again starts counting anew. False when nothing changes. Raises NotAllowed.
    """
    _check(by)
    with transaction.atomic():
        part = _part(user_id)
        if part is None or part.trust == trust:
            return False
        was, part.trust = part.trust, trust.value
        part.save(update_fields=["trust"])
        if trust is Trust.NEWCOMER:
            ReviewTally.objects.filter(user_id=user_id).update(approved=0, approved_in_a_row=0)
        detail = {"from": was, "to": trust.value}
        record(action="helper.trust", by=by, at=at, subject=part, detail=detail)
    return True


def count_review(*, user_id: int, approved: bool, by: Actor, at: datetime) -> Trust:
    """Counts what a colleague found in this person's answer, and gives what they earned by now.

    Three approved in all make a newcomer trusted; ten, none returned lately, an editor.
    """
    with transaction.atomic():
        row, _new = ReviewTally.objects.select_for_update().get_or_create(user_id=user_id)
        tally = counted(
            Tally(approved=row.approved, approved_in_a_row=row.approved_in_a_row), approved=approved
        )
        row.approved, row.approved_in_a_row = tally.approved, tally.approved_in_a_row
        row.save(update_fields=["approved", "approved_in_a_row"])
        part = _part(user_id)
        held = Trust(part.trust) if part else Trust.NEWCOMER
        trust = earned(tally, held=held)
        if part is not None and trust is not held:
            part.trust = trust.value
            part.save(update_fields=["trust"])
        detail = {"approved": approved, "from": held.value, "to": trust.value}
        record(action="review.count", by=by, at=at, subject=part or row, detail=detail)
    return trust


def _check(by: Actor) -> None:
    if not may(by, Act.BOARD_STEER):
        raise NotAllowed


def _part(user_id: int) -> Enlistment | None:
    """The person's part in the open incident, locked."""
    parts = Enlistment.objects.select_for_update(of=("self",))
    return parts.filter(user_id=user_id, incident__closed_at__isnull=True).first()


@transaction.atomic
def _move(
    user_id: int,
    before: Collection[str],
    after: str,
    *,
    action: str,
    by: Actor,
    at: datetime,
    operation_id: str = "",
) -> bool:
    part = _part(user_id)
    if part is None or part.state not in before:
        return False
    part.state = after
    part.save(update_fields=["state"])
    record(action=action, by=by, at=at, subject=part, operation_id=operation_id)
    return True
