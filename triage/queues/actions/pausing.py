"""A supervisor pauses one queue, lets it go on, and says how many people belong there."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from triage.accounts.policy import Act, Actor, may
from triage.audit.actions import record
from triage.queues.actions.claims import NotAllowed, Refused
from triage.queues.models import Queue


class TargetBelowMinimum(Refused):
    """Fewer people are wanted than must stay."""

    sentence = _("The wanted number is lower than the least. Please look at both again.")


def pause_queue(*, queue_id: int, by: Actor, at: datetime) -> bool:
    """Gives nobody an email from this queue until it goes on; false when it was paused already.

    What people hold stays with them. Raises NotAllowed.
    """
    going = Queue.objects.filter(pk=queue_id, paused_at__isnull=True)
    return _change(
        going, queue_id, "queue.pause", {"paused_at": at, "paused_by_name": by.name}, by=by, at=at
    )


def resume_queue(*, queue_id: int, by: Actor, at: datetime) -> bool:
    """Lets a paused queue go on; false when it was not paused. Raises NotAllowed."""
    paused = Queue.objects.filter(pk=queue_id, paused_at__isnull=False)
    return _change(
        paused, queue_id, "queue.resume", {"paused_at": None, "paused_by_name": ""}, by=by, at=at
    )


def set_people(
    *, queue_id: int, min_people: int, target_people: int | None, by: Actor, at: datetime
) -> None:
    """Says how many people proposals leave in this queue at least, and how many are wanted.

    Raises NotAllowed, TargetBelowMinimum.
    """
    if target_people is not None and target_people < min_people:
        raise TargetBelowMinimum
    wanted = {"min_people": min_people, "target_people": target_people}
    _change(
        Queue.objects.filter(pk=queue_id),
        queue_id,
        "queue.people",
        wanted,
        by=by,
        at=at,
        told=wanted,
    )


def _change(
    rows: QuerySet[Queue],
    queue_id: int,
    action: str,
    values: Mapping[str, object],
    *,
    by: Actor,
    at: datetime,
    told: Mapping[str, object] | None = None,
) -> bool:
    if not may(by, Act.BOARD_STEER):
        raise NotAllowed
    with transaction.atomic():
        if not rows.update(**values):
            return False
        queue = Queue.objects.get(pk=queue_id)
        record(action=action, by=by, at=at, subject=queue, detail=told)
    return True
