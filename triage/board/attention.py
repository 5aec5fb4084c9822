"""What waits for a supervisor: gathered in one statement, at most 50 of each kind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DateTimeField,
    F,
    Max,
    Min,
    Model,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, NullIf

from inbox.models import OutboundMessage
from triage.notices.models import Alert
from triage.queues.models import Question, Ticket
from triage.replies.models import Reply, Review

HELD_LONG = timedelta(minutes=15)
STEP = timedelta(minutes=20)  # each sign of life keeps an email for so long
IDLE = timedelta(minutes=5)
CAME_BACK_WITHIN = timedelta(hours=24)
LIMIT = 50
EDITED_OF_LATEST = 300
EDITED_BY_MOST = 0.6
RETURNED_OFTEN = 0.3
FEWEST_USES = 8
OWN_LINE = "own line"

ALERT, QUESTION, REPEATED, STUCK = "alert", "question", "repeated", "stuck"
UNKNOWN, CAME_BACK, REVIEW = "unknown", "came_back", "review"
EDITED, RETURNED = "edited", "returned"
_COLUMNS = ("kind", "ref", "number", "of", "since", "who", "words")
# As columns they get a name of their own: models have fields of some of these names.
_NAMED = tuple(f"its_{column}" for column in _COLUMNS)


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that waits: what it is about, how many, since when, whose, and its words.

    `ref` is the id that its button needs; `of` is what `number` is counted out of.
    """

    kind: str
    ref: int
    number: int
    of: int
    since: datetime | None
    who: str
    words: str


def attention(*, at: datetime) -> tuple[Item, ...]:
    """Gives everything that waits for a supervisor at `at`, the most urgent kind first."""
    parts = [
        _alerts(),
        _questions(),
        _repeated(),
        _stuck(at),
        _unknown(),
        _came_back(at),
        _in_review(),
        _edited(),
        _returned(),
    ]
    rows = parts[0].union(*parts[1:], all=True)
    order = (ALERT, UNKNOWN, QUESTION, REPEATED, STUCK, REVIEW, CAME_BACK, EDITED, RETURNED)
    items = [Item(**dict(zip(_COLUMNS, row, strict=True))) for row in rows]
    told = [item for item in items if item.number and _is_worth_it(item)]
    return tuple(sorted(told, key=lambda item: (order.index(item.kind), item.ref)))


def _is_worth_it(item: Item) -> bool:
    """Tells of an answer only when most added words of their own, or many were sent back."""
    share = {EDITED: EDITED_BY_MOST, RETURNED: RETURNED_OFTEN}.get(item.kind)
    return share is None or (item.of >= FEWEST_USES and item.number >= share * item.of)


_Rows = QuerySet[Any, tuple[Any, ...]]


def _number(value: int) -> Value:
    return Value(value, BigIntegerField())


def _text(expression: Any) -> Cast:  # noqa: ANN401 - an expression of any kind
    return Cast(expression, TextField())


def _name(path: str) -> Coalesce:
    return Coalesce(NullIf(F(f"{path}__name"), Value("")), F(f"{path}__email"))


def _few(rows: QuerySet[Any], *order: str) -> QuerySet[Any]:
    """The first of these rows; a union takes no limit on its parts, so it stands within."""
    model: type[Model] = rows.model
    first = rows.order_by(*order).values("pk")[:LIMIT]
    return model._default_manager.filter(pk__in=first)


def _shaped(
    rows: QuerySet[Any],
    kind: str,
    *,
    ref: Any,  # noqa: ANN401 - expressions
    since: Any,  # noqa: ANN401
    number: Any = None,  # noqa: ANN401
    of: Any = None,  # noqa: ANN401
    who: Any = None,  # noqa: ANN401
    words: Any = None,  # noqa: ANN401
) -> _Rows:
    named = rows.annotate(
        its_kind=Value(kind, CharField()),
        its_ref=Cast(ref, BigIntegerField()),
        its_number=Cast(number if number is not None else Value(1), BigIntegerField()),
        its_of=Cast(of if of is not None else Value(0), BigIntegerField()),
        its_since=Cast(since, DateTimeField()),
        its_who=_text(who if who is not None else Value("")),
        its_words=_text(words if words is not None else Value("")),
    )
    shaped: _Rows = named.order_by().values_list(*_NAMED)
    return shaped


def _alerts() -> _Rows:
    open_alerts = _few(Alert.objects.filter(over_at__isnull=True), "raised_at")
    seen = Case(When(seen_at__isnull=True, then=Value(0)), default=Value(1))
    return _shaped(open_alerts, ALERT, ref=F("pk"), since=F("raised_at"), of=seen, words=F("text"))


def _questions() -> _Rows:
    rows = _few(Question.objects.filter(answered_at__isnull=True), "asked_at")
    return _shaped(
        rows,
        QUESTION,
        ref=F("pk"),
        since=F("asked_at"),
        who=_name("asked_by"),
        words=F("text"),
    )


def _repeated() -> _Rows:
    """The same person asked more than once about the email they hold."""
    held = Question.objects.filter(ticket__holder__isnull=False, ticket__holder=F("asked_by"))
    grouped = held.values("ticket", "asked_by__name", "asked_by__email").annotate(
        times=Count("pk"), last=Max("asked_at"), last_id=Max("pk")
    )
    return _shaped(
        grouped.filter(times__gte=2),
        REPEATED,
        ref=F("last_id"),
        number=F("times"),
        since=F("last"),
        who=_name("asked_by"),
    )


def _stuck(at: datetime) -> _Rows:
    """Held long, and nobody has typed for a while: the hold was not renewed to its full length."""
    rows = Ticket.objects.filter(
        holder__isnull=False, held_since__lt=at - HELD_LONG, held_until__lt=at + STEP - IDLE
    )
    return _shaped(
        _few(rows, "held_until"), STUCK, ref=F("pk"), since=F("held_since"), who=_name("holder")
    )


def _unknown() -> _Rows:
    rows = OutboundMessage.objects.filter(state=OutboundMessage.State.UNKNOWN, reply__isnull=False)
    return _shaped(
        _few(rows, "due_at", "pk"),
        UNKNOWN,
        ref=F("reply"),
        since=F("created_at"),
        who=_name("reply__author"),
        words=F("recipient"),
    )


def _came_back(at: datetime) -> _Rows:
    """How many answers came back in the last day, as one row."""
    rows = OutboundMessage.objects.filter(
        state=OutboundMessage.State.BOUNCED, finished_at__gte=at - CAME_BACK_WITHIN
    )
    grouped = rows.values("state").annotate(times=Count("pk"), last=Max("finished_at"))
    return _shaped(grouped, CAME_BACK, ref=_number(0), number=F("times"), since=F("last"))


def _in_review() -> _Rows:
    """How many answers wait for a colleague to read them, by queue; `of` go out unless stopped."""
    grouped = (
        Review.objects.filter(decided_at__isnull=True)
        .values("reply__ticket__queue")
        .annotate(times=Count("pk"), held=Count("holds_until"), first=Min("asked_at"))
    )
    return _shaped(
        grouped,
        REVIEW,
        ref=F("reply__ticket__queue"),
        number=F("times"),
        of=F("held"),
        since=F("first"),
    )


def _returned() -> _Rows:
    """By answer: how many of the latest 300 that were read with it came back to their writers."""
    latest = Review.objects.order_by("-pk").values("pk")[:EDITED_OF_LATEST]
    rows = Review.objects.filter(pk__in=latest, decided_at__isnull=False)
    came_back = Count("pk", filter=Q(decision=Review.Decision.RETURNED))
    grouped = rows.values("reply__version__response", "reply__version__response__name").annotate(
        read=Count("pk"), returned=came_back, last=Max("decided_at")
    )
    return _shaped(
        grouped,
        RETURNED,
        ref=F("reply__version__response"),
        number=F("returned"),
        of=F("read"),
        since=F("last"),
        words=F("reply__version__response__name"),
    )


def _edited() -> _Rows:
    """By answer: in how many of its uses among the latest 300 answers a helper added own words."""
    latest = Reply.objects.order_by("-pk").values("pk")[:EDITED_OF_LATEST]
    rows = Reply.objects.filter(pk__in=latest, state=Reply.State.RELEASED, version__isnull=False)
    added = Q(**{f"slots__{OWN_LINE}__isnull": False}) & ~Q(**{f"slots__{OWN_LINE}": ""})
    grouped = rows.values("version__response", "version__response__name").annotate(
        uses=Count("pk"), edited=Count("pk", filter=added), last=Max("saved_at")
    )
    return _shaped(
        grouped,
        EDITED,
        ref=F("version__response"),
        number=F("edited"),
        of=F("uses"),
        since=F("last"),
        words=F("version__response__name"),
    )


def reviews_by_queue(items: Iterable[Item]) -> dict[int, int]:
    """Gives how many answers are being read by a colleague, by queue."""
    return {item.ref: item.number for item in items if item.kind == REVIEW}


def by_kind(items: Sequence[Item], kind: str) -> tuple[Item, ...]:
    """Gives the items of one kind."""
    return tuple(item for item in items if item.kind == kind)
