"""Supervisors hear of people who wait where nobody here can answer them, once a minute."""

import pytest
from django.core.cache import cache

from tests.factories import desk
from tests.factories.desk import NOON, minutes
from triage.notices.models import Alert
from triage.notices.unserved import tell_unserved

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _first_look_of_this_minute() -> None:
    cache.delete("muster.unserved")


def open_alerts() -> list[str]:
    return list(Alert.objects.filter(over_at=None).values_list("text", flat=True))


def test_a_queue_that_nobody_serves_is_told_and_over_when_somebody_comes() -> None:
    desk.ticket("praise", promise_at=NOON + minutes(20))
    assert tell_unserved(at=NOON) == 1
    assert open_alerts() == ["In Praise people wait, and nobody here serves it."]
    desk.actor("Sue")
    cache.delete("muster.unserved")
    assert tell_unserved(at=NOON) == 1
    assert open_alerts() == []


def test_nobody_is_told_while_there_is_time() -> None:
    desk.ticket("praise", promise_at=NOON + minutes(31))
    assert tell_unserved(at=NOON) == 0


def test_it_is_looked_for_once_a_minute() -> None:
    tell_unserved(at=NOON)
    desk.ticket("praise", promise_at=NOON)
    assert tell_unserved(at=NOON) == 0
    assert open_alerts() == []
