"""Which people should go where, and what that would change: pure rules over paces and hands.

A proposal takes people who serve one queue alone to the queue that would be clear last, as many as
make the later of the two clear soonest, and never below the least or the wanted number.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

SHORT_WAIT = timedelta(minutes=30)
_LEAST_GAIN = timedelta(minutes=10)
_LEAST_SHARE = 0.1
NEVER = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Load:
    """One queue: who waits, what comes in an hour, what one pair of hands answers in an hour.

    `hands` count everybody who serves it, shared out; `movable` of them serve nothing else.
    """

    queue_id: int
    name: str
    waiting: int
    came_in: float
    each: float
    hands: float
    movable: int = 0
    min_people: int = 0
    target_people: int | None = None

    @property
    def clear_in(self) -> timedelta:
        """Gives how long until nobody waits here; NEVER when it only gets worse."""
        if self.waiting <= 0:
            return timedelta()
        gain = self.each * self.hands - self.came_in
        if gain <= 0:
            return NEVER
        return timedelta(hours=min(NEVER / timedelta(hours=1), self.waiting / gain))

    @property
    def is_in_sight(self) -> bool:
        """Tells whether it gets better at all."""
        return self.clear_in < NEVER

    @property
    def spare(self) -> int:
        """Gives how many people may leave: whoever is not needed for the least or wanted number."""
        kept = max(self.min_people, self.target_people or 0)
        return max(0, min(self.movable, int(self.hands - kept)))

    @property
    def room(self) -> int | None:
        """Gives how many more are wanted here; None when as many as it needs."""
        if self.target_people is None:
            return None
        return max(0, self.target_people - int(self.hands))

    def with_more(self, people: int) -> "Load":
        """Gives the queue with so many more people, or fewer."""
        return replace(self, hands=self.hands + people, movable=self.movable + people)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """So many people from one queue to another, with both queues before and after."""

    people: int
    giver: Load
    giver_after: Load
    taker: Load
    taker_after: Load

    @property
    def giver_stays_short(self) -> bool:
        """Tells whether the queue that gives is still clear within half an hour."""
        return self.giver_after.clear_in <= SHORT_WAIT


def propose(loads: Sequence[Load], *, most: int = 2) -> tuple[Proposal, ...]:
    """Gives up to `most` moves, the most useful first, each one on top of those before."""
    givers = {load.queue_id: load for load in loads}
    takers = dict(givers)
    found: list[Proposal] = []
    while len(found) < most and (best := _best(givers.values(), takers.values())):
        found.append(best)
        # Who takes in one proposal gives in none, and the other way round.
        givers.pop(best.taker.queue_id)
        takers.pop(best.taker.queue_id)
        takers.pop(best.giver.queue_id, None)
        givers[best.giver.queue_id] = best.giver_after
    return tuple(found)


def effect(giver: Load, taker: Load, people: int) -> Proposal:
    """Gives what moving so many people changes, sensible or not."""
    return Proposal(
        people=people,
        giver=giver,
        giver_after=giver.with_more(-people),
        taker=taker,
        taker_after=taker.with_more(people),
    )


def _best(givers: Iterable[Load], takers: Iterable[Load]) -> Proposal | None:
    for taker in sorted(takers, key=lambda load: (load.clear_in, load.waiting), reverse=True):
        options = [
            option
            for giver in givers
            if giver.queue_id != taker.queue_id and giver.clear_in < taker.clear_in
            for option in _options(giver, taker)
        ]
        if options:
            return min(options, key=lambda option: (_later(option), option.people))
    return None


def _options(giver: Load, taker: Load) -> list[Proposal]:
    """The numbers of people on both sides of where the two would be clear at the same time.

    Each person more makes the giver later and the taker sooner, so the best is one of these.
    """
    most = giver.spare if taker.room is None else min(giver.spare, taker.room)
    if most < 1:
        return []
    even = bisect_left(range(1, most + 1), True, key=lambda n: _giver_is_later(giver, taker, n)) + 1
    tried = {max(1, even - 1), min(even, most)}
    return [option for n in tried if _is_worth_it(option := effect(giver, taker, n))]


def _giver_is_later(giver: Load, taker: Load, people: int) -> bool:
    return giver.with_more(-people).clear_in >= taker.with_more(people).clear_in


def _is_worth_it(option: Proposal) -> bool:
    """The later of the two is clear noticeably sooner than without."""
    before = max(option.giver.clear_in, option.taker.clear_in)
    gained = before - _later(option)
    return gained >= _LEAST_GAIN and gained >= _LEAST_SHARE * before


def _later(option: Proposal) -> timedelta:
    return max(option.giver_after.clear_in, option.taker_after.clear_in)
