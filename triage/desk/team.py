"""How far everybody is today: two numbers for all, none for anybody alone."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, Sum

from triage.queues.counters import NOW
from triage.queues.models import Counter, CounterDelta, Queue

Measure = Counter.Measure


@dataclass(frozen=True, kw_only=True)
class Team:
    """How many wait in the open queues, and how many were answered since the day began."""

    waiting: int
    answered: int

    @property
    def total(self) -> int:
        """Gives what there was to do: answered and still waiting."""
        return self.waiting + self.answered


def team(*, since: datetime) -> Team:
    """Gives the progress of the day that began at `since`, from the counters, in one statement.

    Lanes are left out: helpers do not know of them.
    """
    shown = Q(queue__kind=Queue.Kind.OPEN) & (
        Q(measure=Measure.WAITING, hour=NOW) | Q(measure=Measure.WENT_OUT, hour__gte=since)
    )
    folded = Counter.objects.filter(shown).values_list("measure").annotate(Sum("value"))
    fresh = CounterDelta.objects.filter(shown).values_list("measure").annotate(Sum("amount"))
    sums = dict.fromkeys((Measure.WAITING.value, Measure.WENT_OUT.value), 0)
    for measure, amount in folded.union(fresh, all=True):
        sums[measure] += amount
    return Team(
        waiting=max(0, sums[Measure.WAITING]),
        answered=max(0, sums[Measure.WENT_OUT]),
    )
