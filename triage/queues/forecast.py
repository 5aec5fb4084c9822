"""When the waiting will be over, from the flow of the last hours; silent when it cannot know.

One person's pace is what went out in the last hours, divided by who was there. The future is that
pace times the people expected in each quarter of an hour, against arrivals like the last ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

FEWEST_HOURS = 2
FEWEST_ANSWERS = 20
MOST_PEOPLE = 100_000
_FURTHEST = timedelta(days=14)


@dataclass(frozen=True)
class HourOfFlow:
    """One hour: emails that came to need an answer, and that ceased to, and who was there.

    `share` is how much of the hour is over; `people` is unknown for an hour nobody noted.
    """

    came_in: int
    went_out: int
    people: float | None = None
    share: float = 1.0


@dataclass(frozen=True)
class Shift:
    """A time for which somebody said that they will help."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Staff:
    """Who is expected: so many all the time, and those who said when."""

    always: int
    shifts: tuple[Shift, ...] = ()

    def at(self, moment: datetime) -> int:
        """Gives how many people are expected at a moment."""
        return self.always + sum(shift.starts_at <= moment < shift.ends_at for shift in self.shifts)


@dataclass(frozen=True)
class Forecast:
    """When everything will be answered, if the next hours are like the last ones.

    `high` is None when the slower end is not in sight.
    """

    clear_at: datetime
    low: datetime
    high: datetime | None


@dataclass(frozen=True)
class Pace:
    """Emails an hour: what comes in, and what one person answers."""

    came_in: float
    each: float


@dataclass(frozen=True)
class Paces:
    """The pace to expect, and the best and the worst to reckon with."""

    usual: Pace
    best: Pace
    worst: Pace


def forecast(
    *, waiting: int, hours: Sequence[HourOfFlow], staff: Staff, at: datetime
) -> Forecast | None:
    """Gives when `waiting` emails are answered by this staff, with a range.

    `hours` are oldest first. None when it would be a guess: fewer than two hours or twenty
    answers, or an end that is not in sight within 14 days.
    """
    paces = paces_of(hours, people_now=staff.at(at))
    if paces is None:
        return None
    clear_at = clear(waiting, paces.usual, staff, at=at)
    low = clear(waiting, paces.best, staff, at=at)
    if clear_at is None or low is None:
        return None
    return Forecast(clear_at, low, clear(waiting, paces.worst, staff, at=at))


def paces_of(hours: Sequence[HourOfFlow], *, people_now: int) -> Paces | None:
    """Gives the paces of these hours; None when they tell too little.

    Where nobody noted who was there, as many as now are taken to have been. The range is half of
    what the hours differed by, on each side.
    """
    told = [hour for hour in hours if hour.share > 0]
    if len(told) < FEWEST_HOURS or sum(hour.went_out for hour in told) < FEWEST_ANSWERS:
        return None
    came = [hour.came_in / hour.share for hour in told]
    each = [
        hour.went_out / hour.share / max(1.0, people_now if hour.people is None else hour.people)
        for hour in told
    ]
    shares = [hour.share for hour in told]
    usual = Pace(_mean(came, shares), _mean(each, shares))
    more, faster = (max(came) - min(came)) / 2, (max(each) - min(each)) / 2
    return Paces(
        usual,
        best=Pace(max(0.0, usual.came_in - more), usual.each + faster),
        worst=Pace(usual.came_in + more, max(0.0, usual.each - faster)),
    )


def clear(waiting: int, pace: Pace, staff: Staff, *, at: datetime) -> datetime | None:
    """Gives when nobody waits any more at this pace; None when not within 14 days.

    While nobody at all is expected, one is reckoned with: the last hours had no more.
    """
    least = 1 if not staff.always and not staff.shifts else 0
    left, moment = float(waiting), at
    for start, end in pairwise(_moments(staff, at)):
        gain = pace.each * max(least, staff.at(start)) - pace.came_in
        hours = (end - start) / timedelta(hours=1)
        if left <= 0:
            return moment
        if gain * hours >= left:
            return start + timedelta(hours=left / gain)
        left, moment = left - gain * hours, end
    return None


def people_needed(
    *, waiting: int, hours: Sequence[HourOfFlow], people_now: int, by: datetime, at: datetime
) -> int | None:
    """Gives how many people answer everything by a time; None when nobody can tell.

    The fewest: one fewer would not do.
    """
    paces = paces_of(hours, people_now=people_now)
    left = (by - at) / timedelta(hours=1)
    if paces is None or paces.usual.each <= 0 or left <= 0:
        return None
    if waiting <= 0:
        return 0
    low, high = 0, MOST_PEOPLE
    if not _done_by(waiting, paces.usual, high, left):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (
            (low, middle) if _done_by(waiting, paces.usual, middle, left) else (middle, high)
        )
    return high


def usual_error(proven: Sequence[tuple[datetime, datetime]]) -> timedelta | None:
    """Gives by how much forecasts were wrong in the middle case, of (said, happened) pairs."""
    if not proven:
        return None
    return timedelta(
        seconds=median(abs((said - happened).total_seconds()) for said, happened in proven)
    )


def _done_by(waiting: int, pace: Pace, people: int, hours: float) -> bool:
    return (pace.each * people - pace.came_in) * hours >= waiting


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    pairs = zip(values, weights, strict=True)
    return sum(value * weight for value, weight in pairs) / sum(weights)


def _moments(staff: Staff, at: datetime) -> list[datetime]:
    """The moments between which the staff stays the same, from now to the furthest."""
    end = at + _FURTHEST
    turns = {turn for shift in staff.shifts for turn in (shift.starts_at, shift.ends_at)}
    return [at, *sorted(turn for turn in turns if at < turn < end), end]
