from datetime import timedelta

import pytest

from tests.factories import people
from triage.accounts.actions import choose_ceremony
from triage.accounts.ceremony import Size
from triage.accounts.policy import Actor
from triage.audit.models import AuditEvent
from triage.incidents.actions import (
    AlreadyChanged,
    Grounds,
    Refused,
    SecondPersonNeeded,
    ask_level,
    change_level,
    extend,
    open_incident,
    require_second_person,
    withdraw_request,
)
from triage.incidents.models import Incident, LevelChange, LevelRequest
from triage.incidents.queries import open_request
from triage.volunteers.queries import actor_for

pytestmark = pytest.mark.django_db
NOON = people.NOON


@pytest.fixture
def ada() -> Actor:
    return actor_for(people.person("ada"), at=NOON)


@pytest.fixture
def incident(ada: Actor) -> Incident:
    row = people.incident("watch")
    require_second_person(incident_id=row.pk, by=ada, at=NOON)
    row.refresh_from_db()
    return row


def change(incident: Incident, ada: Actor, to_level: str = "all-hands", **grounds: object) -> None:
    change_level(
        incident_id=incident.pk,
        to_level=to_level,
        expected_version=Incident.objects.get().version,
        grounds=Grounds(**grounds),  # type: ignore[arg-type]
        by=ada,
        at=NOON,
    )


def ask(incident: Incident, ada: Actor, to_level: str = "all-hands") -> LevelRequest:
    return ask_level(
        incident_id=incident.pk,
        to_level=to_level,
        expected_version=Incident.objects.get().version,
        user_id=ada.id,
        by=ada,
        at=NOON,
    )


@pytest.mark.parametrize("to_level", ["all-hands", "closed"])
def test_one_alone_neither_switches_on_nor_closes(
    incident: Incident, ada: Actor, to_level: str
) -> None:
    with pytest.raises(SecondPersonNeeded, match="Two people"):
        change(incident, ada, to_level)
    assert Incident.objects.get().level == "watch"


def test_one_alone_shuts_the_doors(incident: Incident, ada: Actor) -> None:
    change(incident, ada, alone_because="Nobody answers.")
    change(incident, ada, "recovery")
    assert Incident.objects.get().level == "recovery"


def test_who_asked_is_not_the_second_person(incident: Incident, ada: Actor) -> None:
    with pytest.raises(SecondPersonNeeded):
        change(incident, ada, asked_by_id=ada.id)


def test_another_one_is_and_both_are_kept(incident: Incident, ada: Actor) -> None:
    sam = people.person("sam")
    ask(incident, ada)
    change(incident, ada, asked_by_id=sam.pk, asked_by_name="Sam")
    kept = LevelChange.objects.get()
    assert (kept.by_name, kept.asked_by_name) == ("Ada", "Sam")
    assert LevelRequest.objects.get().is_confirmed


def test_a_reason_does_for_the_second_person_and_is_kept(incident: Incident, ada: Actor) -> None:
    change(incident, ada, alone_because=" Nobody answers the phone. ")
    assert LevelChange.objects.get().alone_because == "Nobody answers the phone."
    event = AuditEvent.objects.get(action="incident.level")
    assert event.detail["alone_because"] == "Nobody answers the phone."


def test_it_stays_so_once_it_is_set(incident: Incident, ada: Actor) -> None:
    assert not require_second_person(incident_id=incident.pk, by=ada, at=NOON)
    assert AuditEvent.objects.filter(action="incident.require_second_person").count() == 1


def test_what_is_asked_for_is_asked_once(incident: Incident, ada: Actor) -> None:
    ask(incident, ada)
    with pytest.raises(Refused, match="asked for already"):
        ask(incident, ada)


def test_what_is_taken_back_can_be_asked_for_again(incident: Incident, ada: Actor) -> None:
    first = ask(incident, ada)
    assert withdraw_request(request_id=first.pk, by=ada, at=NOON)
    assert not withdraw_request(request_id=first.pk, by=ada, at=NOON)
    assert open_request(incident) is None
    ask(incident, ada)


def test_a_request_is_over_with_the_next_change(incident: Incident, ada: Actor) -> None:
    ask(incident, ada)
    change(incident, ada, "elevated")
    request = LevelRequest.objects.get()
    assert (request.ended_at, request.is_confirmed) == (NOON, False)


def test_nothing_is_asked_for_that_the_level_does_not_lead_to(
    incident: Incident, ada: Actor
) -> None:
    with pytest.raises(Refused):
        ask(incident, ada, "recovery")


def longer(incident: Incident, ada: Actor, hours: int, version: int = 1) -> Incident:
    return extend(
        incident_id=incident.pk,
        expected_version=version,
        recovery_at=NOON + timedelta(hours=hours),
        by=ada,
        at=NOON,
    )


def test_all_hands_mode_goes_on_longer_and_back(ada: Actor) -> None:
    incident = people.incident()
    assert longer(incident, ada, 26).recovery_at == NOON + timedelta(hours=26)
    assert longer(incident, ada, 24, version=2).recovery_at == NOON + timedelta(hours=24)
    assert [event.action for event in AuditEvent.objects.all()] == ["incident.extend"] * 2
    assert Incident.objects.get().level_since == NOON


def test_of_two_who_extend_one_is_told_of_the_other(ada: Actor) -> None:
    incident = people.incident()
    longer(incident, ada, 26)
    with pytest.raises(AlreadyChanged, match="Ada was a moment faster"):
        longer(incident, ada, 26)


def test_what_is_not_on_does_not_go_on(ada: Actor) -> None:
    with pytest.raises(Refused, match="not on"):
        longer(people.incident("recovery"), ada, 26)


def test_when_the_record_cannot_be_written_it_does_not_go_on(
    ada: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise OSError("disk full")

    incident = people.incident()
    monkeypatch.setattr("triage.incidents.actions.moving.record", broken)
    with pytest.raises(OSError, match="disk full"):
        longer(incident, ada, 26)
    assert Incident.objects.get().version == 1


@pytest.mark.parametrize(("size", "needed"), [("small", False), ("large", True)])
def test_a_large_company_does_it_by_two(ada: Actor, size: str, needed: bool) -> None:
    choose_ceremony(size=Size(size), by=ada, at=NOON)
    opened = open_incident(name="The breach", by=ada, at=NOON)
    assert opened.needs_second_person is needed
