"""The board's charts: arrivals and answers by hour as lines of an SVG, pure arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, log10

WIDTH, HEIGHT = 760, 190
LEFT, RIGHT, TOP, BOTTOM = 44, 690, 26, 160
SPARK_WIDTH, SPARK_HEIGHT = 84, 24
_LABEL_GAP = 14


@dataclass(frozen=True, kw_only=True)
class Hour:
    """What came in and went out in the hour that began at `start`."""

    start: datetime
    came_in: int
    went_out: int


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A grid line, an hour or a point, with its place and its words."""

    x: float
    y: float
    text: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Paths and marks in a box of 760 by 190; the hours themselves for those who do not see it."""

    came_in: str
    went_out: str
    levels: tuple[Mark, ...]
    hours: tuple[Mark, ...]
    peak: Mark | None
    came_in_end: Mark
    went_out_end: Mark
    overtook_at: datetime | None
    rows: tuple[Hour, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT

    @property
    def is_empty(self) -> bool:
        """Tells whether nothing came in and nothing went out."""
        return not any(hour.came_in or hour.went_out for hour in self.rows)


@dataclass(frozen=True, kw_only=True)
class Spark:
    """A queue's hours as two small lines without any words."""

    came_in: str
    went_out: str
    width: int = SPARK_WIDTH
    height: int = SPARK_HEIGHT


def draw(hours: Sequence[Hour]) -> Chart:
    """Gives the chart of these hours, oldest first; needs at least one."""
    highest = max(max(hour.came_in, hour.went_out) for hour in hours)
    top = round_up(highest)
    xs = [LEFT + (RIGHT - LEFT) * i / max(1, len(hours) - 1) for i in range(len(hours))]
    came = [_y(hour.came_in, top) for hour in hours]
    went = [_y(hour.went_out, top) for hour in hours]
    every = max(1, ceil(len(hours) / 6))
    came_y, went_y = _apart(came[-1], went[-1])
    return Chart(
        came_in=_path(xs, came),
        went_out=_path(xs, went),
        levels=tuple(
            Mark(x=LEFT - 8, y=_y(top * part / 2, top), text=f"{round(top * part / 2):,}")
            for part in range(3)
        ),
        hours=tuple(
            Mark(x=x, y=HEIGHT - 8, at=hour.start)
            for x, hour in list(zip(xs, hours, strict=True))[::every]
        ),
        peak=_peak(hours, xs, came),
        came_in_end=Mark(x=RIGHT + 8, y=came_y),
        went_out_end=Mark(x=RIGHT + 8, y=went_y),
        overtook_at=_overtook(hours),
        rows=tuple(hours),
    )


def spark(hours: Sequence[Hour]) -> Spark:
    """Gives a queue's hours small; both lines share one scale, and a quiet queue lies flat."""
    top = max(1, *(max(hour.came_in, hour.went_out) for hour in hours))
    xs = [2 + (SPARK_WIDTH - 4) * i / max(1, len(hours) - 1) for i in range(len(hours))]

    def at_height(value: int) -> float:
        return round(SPARK_HEIGHT - 3 - (SPARK_HEIGHT - 6) * value / top, 1)

    return Spark(
        came_in=_path(xs, [at_height(hour.came_in) for hour in hours]),
        went_out=_path(xs, [at_height(hour.went_out) for hour in hours]),
    )


def round_up(highest: int) -> int:
    """Gives the next number that is pleasant at the top of an axis: 10, 20, 50, 100, ..."""
    if highest <= 10:
        return 10
    size: int = 10 ** int(log10(highest))
    return next(step * size for step in (1, 2, 5, 10) if step * size >= highest)


def _peak(hours: Sequence[Hour], xs: Sequence[float], ys: Sequence[float]) -> Mark | None:
    """The hour in which most came in, named at the line; none while nothing came."""
    best = max(range(len(hours)), key=lambda i: hours[i].came_in)
    if not hours[best].came_in:
        return None
    return Mark(x=xs[best], y=ys[best], text=f"{hours[best].came_in:,}", at=hours[best].start)


def _overtook(hours: Sequence[Hour]) -> datetime | None:
    """Since when more has gone out than come in, hour by hour; None while it has not."""
    since: datetime | None = None
    for hour in hours:
        if hour.went_out > hour.came_in:
            since = since or hour.start
        elif hour.came_in:
            since = None
    return since


def _apart(came: float, went: float) -> tuple[float, float]:
    """The heights of the two words at the lines' ends, so that neither covers the other."""
    if abs(came - went) >= _LABEL_GAP:
        return came, went
    middle, half = (came + went) / 2, _LABEL_GAP / 2
    return (middle - half, middle + half) if came <= went else (middle + half, middle - half)


def _y(value: float, top: int) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * value / top, 1)


def _path(xs: Sequence[float], ys: Sequence[float]) -> str:
    points = [f"{x:.1f} {y}" for x, y in zip(xs, ys, strict=True)]
    return "M" + "L".join(points) if points else ""
