"""A supervisor moves people between queues, and back."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from triage.accounts.models import RoleGrant, User
from triage.accounts.policy import Act, Actor, may
from triage.audit.actions import new_operation, record
from triage.audit.models import AuditEvent
from triage.queues.actions.claims import NotAllowed, Refused
from triage.queues.flow import movable_ids
from triage.queues.models import Queue, QueueMembership
from triage.queues.rebalancing import Change, Move, changes

_SERVE = "queues.serve"


class LaneIsClosed(Refused):
    """A helper was to serve a lane."""

    sentence = _("Only people of the support team can serve this queue.")


class NobodyToMove(Refused):
    """Everybody there serves other queues too, or has just been moved."""

    sentence = _("Nobody is there to be moved any more. Please look at the board again.")


@dataclass(frozen=True)
class Moved:
    """A move that was made: with which id it is undone, and how many people it was."""

    operation_id: str
    people: int


class NothingToUndo(Refused):
    """No such move, or everything was changed again since."""

    sentence = _("There is nothing left to undo.")


def set_queues(
    *, user_id: int, queue_ids: Collection[int], by: Actor, at: datetime
) -> tuple[int, ...]:
    """Gives the ids of the queues the person served before; none means every open queue.

    Setting those again undoes it. Raises NotAllowed, LaneIsClosed.
    """
    with transaction.atomic():
        done = _apply([Move(user_id, tuple(queue_ids))], by=by, at=at, operation_id="")
        if done:
            return done[0].before
        return tuple(_serving([user_id]).get(user_id, ()))


def rebalance(*, moves: Sequence[Move], by: Actor, at: datetime) -> str:
    """Gives the operation id of a move of several people at once, with which it can be undone.

    All of it happens or nothing. Raises NotAllowed, LaneIsClosed.
    """
    operation_id = new_operation()
    with transaction.atomic():
        _apply(moves, by=by, at=at, operation_id=operation_id)
    return operation_id


def move_people(
    *, from_queue_id: int, to_queue_id: int, people: int, by: Actor, at: datetime
) -> Moved:
    """Moves so many of those who serve one queue alone to another; gives who and for the undo.

    Who holds no email goes first, helpers before the support team; fewer move when fewer are
    there. Raises NotAllowed, LaneIsClosed, NobodyToMove.
    """
    if not may(by, Act.BOARD_STEER):
        raise NotAllowed
    with transaction.atomic():
        user_ids = movable_ids(queue_id=from_queue_id, at=at)[: max(0, people)]
        if not user_ids or from_queue_id == to_queue_id:
            raise NobodyToMove
        moves = [Move(user_id, (to_queue_id,)) for user_id in user_ids]
        return Moved(rebalance(moves=moves, by=by, at=at), len(user_ids))


def undo_rebalance(*, operation_id: str, by: Actor, at: datetime) -> int:
    """Gives how many people are back where they were; who was moved again since stays there.

    Raises NotAllowed, NothingToUndo.
    """
    with transaction.atomic():
        made = [
            Change(
                int(event.subject_id), tuple(event.detail["before"]), tuple(event.detail["after"])
            )
            for event in AuditEvent.objects.filter(operation_id=operation_id, action=_SERVE)
        ]
        serving = _serving([change.user_id for change in made])
        back = [
            change.undone
            for change in made
            if tuple(sorted(serving.get(change.user_id, ()))) == change.after
        ]
        if not operation_id or not back:
            raise NothingToUndo
        return len(_apply(back, by=by, at=at, operation_id=new_operation()))


def _apply(
    moves: Sequence[Move], *, by: Actor, at: datetime, operation_id: str
) -> tuple[Change, ...]:
    if not may(by, Act.BOARD_STEER):
        raise NotAllowed
    user_ids = [move.user_id for move in moves]
    people = {user.pk: user for user in User.objects.select_for_update().filter(pk__in=user_ids)}
    known = [move for move in moves if move.user_id in people]
    made = changes(known, _serving(user_ids))
    _check_lanes(made)
    for change in made:
        QueueMembership.objects.filter(user_id=change.user_id).delete()
        QueueMembership.objects.bulk_create(
            QueueMembership(user_id=change.user_id, queue_id=queue_id) for queue_id in change.after
        )
        record(
            action=_SERVE,
            by=by,
            at=at,
            subject=people[change.user_id],
            detail={"before": list(change.before), "after": list(change.after)},
            operation_id=operation_id,
        )
    return made


def _serving(user_ids: Collection[int]) -> dict[int, list[int]]:
    serving: dict[int, list[int]] = defaultdict(list)
    rows = QueueMembership.objects.filter(user_id__in=user_ids).order_by("queue_id")
    for user_id, queue_id in rows.values_list("user_id", "queue_id"):
        serving[user_id].append(queue_id)
    return serving


def _check_lanes(made: Sequence[Change]) -> None:
    wanted = {queue_id for change in made for queue_id in change.after}
    lanes = set(
        Queue.objects.filter(pk__in=wanted, kind=Queue.Kind.LANE).values_list("pk", flat=True)
    )
    if not lanes:
        return
    to_lanes = [change.user_id for change in made if not lanes.isdisjoint(change.after)]
    support = RoleGrant.objects.filter(user_id__in=to_lanes, role=RoleGrant.Role.SUPPORT)
    if len(set(support.values_list("user_id", flat=True))) < len(to_lanes):
        raise LaneIsClosed
