"""The board's chart: arrivals and answers by hour as lines of an SVG, pure arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, log10

WIDTH, HEIGHT = 760, 170
LEFT, RIGHT, TOP, BOTTOM = 40, 750, 20, 146


@dataclass(frozen=True, kw_only=True)
class Hour:
    """What came in and went out in the hour that began at `start`."""

    start: datetime
    came_in: int
    went_out: int


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A grid line or an hour, with its place and its words."""

    x: float
    y: float
    text: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Paths and marks in a box of 760 by 170."""

    came_in: str
    went_out: str
    levels: tuple[Mark, ...]
    hours: tuple[Mark, ...]
    is_empty: bool
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT


def draw(hours: Sequence[Hour]) -> Chart:
    """Gives the chart of these hours, oldest first; needs at least two."""
    highest = max((max(hour.came_in, hour.went_out) for hour in hours), default=0)
    top = round_up(highest)
    xs = [LEFT + (RIGHT - LEFT) * i / max(1, len(hours) - 1) for i in range(len(hours))]
    every = max(1, ceil(len(hours) / 6))
    return Chart(
        came_in=_path(xs, [_y(hour.came_in, top) for hour in hours]),
        went_out=_path(xs, [_y(hour.went_out, top) for hour in hours]),
        levels=tuple(
            Mark(x=LEFT - 6, y=_y(top * part / 2, top), text=f"{round(top * part / 2):,}")
            for part in range(3)
        ),
        hours=tuple(
            Mark(x=x, y=HEIGHT - 6, at=hour.start)
            for x, hour in list(zip(xs, hours, strict=True))[::every]
        ),
        is_empty=highest == 0,
    )


def round_up(highest: int) -> int:
    """Gives the next number that is pleasant at the top of an axis: 10, 20, 50, 100, ..."""
    if highest <= 10:
        return 10
    size: int = 10 ** int(log10(highest))
    return next(step * size for step in (1, 2, 5, 10) if step * size >= highest)


def _y(value: float, top: int) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * value / top, 1)


def _path(xs: Sequence[float], ys: Sequence[float]) -> str:
    points = [f"{x:.1f} {y}" for x, y in zip(xs, ys, strict=True)]
    return "M" + "L".join(points) if points else ""
