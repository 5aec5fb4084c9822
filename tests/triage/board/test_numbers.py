"""The board's numbers, and what it said before."""

from datetime import timedelta

import pytest

from tests.factories import desk
from tests.factories.desk import NOON, minutes
from triage.board.numbers import Numbers, numbers
from triage.queues import counters
from triage.queues.flow import flow
from triage.queues.jobs import note_forecast
from triage.queues.models import ForecastNote

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def board(at=NOON) -> Numbers:
    return numbers(flow=flow(at=at), in_review={})


def a_flow(*, came: int = 5, went: int = 20) -> None:
    queue = desk.queue("praise").pk
    for ago in (1, 2):
        at = NOON - ago * HOUR
        counters.add([counters.came_in(queue, came), counters.went_out(queue, went)], at=at)


def test_each_queue_and_the_sum_say_the_same() -> None:
    desk.ticket("praise")
    desk.ticket("other")
    counters.add([counters.sent(desk.queue("other").pk, 3)], at=NOON)
    found = board()
    assert (found.waiting, found.sent_hour) == (2, 3)
    assert sum(line.waiting for line in found.queues) == 2


def test_a_change_is_told_against_what_was_noted_a_quarter_ago() -> None:
    for _ in range(3):
        desk.ticket("praise", promise_at=NOON - minutes(60))
    note_forecast(at=NOON)
    desk.ticket("praise")
    found = board(NOON + minutes(16))
    assert (found.waiting_change, found.changed_since) == (1, NOON)
    assert found.oldest_change == minutes(16)


def test_the_forecast_is_noted_once_a_quarter() -> None:
    assert [note_forecast(at=NOON + minutes(after)) for after in (0, 3, 15)] == [1, 0, 1]
    assert ForecastNote.objects.count() == 2


def test_what_was_said_an_hour_ago_stands_beside_what_is_said_now() -> None:
    ForecastNote.objects.create(
        quarter=NOON - HOUR, waiting=5, people=1, clear_at=NOON + HOUR, low=NOON, high=None
    )
    said = board().said_before
    assert said is not None
    assert (said.at, said.clear_at) == (NOON - HOUR, NOON + HOUR)


def test_when_nobody_waits_any_more_the_forecasts_before_are_proven() -> None:
    ForecastNote.objects.create(
        quarter=NOON - HOUR, waiting=5, people=1, clear_at=NOON - minutes(20), low=NOON
    )
    note_forecast(at=NOON)
    assert ForecastNote.objects.get(quarter=NOON - HOUR).cleared_at == NOON
    assert board().usual_error == minutes(20)


def test_while_somebody_waits_nothing_is_proven() -> None:
    desk.ticket()
    ForecastNote.objects.create(
        quarter=NOON - HOUR, waiting=5, people=1, clear_at=NOON - minutes(20), low=NOON
    )
    note_forecast(at=NOON)
    assert board().usual_error is None


def test_the_board_tells_when_it_will_be_over() -> None:
    a_flow()
    desk.actor("Ann")
    for _ in range(15):
        desk.ticket("praise")
    note_forecast(at=NOON)
    found = ForecastNote.objects.get()
    assert found.clear_at == NOON + HOUR
    said = board().forecast
    assert said is not None
    assert said.clear_at == NOON + HOUR
