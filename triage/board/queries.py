"""What the board shows beside the queues: hours, and what needs a supervisor."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Sum

from inbox.models import OutboundMessage
from triage.board.chart import Hour
from triage.notices.models import Alert
from triage.queues.counters import hour_of
from triage.queues.models import Counter, CounterDelta
from triage.queues.queries import Board, Person, QueueLine, ShownQuestion, open_questions, people

STUCK_AFTER = timedelta(minutes=15)
LIMIT = 50


@dataclass(frozen=True, kw_only=True)
class UnknownReply:
    """An answer of which nobody knows whether it left."""

    reply_id: int
    author: str
    recipient: str
    since: datetime
    server_words: str


@dataclass(frozen=True, kw_only=True)
class Attention:
    """Everything that waits for a supervisor, most urgent first."""

    alerts: tuple[Alert, ...]
    questions: tuple[ShownQuestion, ...]
    unknown: tuple[UnknownReply, ...]
    stuck: tuple[Person, ...]
    late: tuple[QueueLine, ...]

    @property
    def is_empty(self) -> bool:
        """Tells whether nothing waits."""
        return not (self.alerts or self.questions or self.unknown or self.stuck or self.late)


def attention(*, now: Board) -> Attention:
    """Gives what waits for a supervisor while the board stands so, at most 50 of each kind."""
    at = now.at
    return Attention(
        alerts=tuple(Alert.objects.filter(over_at__isnull=True).order_by("raised_at")[:LIMIT]),
        questions=open_questions(limit=LIMIT),
        unknown=_unknown_replies(),
        stuck=tuple(person for person in people(at=at) if _is_stuck(person, at=at))[:LIMIT],
        late=tuple(
            line for line in now.queues if line.oldest_promise_at and line.oldest_promise_at < at
        ),
    )


def _is_stuck(person: Person, *, at: datetime) -> bool:
    """Held long, and nobody has typed for a while: the hold was not renewed to its full length."""
    if person.held_since is None or person.held_until is None:
        return False
    idle_for = timedelta(minutes=20) - (person.held_until - at)
    return at - person.held_since > STUCK_AFTER and idle_for > timedelta(minutes=5)


def _unknown_replies() -> tuple[UnknownReply, ...]:
    unknown = OutboundMessage.objects.filter(
        state=OutboundMessage.State.UNKNOWN, reply__isnull=False
    ).select_related("reply__author")
    return tuple(
        UnknownReply(
            reply_id=row.reply.pk,
            author=row.reply.author.get_full_name(),
            recipient=row.recipient,
            since=row.created_at,
            server_words=row.server_words,
        )
        for row in unknown.order_by("pk")[:LIMIT]
    )


def hours(*, at: datetime, count: int = 12) -> tuple[Hour, ...]:
    """Gives arrivals and answers of the last `count` hours over all queues, oldest first."""
    first = hour_of(at) - timedelta(hours=count - 1)
    sums: dict[tuple[datetime, str], int] = {}
    folded = Counter.objects.filter(hour__gte=first).values_list("hour", "measure")
    fresh = CounterDelta.objects.filter(hour__gte=first).values_list("hour", "measure")
    for rows in (folded.annotate(total=Sum("value")), fresh.annotate(total=Sum("amount"))):
        for hour, measure, amount in rows:
            sums[hour, measure] = sums.get((hour, measure), 0) + amount
    starts = [first + timedelta(hours=i) for i in range(count)]
    return tuple(
        Hour(
            start=start,
            came_in=max(0, sums.get((start, Counter.Measure.CAME_IN), 0)),
            went_out=max(0, sums.get((start, Counter.Measure.WENT_OUT), 0)),
        )
        for start in starts
    )
