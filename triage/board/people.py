"""Everyone who helps now, on one screen: what they serve, what they hold, and since when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields import CharField, IntegerField
from django.db.models.functions import Coalesce, NullIf
from django.db.models.query_utils import FilteredRelation

from triage.accounts.models import RoleGrant, User
from triage.accounts.policy import Trust
from triage.queues.models import Queue, QueueMembership
from triage.volunteers.models import Enlistment

PAGE = 50
State = Enlistment.State
# Who is shown: at it or held up; who is still on the way here is the roster's matter.
SHOWN = (State.READY, State.ACTIVE, State.ON_BREAK, State.PAUSED, State.SUSPENDED)


@dataclass(frozen=True, kw_only=True)
class Helper:
    """One person on the page; `state` is empty for the support team, which is always here."""

    user_id: int
    name: str
    is_support: bool
    state: str
    trust: Trust
    languages: tuple[str, ...]
    queues: tuple[str, ...]
    enlistment_id: int | None
    ticket_id: int | None
    held_since: datetime | None
    held_until: datetime | None


@dataclass(frozen=True, kw_only=True)
class PeoplePage:
    """Up to 50 people by name; `after` asks for the next, None on the last page."""

    people: tuple[Helper, ...]
    after: str | None


def page(*, name: str = "", state: str = "", least_trust: int = 0, after: str = "") -> PeoplePage:
    """Gives one page of those who help, in two statements.

    `name` finds a part of a name; `state` one state; `after` is the mark of the page before.
    """
    rows = _helping()
    if name:
        rows = rows.filter(Q(name__icontains=name) | Q(email__istartswith=name))
    if state:
        rows = rows.filter(part_state=state)
    if least_trust:
        rows = rows.filter(Q(is_support=True) | Q(part_trust__gte=least_trust))
    last_id, _, last_name = after.partition(":")
    if last_id.isdecimal():
        rows = rows.filter(Q(shown__gt=last_name) | Q(shown=last_name, pk__gt=int(last_id)))
    found = list(rows.order_by("shown", "pk")[: PAGE + 1])
    queues = _queues_of([user.pk for user in found])
    shown = tuple(_helper(user, queues.get(user.pk, ())) for user in found[:PAGE])
    more = len(found) > PAGE
    return PeoplePage(people=shown, after=f"{shown[-1].user_id}:{shown[-1].name}" if more else None)


def _helping() -> QuerySet[Any]:
    support = RoleGrant.objects.filter(user=OuterRef("pk"), role=RoleGrant.Role.SUPPORT)
    part = FilteredRelation("enlistments", condition=Q(enlistments__ended_at=None))
    part_state = Case(
        When(part__state__in=SHOWN, then=F("part__state")), default=None, output_field=CharField()
    )
    return (
        User.objects.filter(is_active=True)
        .annotate(
            part=part,
            is_support=Exists(support),
            part_state=part_state,
            part_trust=Coalesce(F("part__trust"), 0, output_field=IntegerField()),
            part_id=F("part__pk"),
            part_languages=F("part__languages"),
            shown=Coalesce(NullIf(F("name"), Value("")), "email", output_field=CharField()),
            ticket_id=F("held_tickets__pk"),
            since=F("held_tickets__held_since"),
            until=F("held_tickets__held_until"),
        )
        .filter(Q(is_support=True) | Q(part_state__isnull=False))
    )


def _queues_of(user_ids: list[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    rows = QueueMembership.objects.filter(user_id__in=user_ids).order_by("queue__position")
    for user_id, name in rows.values_list("user_id", "queue__name"):
        found[user_id] = (*found.get(user_id, ()), name)
    return found


def _helper(user: User, queues: tuple[str, ...]) -> Helper:
    row = user.__dict__
    return Helper(
        user_id=user.pk,
        name=row["shown"],
        is_support=row["is_support"],
        state=row["part_state"] or "",
        trust=Trust.REVIEWER if row["is_support"] else Trust(row["part_trust"]),
        languages=tuple(row["part_languages"] or ()),
        queues=queues,
        enlistment_id=row["part_id"],
        ticket_id=row["ticket_id"],
        held_since=row["since"],
        held_until=row["until"],
    )


def open_queues() -> list[Queue]:
    """Gives the queues that anybody can be moved to."""
    return list(Queue.objects.filter(kind=Queue.Kind.OPEN))
