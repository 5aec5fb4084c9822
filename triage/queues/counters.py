"""The numbers of the board: changes are added beside the work and summed up later."""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, Q, Sum

from triage.queues.models import Counter, CounterDelta, Ticket

NOW = datetime(1970, 1, 1, tzinfo=UTC)  # the "hour" of what is true now
Measure = Counter.Measure


@dataclass(frozen=True)
class Delta:
    """One change of one number: `amount` more (or fewer) of a measure in a queue."""

    queue_id: int
    measure: Counter.Measure
    amount: int = 1


def waiting(queue_id: int, amount: int) -> Delta:
    """Gives the change when emails begin (+) or cease (-) to wait in a queue."""
    return Delta(queue_id, Measure.WAITING, amount)


def held(queue_id: int, amount: int) -> Delta:
    """Gives the change when people take (+) or give up (-) emails of a queue."""
    return Delta(queue_id, Measure.HELD, amount)


def came_in(queue_id: int, amount: int = 1) -> Delta:
    """Gives the change when conversations come to need an answer."""
    return Delta(queue_id, Measure.CAME_IN, amount)


def went_out(queue_id: int, amount: int = 1) -> Delta:
    """Gives the change when conversations are answered or need no reply; -1 takes one back."""
    return Delta(queue_id, Measure.WENT_OUT, amount)


def sent(queue_id: int, amount: int = 1) -> Delta:
    """Gives the change when answers have left, as the mail server said."""
    return Delta(queue_id, Measure.SENT, amount)


def hour_of(at: datetime) -> datetime:
    """Gives the start of the clock hour."""
    return at.replace(minute=0, second=0, microsecond=0)


def add(deltas: Iterable[Delta], *, at: datetime) -> None:
    """Writes the changes in one statement, in the transaction of what they count; never waits."""
    sums: Tally[tuple[int, Counter.Measure]] = Tally()
    for delta in deltas:
        sums[delta.queue_id, delta.measure] += delta.amount
    hour = hour_of(at.astimezone(UTC))
    CounterDelta.objects.bulk_create(
        CounterDelta(
            queue_id=queue_id,
            measure=measure,
            hour=NOW if measure in (Measure.WAITING, Measure.HELD) else hour,
            amount=amount,
        )
        for (queue_id, measure), amount in sorted(sums.items())
        if amount
    )


def read(*, at: datetime) -> Tally[tuple[int, str]]:
    """Gives every number by (queue id, measure), in one statement: a fold beside it is not seen.

    Waiting and held are what is true now; came in and went out are of the last sixty minutes: the
    running hour, and of the hour before the part that is not over sixty minutes ago, taking it as
    evenly spread.
    """
    hour = hour_of(at.astimezone(UTC))
    hours = [NOW, hour, hour - timedelta(hours=1)]
    left_of_last = 1 - (at - hour) / timedelta(hours=1)
    sums: dict[tuple[int, str], float] = defaultdict(float)
    for queue_id, measure, of_hour, amount in _sums_of(hours):
        sums[queue_id, measure] += amount * (left_of_last if of_hour == hours[2] else 1)
    return Tally({key: max(0, round(value)) for key, value in sums.items()})


def waiting_now(*, at: datetime) -> int:
    """Gives how many wait in all queues and lanes together, in one statement."""
    numbers = read(at=at).items()
    return sum(count for (_queue, measure), count in numbers if measure == Measure.WAITING)


def _sums_of(hours: Sequence[datetime]) -> Iterable[tuple[int, str, datetime, int]]:
    keys = ("queue_id", "measure", "hour")
    folded = Counter.objects.filter(hour__in=hours).values_list(*keys).annotate(Sum("value"))
    unfolded = (
        CounterDelta.objects.filter(hour__in=hours).values_list(*keys).annotate(Sum("amount"))
    )
    return folded.union(unfolded, all=True)


def fold(*, limit: int) -> int:
    """Sums up to `limit` changes into the counters and removes them; gives how many it was.

    Safe beside writers and other folds: exactly the rows that were read are removed.
    """
    with transaction.atomic():
        changes = list(
            CounterDelta.objects.order_by("pk").select_for_update(skip_locked=True)[:limit]
        )
        sums: Tally[tuple[int, str, datetime]] = Tally()
        for change in changes:
            sums[change.queue_id, change.measure, change.hour] += change.amount
        for (queue_id, measure, hour), amount in sorted(sums.items()):
            _add_to_sum(queue_id, measure, hour, amount)
        CounterDelta.objects.filter(pk__in=[change.pk for change in changes]).delete()
    return len(changes)


def _add_to_sum(queue_id: int, measure: str, hour: datetime, amount: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO queues_counter (queue_id, measure, hour, value) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (queue_id, measure, hour) "
            "DO UPDATE SET value = queues_counter.value + excluded.value",
            [queue_id, measure, connection.ops.adapt_datetimefield_value(hour), amount],
        )


@dataclass(frozen=True)
class Difference:
    """A number that does not say what the tickets say."""

    queue_id: int
    measure: str
    counted: int
    shown: int


def reconcile() -> tuple[Difference, ...]:
    """Gives where the numbers of waiting and held differ from the tickets, counted in full.

    For checks and repairs only: it reads every open ticket. Exact while nothing else writes.
    """
    shown: Tally[tuple[int, str]] = Tally()
    for queue_id, measure, _hour, amount in _sums_of([NOW]):
        shown[queue_id, measure] += amount
    counted: Tally[tuple[int, str]] = Tally()
    rows = (
        Ticket.objects.filter(state=Ticket.State.OPEN)
        .values_list("queue_id")
        .annotate(held=Count("holder"), waiting=Count("pk", filter=Q(holder__isnull=True)))
    )
    for queue_id, held_now, waiting_now in rows:
        counted[queue_id, Measure.HELD] = held_now
        counted[queue_id, Measure.WAITING] = waiting_now
    return tuple(
        Difference(queue_id, measure, counted[queue_id, measure], shown[queue_id, measure])
        for queue_id, measure in sorted(shown.keys() | counted.keys())
        if counted[queue_id, measure] != shown[queue_id, measure]
    )
