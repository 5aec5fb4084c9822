"""What the board and the desk read of the queues: few statements, never counting the tickets."""

from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from triage.accounts.models import RoleGrant, User
from triage.accounts.policy import HELPING_STATES
from triage.queues import counters
from triage.queues.models import (
    Counter,
    PassedOn,
    Question,
    Queue,
    QueueMembership,
    Ticket,
)
from triage.queues.serving import NOBODY_NAMED, serving
from triage.volunteers.models import Enlistment

Measure = Counter.Measure
_NOBODY: tuple[datetime | None, datetime | None] = (None, None)
_HELPING_LEVELS = ("all-hands", "recovery")


@dataclass(frozen=True, kw_only=True)
class QueueLine:
    """One queue on the board; the numbers of the last hour are of sixty minutes, not of the clock.

    `came_in_hour` counts conversations that came to need an answer, `went_out_hour` those answered
    or needing no reply. `people` serve it now.
    """

    id: int
    key: str
    name: str
    is_lane: bool
    waiting: int
    held: int
    oldest_promise_at: datetime | None
    oldest_opened_at: datetime | None
    came_in_hour: int
    went_out_hour: int
    people: int


@dataclass(frozen=True, kw_only=True)
class Board:
    """All queues, and their sums."""

    at: datetime
    queues: tuple[QueueLine, ...]
    people: int
    waiting: int
    held: int
    came_in_hour: int
    went_out_hour: int
    oldest_promise_at: datetime | None
    oldest_opened_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone who may answer now: support or helper, what they serve and what they hold.

    `queue_ids` are the queues chosen for them (none: every open queue), `serves` those that
    follows from it.
    """

    user_id: int
    name: str
    is_support: bool
    queue_ids: tuple[int, ...]
    serves: tuple[int, ...]
    ticket_id: int | None = None
    held_since: datetime | None = None
    held_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ShownQuestion:
    """A helper's question and, once there, its answer."""

    id: int
    ticket_id: int
    asked_by: str
    asked_at: datetime
    text: str
    answer: str
    answered_by: str
    answered_at: datetime | None


def board(*, at: datetime) -> Board:
    """Gives the board at `at`; its numbers come from the counters, in six statements in all."""
    sums = counters.read(at=at)
    here = people(at=at)
    first = heads()
    serving_now = Tally(queue_id for person in here for queue_id in person.serves)
    lines = tuple(
        QueueLine(
            id=queue.pk,
            key=queue.key,
            name=queue.name,
            is_lane=queue.kind == Queue.Kind.LANE,
            waiting=sums[queue.pk, Measure.WAITING],
            held=sums[queue.pk, Measure.HELD],
            oldest_promise_at=first.get(queue.pk, _NOBODY)[0],
            oldest_opened_at=first.get(queue.pk, _NOBODY)[1],
            came_in_hour=sums[queue.pk, Measure.CAME_IN],
            went_out_hour=sums[queue.pk, Measure.WENT_OUT],
            people=serving_now[queue.pk],
        )
        for queue in Queue.objects.all()
    )
    return Board(
        at=at,
        queues=lines,
        people=len(here),
        waiting=sum(line.waiting for line in lines),
        held=sum(line.held for line in lines),
        came_in_hour=sum(line.came_in_hour for line in lines),
        went_out_hour=sum(line.went_out_hour for line in lines),
        oldest_promise_at=_earliest(line.oldest_promise_at for line in lines),
        oldest_opened_at=_earliest(line.oldest_opened_at for line in lines),
    )


@dataclass(frozen=True, kw_only=True)
class OpenQueue:
    """A queue in which newcomers may begin."""

    id: int
    key: str
    name: str


def open_queues() -> tuple[OpenQueue, ...]:
    """Gives the queues that are no lanes, in their order."""
    rows = Queue.objects.filter(kind=Queue.Kind.OPEN).values("id", "key", "name")
    return tuple(OpenQueue(**row) for row in rows)


def held_by(user_id: int, at: datetime) -> Ticket | None:
    """Gives the ticket this person holds at `at`, with its queue and conversation."""
    held = Ticket.objects.filter(holder_id=user_id, held_until__gte=at)
    return held.select_related("queue", "conversation", "holder").first()


def people(*, at: datetime) -> tuple[Person, ...]:
    """Gives everyone who may answer at `at`, by name, in three statements."""
    users = _answering_users(at)
    rows = Queue.objects.order_by("pk").annotate(names_nobody=NOBODY_NAMED)
    queue_rows = list(rows.values_list("pk", "kind", "names_nobody"))
    chosen: dict[int, set[int]] = {}
    for user_id, queue_id in QueueMembership.objects.values_list("user_id", "queue_id"):
        chosen.setdefault(user_id, set()).add(queue_id)
    return tuple(_person(user, chosen.get(user.user_id, set()), queue_rows) for user in users)


def open_questions(*, limit: int = 50) -> tuple[ShownQuestion, ...]:
    """Gives the questions of helpers that nobody answered yet, oldest first."""
    return _questions(Q(answered_at__isnull=True), limit=limit)


def questions_of(ticket_id: int) -> tuple[ShownQuestion, ...]:
    """Gives what was asked about one email, oldest first."""
    return _questions(Q(ticket_id=ticket_id), limit=20)


def passed_on_because(ticket_id: int) -> tuple[str, ...]:
    """Gives the reasons for which people handed this email on, in their words on screen."""
    rows = PassedOn.objects.filter(ticket_id=ticket_id).order_by("at")
    return tuple(str(row.get_reason_display()) for row in rows)


def _questions(condition: Q, *, limit: int) -> tuple[ShownQuestion, ...]:
    rows = Question.objects.filter(condition).select_related("asked_by", "answered_by")
    return tuple(
        ShownQuestion(
            id=row.pk,
            ticket_id=row.ticket_id,
            asked_by=row.asked_by.get_full_name(),
            asked_at=row.asked_at,
            text=row.text,
            answer=row.answer,
            answered_by=row.answered_by.get_full_name() if row.answered_by else "",
            answered_at=row.answered_at,
        )
        for row in rows.order_by("asked_at", "pk")[:limit]
    )


_FIRST_OF_EACH = """
SELECT t.id, t.queue_id, t.promise_at, t.opened_at
FROM queues_line l
CROSS JOIN (SELECT 0 AS urgency UNION ALL SELECT 1 UNION ALL SELECT 2) u
JOIN queues_ticket t ON t.id = (
  SELECT h.id FROM queues_ticket h
  WHERE h.line_id = l.id AND h.urgency = u.urgency AND h.state = 'open' AND h.holder_id IS NULL
  ORDER BY h.promise_at, h.id LIMIT 1)
ORDER BY t.promise_at, t.id
"""


def heads() -> dict[int, tuple[datetime | None, datetime | None]]:
    """Who is first in each queue: promised when, writing since when; index steps, no counting."""
    heads: dict[int, tuple[datetime | None, datetime | None]] = {}
    for first in Ticket.objects.raw(_FIRST_OF_EACH):
        heads.setdefault(first.queue_id, (first.promise_at, first.opened_at))
    return heads


def _earliest(times: Iterable[datetime | None]) -> datetime | None:
    return min((time for time in times if time is not None), default=None)


@dataclass(frozen=True, kw_only=True)
class _Answering:
    """A user who may answer, with the email in their hands."""

    user_id: int
    name: str
    is_support: bool
    ticket_id: int | None
    held_since: datetime | None
    held_until: datetime | None


def _answering_users(at: datetime) -> list[_Answering]:
    support = RoleGrant.objects.filter(user=OuterRef("pk"), role=RoleGrant.Role.SUPPORT)
    helping = Enlistment.objects.filter(
        user=OuterRef("pk"),
        state__in=HELPING_STATES,
        until__gt=at,
        incident__level__in=_HELPING_LEVELS,
    )
    users = User.objects.filter(is_active=True).annotate(
        is_support=Exists(support),
        ticket_id=F("held_tickets__pk"),
        since=F("held_tickets__held_since"),
        until=F("held_tickets__held_until"),
    )
    return [
        _Answering(
            user_id=user.pk,
            name=user.get_full_name(),
            is_support=user.is_support,
            ticket_id=user.ticket_id,
            held_since=user.since,
            held_until=user.until,
        )
        for user in users.filter(Q(is_support=True) | Exists(helping)).order_by("name", "pk")
    ]


def _person(user: _Answering, chosen: set[int], queues: list[tuple[int, str, bool]]) -> Person:
    rows = [(pk, kind, pk in chosen, has_members) for pk, kind, has_members in queues]
    return Person(
        user_id=user.user_id,
        name=user.name,
        is_support=user.is_support,
        queue_ids=tuple(sorted(chosen)),
        serves=tuple(serving(rows, is_support=user.is_support)),
        ticket_id=user.ticket_id,
        held_since=user.held_since,
        held_until=user.held_until,
    )
