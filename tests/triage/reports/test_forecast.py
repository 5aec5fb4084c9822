"""A forecast is given only when it is one."""

import pytest

from tests.factories.mail import NOON
from triage.reports.forecast import HourOfFlow, forecast


def test_the_best_and_the_worst_hour_bound_the_forecast() -> None:
    hours = [HourOfFlow(10, 20), HourOfFlow(10, 30)]
    found = forecast(waiting=60, hours=hours, at=NOON)
    assert found is not None
    assert found.low < found.clear_at < found.high


@pytest.mark.parametrize(
    "hours",
    [
        [],
        [HourOfFlow(0, 100)],
        [HourOfFlow(0, 5), HourOfFlow(0, 5)],
        [HourOfFlow(0, 100), HourOfFlow(100, 90)],
    ],
)
def test_too_little_or_contrary_evidence_gives_none(hours: list[HourOfFlow]) -> None:
    assert forecast(waiting=60, hours=hours, at=NOON) is None


def test_an_end_weeks_away_is_no_forecast() -> None:
    hours = [HourOfFlow(99, 100)] * 2
    assert forecast(waiting=10_000, hours=hours, at=NOON) is None
