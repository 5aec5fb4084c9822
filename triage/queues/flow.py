"""What flows through the queues and who is there for it: the last hours, in three statements."""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from triage.accounts.models import RoleGrant, User
from triage.accounts.policy import HELPING_STATES
from triage.queues import forecast as forecasting
from triage.queues.counters import NOW, hour_of
from triage.queues.forecast import Forecast, HourOfFlow, Staff
from triage.queues.models import Counter, CounterDelta, ForecastNote, QueueMembership, Ticket
from triage.volunteers.models import Enlistment, Shift

Measure = Counter.Measure
HOURS = 12
_FORECAST_FROM = 3  # full hours, and the running one
_LEAST_SHARE = 0.25
_NOTES = 16
_HELPING_LEVELS = ("all-hands", "recovery")
_SHIFT = -1
_Key = tuple[int | None, str, datetime]


@dataclass(frozen=True, kw_only=True)
class Headcount:
    """Who may answer now: all of them, those who serve one queue, and those who serve any.

    `hands` shares a person out over the queues chosen for them; `movable` serve that queue alone.
    """

    everybody: int
    by_queue: Mapping[int, int]
    support_by_queue: Mapping[int, int]
    hands: Mapping[int, float]
    movable: Mapping[int, int]
    anywhere: int
    support_anywhere: int
    shifts: tuple[forecasting.Shift, ...]

    def serving(self, queue_id: int, *, is_lane: bool) -> int:
        """Gives how many people are given emails of this queue; a lane has support people only."""
        if not is_lane:
            return self.by_queue.get(queue_id, 0) + self.anywhere
        members = self.support_by_queue.get(queue_id, 0)
        return members or self.support_anywhere


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Numbers by queue (None for all), measure and hour.

    `notes` are what the board said before, newest first.
    """

    at: datetime
    sums: Mapping[_Key, int]
    headcount: Headcount
    notes: tuple[ForecastNote, ...]

    def now(self, measure: str, queue_id: int | None = None) -> int:
        """Gives what is true now: how many wait, or are held."""
        return max(0, self._sum(measure, NOW, queue_id))

    def last_hour(self, measure: str, queue_id: int | None = None) -> int:
        """Gives the number of the last sixty minutes; the hour before counts by its part."""
        hour = hour_of(self.at.astimezone(UTC))
        left = 1 - (self.at - hour) / timedelta(hours=1)
        before = self._sum(measure, hour - timedelta(hours=1), queue_id)
        return max(0, round(self._sum(measure, hour, queue_id) + before * left))

    def hour(self, measure: str, hour: datetime, queue_id: int | None = None) -> int:
        """Gives the number of one clock hour."""
        return max(0, self._sum(measure, hour, queue_id))

    @property
    def hours(self) -> tuple[datetime, ...]:
        """Gives the starts of the hours that are looked at, oldest first."""
        last = hour_of(self.at.astimezone(UTC))
        return tuple(last - timedelta(hours=back) for back in reversed(range(HOURS)))

    @property
    def staff(self) -> Staff:
        """Gives who is expected: who is here now stays, but for those who said until when."""
        shifts = self.headcount.shifts
        here = sum(shift.starts_at <= self.at < shift.ends_at for shift in shifts)
        return Staff(max(0, self.headcount.everybody - here), shifts)

    def flow_of(self, queue_id: int | None = None) -> tuple[HourOfFlow, ...]:
        """Gives the hours that a forecast looks at, from the first in which anything flowed."""
        found = [self._hour_of_flow(hour, queue_id) for hour in self.hours[-_FORECAST_FROM - 1 :]]
        if found[-1].share < _LEAST_SHARE:
            found.pop()
        while found and not (found[0].came_in or found[0].went_out):
            found.pop(0)
        return tuple(found)

    def forecast(self, waiting: int | None = None) -> Forecast | None:
        """Gives when everything is answered; None when it cannot be said."""
        return forecasting.forecast(
            waiting=self.open_now() if waiting is None else waiting,
            hours=self.flow_of(),
            staff=self.staff,
            at=self.at,
        )

    def forecast_of(self, queue_id: int, *, people: int) -> Forecast | None:
        """Gives when one queue is empty if as many people as now go on serving it."""
        return forecasting.forecast(
            waiting=self.open_now(queue_id),
            hours=self.flow_of(queue_id),
            staff=Staff(people),
            at=self.at,
        )

    def open_now(self, queue_id: int | None = None) -> int:
        """Gives how many have no answer yet: those who wait and those somebody holds."""
        return self.now(Measure.WAITING, queue_id) + self.now(Measure.HELD, queue_id)

    def _sum(self, measure: str, hour: datetime, queue_id: int | None) -> int:
        return self.sums.get((queue_id, measure, hour), 0)

    def _hour_of_flow(self, hour: datetime, queue_id: int | None) -> HourOfFlow:
        return HourOfFlow(
            came_in=self.hour(Measure.CAME_IN, hour, queue_id),
            went_out=self.hour(Measure.WENT_OUT, hour, queue_id),
            people=self._people_in(hour) if queue_id is None else None,
            share=min(1.0, (self.at - hour) / timedelta(hours=1)),
        )

    def _people_in(self, hour: datetime) -> float | None:
        noted = [note.people for note in self.notes if hour_of(note.quarter) == hour]
        return sum(noted) / len(noted) if noted else None


def flow(*, at: datetime) -> Flow:
    """Gives the last twelve hours, who is here, and what was said before."""
    return Flow(at=at, sums=_sums(at), headcount=headcount(at=at), notes=_notes(at))


def headcount(*, at: datetime) -> Headcount:
    """Counts who may answer at `at`, and the shifts that are not over, in one statement."""
    users = _with_serves(_answering(at))
    rows = _shifts(at).union(_counted(users, F("queue_memberships__queue")), all=True)
    return _headcount(list(rows))


def movable_ids(*, queue_id: int, at: datetime) -> list[int]:
    """Gives who serves this queue alone: those without an email first, support people last."""
    there = _with_serves(_answering(at)).filter(queue_memberships__queue_id=queue_id, serves=1)
    held = Exists(Ticket.objects.filter(holder=OuterRef("pk")))
    order = there.annotate(is_busy=held).order_by("is_busy", "is_support", "name", "pk")
    return list(order.values_list("pk", flat=True))


def _answering(at: datetime) -> QuerySet[Any]:
    """Who may answer at `at`, with whether they are support."""
    support = RoleGrant.objects.filter(user=OuterRef("pk"), role=RoleGrant.Role.SUPPORT)
    helping = Enlistment.objects.filter(
        user=OuterRef("pk"),
        state__in=HELPING_STATES,
        until__gt=at,
        incident__level__in=_HELPING_LEVELS,
    )
    return User.objects.filter(Q(Exists(support)) | Exists(helping), is_active=True).annotate(
        is_support=Exists(support)
    )


def _with_serves(users: QuerySet[Any]) -> QuerySet[Any]:
    """With how many queues are chosen for each of them."""
    chosen = QueueMembership.objects.filter(user=OuterRef("pk")).order_by()
    number = chosen.values("user").annotate(number=Count("pk")).values("number")
    counted: QuerySet[Any] = users.annotate(serves=Coalesce(Subquery(number), Value(0)))
    return counted


_COLUMNS = ("of_queue", "is_support", "serves", "starts", "ends")
_Row = tuple[int | None, bool, int, datetime | None, datetime | None, int]


def _counted(users: QuerySet[User], group: F) -> QuerySet[User, _Row]:
    nothing = Value(None, DateTimeField(null=True))
    groups = users.annotate(of_queue=group, starts=nothing, ends=nothing).values(*_COLUMNS)
    counted: QuerySet[User, _Row] = (
        groups.annotate(number=Count("pk")).order_by().values_list(*_COLUMNS, "number")
    )
    return counted


def _shifts(at: datetime) -> QuerySet[Shift, _Row]:
    groups = (
        Shift.objects.filter(ends_at__gt=at)
        .annotate(
            of_queue=Value(_SHIFT, BigIntegerField()),
            is_support=Value(False, BooleanField()),
            serves=Value(0, IntegerField()),
            starts=F("starts_at"),
            ends=F("ends_at"),
        )
        .values(*_COLUMNS)
    )
    counted: QuerySet[Shift, _Row] = (
        groups.annotate(number=Count("pk")).order_by().values_list(*_COLUMNS, "number")
    )
    return counted


def _headcount(rows: list[_Row]) -> Headcount:
    anywhere = support_anywhere = 0
    by_queue, support, movable = Tally[int](), Tally[int](), Tally[int]()
    hands: dict[int, float] = defaultdict(float)
    shifts: list[forecasting.Shift] = []
    for queue_id, is_support, serves, starts_at, ends_at, number in rows:
        if queue_id == _SHIFT and starts_at and ends_at:
            shifts += [forecasting.Shift(starts_at, ends_at)] * number
        elif queue_id is None:
            anywhere += number
            support_anywhere += number * is_support
        else:
            by_queue[queue_id] += number
            support[queue_id] += number * is_support
            hands[queue_id] += number / serves
            movable[queue_id] += number * (serves == 1)
    return Headcount(
        everybody=anywhere + round(sum(hands.values())),  # the shares of one person make one
        by_queue=by_queue,
        support_by_queue=support,
        hands=hands,
        movable=movable,
        anywhere=anywhere,
        support_anywhere=support_anywhere,
        shifts=tuple(shifts),
    )


def _sums(at: datetime) -> dict[_Key, int]:
    first = hour_of(at.astimezone(UTC)) - timedelta(hours=HOURS - 1)
    keys = ("queue_id", "measure", "hour")
    wanted = Q(hour__gte=first) | Q(hour=NOW)
    folded = Counter.objects.filter(wanted).values_list(*keys).annotate(Sum("value")).order_by()
    fresh = CounterDelta.objects.filter(wanted).values_list(*keys).annotate(Sum("amount"))
    sums: dict[_Key, int] = defaultdict(int)
    for queue_id, measure, hour, amount in folded.union(fresh.order_by(), all=True):
        sums[queue_id, measure, hour] += amount
        sums[None, measure, hour] += amount
    return dict(sums)


def _notes(at: datetime) -> tuple[ForecastNote, ...]:
    return tuple(ForecastNote.objects.filter(quarter__lte=at).order_by("-quarter")[:_NOTES])
