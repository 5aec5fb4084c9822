"""Which queues a person serves: reads that both the claim and the screens need."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from triage.queues.models import Queue, QueueMembership

NOBODY_NAMED = Q(named__isnull=True, stand_in__isnull=True)


def served_by(user_id: int, *, is_support: bool, is_supervisor: bool = False) -> list[int]:
    """Gives the ids of the queues whose emails this person may be given, in one statement.

    Their memberships, or every open queue when they have none. A lane is served by its members
    alone; one that names nobody also by supervisors, so that what was handed over to it does not
    wait in silence.
    """
    mine = Exists(QueueMembership.objects.filter(queue=OuterRef("pk"), user_id=user_id))
    rows = Queue.objects.order_by("pk").annotate(is_mine=mine, names_nobody=NOBODY_NAMED)
    served = rows.values_list("pk", "kind", "is_mine", "names_nobody")
    return serving(served, is_support=is_support, is_supervisor=is_supervisor)


def serving(
    rows: Iterable[tuple[int, str, bool, bool]], *, is_support: bool, is_supervisor: bool = False
) -> list[int]:
    """Gives the ids served, of rows (queue id, kind, is a member, names nobody)."""
    known = list(rows)
    chosen = any(is_member for _, _, is_member, _ in known)

    def serves(kind: str, *, is_member: bool, names_nobody: bool) -> bool:
        if kind == Queue.Kind.OPEN:
            return is_member or not chosen
        is_theirs = is_member and (is_support or is_supervisor)
        return is_theirs or (is_supervisor and names_nobody)

    return [
        queue_id
        for queue_id, kind, is_member, names_nobody in known
        if serves(kind, is_member=is_member, names_nobody=names_nobody)
    ]
