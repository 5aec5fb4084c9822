"""A forecast is given only when it is one; more hands are never later."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.mail import NOON
from triage.queues.forecast import (
    HourOfFlow,
    Shift,
    Staff,
    clear,
    forecast,
    paces_of,
    people_needed,
    usual_error,
)

HOUR = timedelta(hours=1)
TEN = Staff(always=10)
flows = st.lists(
    st.builds(
        HourOfFlow, st.integers(0, 500), st.integers(0, 500), st.floats(1, 200), st.floats(0.25, 1)
    ),
    min_size=2,
    max_size=6,
)


def test_a_steady_flow_is_clear_when_the_sum_says_so() -> None:
    hours = [HourOfFlow(10, 40, people=10)] * 2
    found = forecast(waiting=60, hours=hours, staff=TEN, at=NOON)
    assert found is not None
    assert (found.low, found.clear_at, found.high) == (NOON + 2 * HOUR,) * 3


def test_the_range_grows_with_how_much_the_hours_differ() -> None:
    hours = [HourOfFlow(10, 20, people=10), HourOfFlow(10, 30, people=10)]
    found = forecast(waiting=60, hours=hours, staff=TEN, at=NOON)
    assert found is not None
    assert found.high is not None
    assert found.low < found.clear_at < found.high


@pytest.mark.parametrize(
    "hours",
    [[], [HourOfFlow(0, 100)], [HourOfFlow(0, 5), HourOfFlow(0, 5)], [HourOfFlow(100, 90)] * 2],
)
def test_too_little_or_contrary_evidence_gives_none(hours: list[HourOfFlow]) -> None:
    assert forecast(waiting=60, hours=hours, staff=TEN, at=NOON) is None


def test_a_slow_end_that_is_not_in_sight_is_left_open() -> None:
    hours = [HourOfFlow(90, 85), HourOfFlow(0, 100)]
    found = forecast(waiting=60, hours=hours, staff=TEN, at=NOON)
    assert found is not None
    assert found.high is None


def test_people_who_said_when_they_come_count_from_then_on() -> None:
    hours = [HourOfFlow(0, 20, people=10)] * 2
    shift = Shift(NOON + HOUR, NOON + 2 * HOUR)
    found = forecast(waiting=50, hours=hours, staff=Staff(10, (shift,) * 5), at=NOON)
    assert found is not None
    assert found.clear_at == NOON + 2 * HOUR


def test_twice_the_people_than_in_the_last_hours_are_twice_as_fast() -> None:
    hours = [HourOfFlow(0, 20, people=5)] * 2
    found = forecast(waiting=40, hours=hours, staff=TEN, at=NOON)
    assert found is not None
    assert found.clear_at == NOON + HOUR


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(flows, st.integers(0, 5000), st.integers(1, 300))
def test_low_is_never_after_and_high_never_before(
    hours: list[HourOfFlow], waiting: int, people: int
) -> None:
    found = forecast(waiting=waiting, hours=hours, staff=Staff(people), at=NOON)
    if found is not None:
        assert NOON <= found.low <= found.clear_at
        assert found.high is None or found.clear_at <= found.high


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(flows, st.integers(1, 5000), st.integers(1, 300))
def test_one_more_person_is_never_later_and_one_more_email_never_earlier(
    hours: list[HourOfFlow], waiting: int, people: int
) -> None:
    paces = paces_of(hours, people_now=people)
    if paces is None:
        return
    now = clear(waiting, paces.usual, Staff(people), at=NOON)
    helped = clear(waiting, paces.usual, Staff(people + 1), at=NOON)
    longer = clear(waiting + 1, paces.usual, Staff(people), at=NOON)
    if now is not None:
        assert helped is not None
        assert helped <= now
    assert longer is None or (now is not None and now <= longer)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(flows, st.integers(1, 5000), st.integers(1, 48))
def test_the_people_needed_are_enough_and_one_fewer_is_not(
    hours: list[HourOfFlow], waiting: int, in_hours: int
) -> None:
    by = NOON + in_hours * HOUR
    needed = people_needed(waiting=waiting, hours=hours, people_now=10, by=by, at=NOON)
    paces = paces_of(hours, people_now=10)
    if needed is None or paces is None:
        return

    def answered(people: int) -> float:
        return (paces.usual.each * people - paces.usual.came_in) * in_hours

    assert answered(needed) >= waiting
    assert answered(needed - 1) < waiting


def test_a_time_that_has_passed_needs_nobody_can_say_how_many() -> None:
    hours = [HourOfFlow(0, 50)] * 2
    assert people_needed(waiting=1, hours=hours, people_now=1, by=NOON, at=NOON) is None


def test_the_usual_error_is_that_of_the_middle_case() -> None:
    pairs = [(NOON, NOON + timedelta(minutes=late)) for late in (0, -20, 90)]
    assert usual_error(pairs) == timedelta(minutes=20)
    assert usual_error([]) is None
