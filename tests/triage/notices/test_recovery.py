"""What those in charge hear of the level: before it ends by itself, and when two are needed."""

from datetime import timedelta

import pytest

from tests.factories import desk, people
from triage.audit.actions import Step
from triage.classification.models import SorterModel
from triage.classification.sorting import models_folder
from triage.incidents.actions import ask_level, withdraw_request
from triage.incidents.models import Incident, LevelChange
from triage.notices.jobs import notify
from triage.notices.models import Alert

pytestmark = pytest.mark.django_db
NOON = people.NOON


@pytest.fixture(autouse=True)
def _incident() -> None:
    SorterModel.objects.create(version="v1", trained_at=NOON, is_active=True, activated_at=NOON)
    (models_folder() / "v1").mkdir(parents=True, exist_ok=True)
    people.incident()


def told(minutes_before: float) -> list[str]:
    notify(at=NOON + timedelta(days=1) - timedelta(minutes=minutes_before))
    return list(Alert.objects.filter(over_at=None).values_list("cause", flat=True))


def cause(minutes: int) -> str:
    return f"recovery:{Incident.objects.get().pk}:{minutes}"


@pytest.mark.parametrize(
    ("minutes_before", "expected"),
    [(121, None), (120, 120), (31, 120), (30, 30), (6, 30), (5, 5), (0.1, 5), (0, None)],
)
def test_each_warning_has_its_time(minutes_before: float, expected: int | None) -> None:
    assert told(minutes_before) == ([cause(expected)] if expected else [])


def test_each_is_said_once_and_the_next_one_takes_its_place() -> None:
    for minutes_before in (120, 119, 100, 30, 29, 5, 4):
        told(minutes_before)
    causes = list(Alert.objects.order_by("pk").values_list("cause", flat=True))
    assert causes == [cause(120), cause(30), cause(5)]


def test_it_says_how_many_still_wait_as_it_was_then() -> None:
    desk.ticket()
    told(120)
    assert "1 person still waits." in Alert.objects.get().text
    desk.ticket()
    assert notify(at=NOON + timedelta(days=1) - timedelta(minutes=119)) == 0
    assert "1 person still waits." in Alert.objects.get().text


def test_it_is_over_when_it_goes_on_longer_and_comes_again_in_time() -> None:
    told(120)
    Incident.objects.update(recovery_at=NOON + timedelta(days=2))
    assert told(119) == []
    assert told(-22 * 60) == [cause(120)]


def test_it_leads_to_where_it_can_be_let_go_on() -> None:
    told(30)
    assert Alert.objects.get().page == "/all-hands/extend/"


def test_a_second_person_hears_that_they_are_asked_until_it_is_over() -> None:
    Incident.objects.update(level="watch", recovery_at=None, needs_second_person=True)
    incident, ada = Incident.objects.get(), people.person("ada")
    request = ask_level(
        incident_id=incident.pk,
        to_level="all-hands",
        expected_version=1,
        user_id=ada.pk,
        by=Step("test"),
        at=NOON,
    )
    assert told(0) == [f"asked:{request.pk}"]
    alert = Alert.objects.get()
    assert (alert.page, "Ada asks to switch on" in alert.text) == ("/all-hands/", True)
    withdraw_request(request_id=request.pk, by=Step("test"), at=NOON)
    assert told(0) == []


def test_what_one_did_alone_is_said_for_a_day() -> None:
    Incident.objects.update(needs_second_person=True)
    incident = Incident.objects.get()
    change = LevelChange.objects.create(
        incident=incident,
        version=1,
        from_level="watch",
        to_level="all-hands",
        by_name="Ada",
        alone_because="Nobody answers.",
        at=NOON,
    )
    for hours in (0, 20):
        notify(at=NOON + timedelta(hours=hours))
    assert Alert.objects.get().cause == f"alone:{change.pk}"
    notify(at=NOON + timedelta(hours=25))
    assert not Alert.objects.filter(over_at=None).exists()
