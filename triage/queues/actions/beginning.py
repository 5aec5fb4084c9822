"""Where a newcomer begins: the queues chosen for them before they came."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from triage.accounts.models import User
from triage.audit.actions import Doer, record
from triage.queues.models import Queue, QueueMembership


def begin_in(
    *, user_id: int, queue_ids: Collection[int], by: Doer, at: datetime, operation_id: str = ""
) -> tuple[int, ...]:
    """Gives the ids of the queues this newcomer now serves: those of the choice that are open.

    Lanes are never given this way, and whoever serves queues already keeps those: a supervisor's
    word counts more than a link's.
    """
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=user_id)
        if QueueMembership.objects.filter(user_id=user_id).exists():
            return ()
        found = Queue.objects.filter(pk__in=queue_ids, kind=Queue.Kind.OPEN).order_by("pk")
        chosen = tuple(found.values_list("pk", flat=True))
        if chosen:
            QueueMembership.objects.bulk_create(
                QueueMembership(user_id=user_id, queue_id=queue_id) for queue_id in chosen
            )
            record(
                action="queues.begin",
                by=by,
                at=at,
                subject=person,
                detail={"after": list(chosen)},
                operation_id=operation_id,
            )
    return chosen
