"""When the waiting will be over, from the flow of the last hours; silent when it cannot know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

FEWEST_HOURS = 2
FEWEST_ANSWERS = 20
_FURTHEST = timedelta(days=14)


@dataclass(frozen=True)
class HourOfFlow:
    """One full hour: emails that came to need an answer, and emails that ceased to."""

    came_in: int
    went_out: int


@dataclass(frozen=True)
class Forecast:
    """When everything will be answered, if the next hours are like the last ones."""

    clear_at: datetime
    low: datetime
    high: datetime


def forecast(*, waiting: int, hours: Sequence[HourOfFlow], at: datetime) -> Forecast | None:
    """Gives when `waiting` emails are answered, with the best and the worst hour as bounds.

    None when it would be a guess: fewer than two full hours or twenty answers, an hour in which
    more came than went, or an end more than 14 days away.
    """
    if len(hours) < FEWEST_HOURS or sum(hour.went_out for hour in hours) < FEWEST_ANSWERS:
        return None
    gains = [hour.went_out - hour.came_in for hour in hours]
    if min(gains) <= 0:
        return None

    def after(gain: float) -> datetime:
        return at + min(_FURTHEST, timedelta(hours=waiting / gain))

    found = Forecast(after(sum(gains) / len(gains)), after(max(gains)), after(min(gains)))
    return found if found.high < at + _FURTHEST else None
