"""Which queues a person serves: reads that both the claim and the screens need."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from triage.queues.models import Queue, QueueMembership


def served_by(user_id: int, *, is_support: bool) -> list[int]:
    """Gives the ids of the queues whose emails this person may be given, in one statement.

    Their memberships, or every open queue when they have none. A lane is open to support people
    only; a lane that names nobody is served by those of them who have no memberships, so that
    what was handed over to it does not wait in silence.
    """
    members = QueueMembership.objects.filter(queue=OuterRef("pk"))
    rows = Queue.objects.order_by("pk").values_list(
        "pk", "kind", Exists(members.filter(user_id=user_id)), Exists(members)
    )
    return serving(rows, is_support=is_support)


def serving(rows: Iterable[tuple[int, str, bool, bool]], *, is_support: bool) -> list[int]:
    """Gives the ids served, of rows (queue id, kind, is a member, has any member)."""
    allowed = [row for row in rows if is_support or row[1] == Queue.Kind.OPEN]
    chosen = any(is_member for _, _, is_member, _ in rows)
    if chosen:
        return [queue_id for queue_id, _, is_member, _ in allowed if is_member]
    return [
        queue_id
        for queue_id, kind, _, has_members in allowed
        if kind == Queue.Kind.OPEN or not has_members
    ]
