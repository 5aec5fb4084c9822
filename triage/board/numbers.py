"""The board's numbers: every queue, the sums, and when it will be over; counted by the counters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists

from inbox.models import SendingPause
from triage.board.chart import Hour
from triage.queues.flow import Flow
from triage.queues.forecast import Forecast, usual_error
from triage.queues.models import Counter, Queue
from triage.queues.queries import heads

Measure = Counter.Measure
CHANGE_OVER = timedelta(minutes=15)
COMPARED_WITH = timedelta(minutes=60)


@dataclass(frozen=True, kw_only=True)
class QueueLine:
    """One queue on the board; the numbers of the last hour are of sixty minutes."""

    id: int
    key: str
    name: str
    is_lane: bool
    is_paused: bool
    is_late: bool
    waiting: int
    held: int
    in_review: int
    oldest_promise_at: datetime | None
    oldest_opened_at: datetime | None
    came_in_hour: int
    went_out_hour: int
    people: int
    hands: float
    movable: int
    min_people: int
    target_people: int | None
    forecast: Forecast | None
    trend: tuple[Hour, ...]

    @property
    def is_short(self) -> bool:
        """Tells whether too few people are here: none while some wait, or fewer than wanted."""
        return self.people < (self.target_people or self.min_people) or (
            self.waiting > 0 and not self.people
        )


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the board said before: at which moment, and when it then thought to be clear."""

    at: datetime
    clear_at: datetime


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """All queues and their sums; `waiting_change` is against `changed_since`, if it is known."""

    at: datetime
    queues: tuple[QueueLine, ...]
    people: int
    waiting: int
    held: int
    in_review: int
    came_in_hour: int
    went_out_hour: int
    sent_hour: int
    oldest_opened_at: datetime | None
    forecast: Forecast | None
    waiting_change: int | None
    oldest_change: timedelta | None
    changed_since: datetime | None
    said_before: Said | None
    usual_error: timedelta | None
    hours: tuple[Hour, ...]
    is_sending_paused: bool

    @property
    def late(self) -> tuple[QueueLine, ...]:
        """Gives the queues whose first person was promised an answer by now."""
        return tuple(line for line in self.queues if line.is_late)


def numbers(*, flow: Flow, in_review: Mapping[int, int]) -> Numbers:
    """Gives the board of this flow, with two statements more."""
    paused = Exists(SendingPause.objects.filter(ended_at__isnull=True))
    queues = list(Queue.objects.annotate(is_sending_paused=paused))
    first = heads()
    lines = tuple(_line(queue, flow, in_review, first.get(queue.pk, _NOBODY)) for queue in queues)
    oldest = min((line.oldest_opened_at for line in lines if line.oldest_opened_at), default=None)
    before = next((note for note in flow.notes if flow.at - note.quarter >= CHANGE_OVER), None)
    proven = [(n.clear_at, n.cleared_at) for n in flow.notes if n.clear_at and n.cleared_at]
    return Numbers(
        at=flow.at,
        queues=lines,
        people=flow.headcount.everybody,
        waiting=flow.now(Measure.WAITING),
        held=flow.now(Measure.HELD),
        in_review=sum(in_review.values()),
        came_in_hour=flow.last_hour(Measure.CAME_IN),
        went_out_hour=flow.last_hour(Measure.WENT_OUT),
        sent_hour=flow.last_hour(Measure.SENT),
        oldest_opened_at=oldest,
        forecast=flow.forecast(),
        waiting_change=flow.now(Measure.WAITING) - before.waiting if before else None,
        oldest_change=_grown(oldest, flow.at, before.oldest_opened_at, before.quarter)
        if before
        else None,
        changed_since=before.quarter if before else None,
        said_before=_said_before(flow),
        usual_error=usual_error(proven),
        hours=_hours(flow),
        is_sending_paused=any(queue.is_sending_paused for queue in queues),
    )


_Head = tuple[datetime | None, datetime | None]
_NOBODY: _Head = (None, None)


def _line(queue: Queue, flow: Flow, in_review: Mapping[int, int], first: _Head) -> QueueLine:
    is_lane = queue.kind == Queue.Kind.LANE
    people = flow.headcount.serving(queue.pk, is_lane=is_lane)
    promise_at, opened_at = first
    return QueueLine(
        id=queue.pk,
        key=queue.key,
        name=queue.name,
        is_lane=is_lane,
        is_paused=queue.paused_at is not None,
        is_late=promise_at is not None and promise_at < flow.at,
        waiting=flow.now(Measure.WAITING, queue.pk),
        held=flow.now(Measure.HELD, queue.pk),
        in_review=in_review.get(queue.pk, 0),
        oldest_promise_at=promise_at,
        oldest_opened_at=opened_at,
        came_in_hour=flow.last_hour(Measure.CAME_IN, queue.pk),
        went_out_hour=flow.last_hour(Measure.WENT_OUT, queue.pk),
        people=people,
        hands=flow.headcount.hands.get(queue.pk, 0.0),
        movable=flow.headcount.movable.get(queue.pk, 0),
        min_people=queue.min_people,
        target_people=queue.target_people,
        forecast=flow.forecast_of(queue.pk, people=people),
        trend=_hours(flow, queue.pk),
    )


def _hours(flow: Flow, queue_id: int | None = None) -> tuple[Hour, ...]:
    """The full hours, and the last sixty minutes in place of the hour that has only begun."""
    *full, running = flow.hours
    hours = [
        Hour(
            start=hour,
            came_in=flow.hour(Measure.CAME_IN, hour, queue_id),
            went_out=flow.hour(Measure.WENT_OUT, hour, queue_id),
        )
        for hour in full
    ]
    now = Hour(
        start=running,
        came_in=flow.last_hour(Measure.CAME_IN, queue_id),
        went_out=flow.last_hour(Measure.WENT_OUT, queue_id),
    )
    return (*hours, now)


def _said_before(flow: Flow) -> Said | None:
    for note in flow.notes:
        if flow.at - note.quarter >= COMPARED_WITH and note.clear_at and not note.cleared_at:
            return Said(at=note.quarter, clear_at=note.clear_at)
    return None


def _grown(
    oldest: datetime | None, at: datetime, then_oldest: datetime | None, then: datetime
) -> timedelta | None:
    if oldest is None or then_oldest is None:
        return None
    return (at - oldest) - (then - then_oldest)
