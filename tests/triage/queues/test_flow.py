"""What flows and who is there, from the counters, in three statements."""

from datetime import timedelta

import pytest

from tests.factories import desk
from tests.factories.desk import NOON, minutes
from triage.queues import counters
from triage.queues.flow import flow, headcount
from triage.queues.models import ForecastNote, QueueMembership
from triage.volunteers.models import Shift

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def passed(queue_id: int, *, came: int, went: int, hours_ago: int) -> None:
    at = NOON - hours_ago * HOUR
    counters.add([counters.came_in(queue_id, came), counters.went_out(queue_id, went)], at=at)


def test_a_queue_is_clear_when_its_own_flow_says_so():
    praise = desk.queue("praise").pk
    counters.add([counters.waiting(praise, 60)], at=NOON)
    for hours_ago in (1, 2):
        passed(praise, came=10, went=40, hours_ago=hours_ago)
    found = flow(at=NOON).forecast_of(praise, people=5)
    assert found is not None
    assert found.clear_at == NOON + 2 * HOUR
    assert flow(at=NOON).forecast_of(desk.queue("other").pk, people=5) is None


def test_who_said_when_they_come_is_expected_then():
    desk.actor("Ann")
    Shift.objects.create(user=desk.user("Bob"), starts_at=NOON + HOUR, ends_at=NOON + 2 * HOUR)
    staff = flow(at=NOON).staff
    assert [staff.at(NOON + minutes(after)) for after in (0, 60, 120)] == [1, 2, 1]


def test_people_count_where_they_serve():
    praise, legal = desk.queue("praise").pk, desk.queue("legal").pk
    desk.actor("Ann")
    QueueMembership.objects.create(user=desk.user("Sue", "support"), queue_id=praise)
    found = headcount(at=NOON)
    assert found.everybody == 2
    assert found.serving(praise, is_lane=False) == 2
    assert found.serving(desk.queue("other").pk, is_lane=False) == 1
    assert found.serving(legal, is_lane=True) == 1


def test_an_hour_with_more_people_than_now_promises_no_more_than_they_did():
    praise = desk.queue("praise").pk
    desk.actor("Ann")
    counters.add([counters.waiting(praise, 40)], at=NOON)
    for hours_ago in (1, 2):
        passed(praise, came=0, went=40, hours_ago=hours_ago)
        at = NOON - hours_ago * HOUR
        ForecastNote.objects.create(quarter=at, waiting=40, people=2)
    found = flow(at=NOON).forecast()
    assert found is not None
    assert found.clear_at == NOON + 2 * HOUR


def test_the_cost_does_not_depend_on_how_much_there_is(django_assert_num_queries):
    for size in (1, 20):
        for _ in range(size):
            desk.ticket()
            desk.actor(f"Person{size}{_}")
        with django_assert_num_queries(3):
            flow(at=NOON)
