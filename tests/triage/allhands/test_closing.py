import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from inbox.models import OutboundMessage
from tests.factories import desk, mail, outbox, people
from triage.accounts.models import User
from triage.accounts.policy import Actor
from triage.allhands.actions import (
    Backing,
    SomethingLeft,
    ask_to_close,
    confirm_request,
    stand_down,
    switch_on,
)
from triage.allhands.leftovers import left_over
from triage.incidents.actions import AlreadyChanged, Refused, ask_level
from triage.incidents.models import Incident, LevelChange, LevelRequest
from triage.notices.models import Alert
from triage.volunteers.queries import actor_for

pytestmark = pytest.mark.django_db
NOON = people.NOON


@pytest.fixture
def ada() -> Actor:
    return actor_for(people.person("ada"), at=NOON)


def close(ada: Actor, **backing: object) -> None:
    incident = Incident.objects.get()
    stand_down(
        incident_id=incident.pk,
        expected_version=incident.version,
        to_level="closed",
        backing=Backing(**backing),  # type: ignore[arg-type]
        by=ada,
        at=NOON,
    )


def test_nothing_left_closes_without_a_signature(ada: Actor) -> None:
    people.incident()
    close(ada)
    assert Incident.objects.get().level == "closed"


def a_person_waits() -> None:
    desk.ticket()


def somebody_waits_in_a_lane() -> None:
    desk.ticket("legal")


def an_email_is_set_aside() -> None:
    mail.arrival(state="quarantined", raw_sha256="a" * 64, reason="It cannot be read.")


def an_email_is_not_looked_at() -> None:
    desk.message(due_at=NOON)


def an_answer_is_on_its_way() -> None:
    outbox.answer(outbox.sender("smtp://127.0.0.1:1"))


def nobody_knows_whether_it_left() -> None:
    an_answer_is_on_its_way()
    OutboundMessage.objects.update(state="unknown", due_at=None)


@pytest.mark.parametrize(
    ("leave", "name"),
    [
        (a_person_waits, "open"),
        (somebody_waits_in_a_lane, "handed_over"),
        (an_email_is_set_aside, "set_aside"),
        (an_email_is_not_looked_at, "waiting"),
        (an_answer_is_on_its_way, "queued"),
        (nobody_knows_whether_it_left, "unknown"),
    ],
)
def test_closing_is_refused_while_anything_is_left(ada: Actor, leave, name: str) -> None:  # type: ignore[no-untyped-def]
    people.incident()
    leave()
    with pytest.raises(SomethingLeft, match="Sign the list"):
        close(ada)
    assert left_over().as_counts() == {name: 1}
    assert Incident.objects.get().level == "all-hands"


def test_a_letter_to_our_own_people_keeps_nothing_open() -> None:
    an_answer_is_on_its_way()
    OutboundMessage.objects.update(kind="staff", conversation=None)
    assert left_over().as_counts() == {}


def test_who_signs_the_list_closes_and_both_are_kept(ada: Actor) -> None:
    people.incident()
    a_person_waits()
    close(ada, signature="Ada Admin", signed={"open": 1})
    kept = LevelChange.objects.get()
    assert (kept.left, kept.signature) == ({"open": 1}, "Ada Admin")


def test_more_than_was_signed_for_is_refused(ada: Actor) -> None:
    people.incident()
    a_person_waits()
    a_person_waits()
    with pytest.raises(SomethingLeft, match="More is left"):
        close(ada, signature="Ada Admin", signed={"open": 1})


def asked_by_sam(to_level: str = "all-hands") -> LevelRequest:
    incident = people.incident("watch")
    Incident.objects.update(needs_second_person=True)
    sam = actor_for(people.person("sam", "admin"), at=NOON)
    return ask_level(
        incident_id=incident.pk,
        to_level=to_level,
        expected_version=1,
        user_id=sam.id,
        by=sam,
        at=NOON,
    )


def test_the_second_person_switches_on_until_the_time_that_was_asked_for(ada: Actor) -> None:
    request = asked_by_sam()
    changed = confirm_request(request_id=request.pk, by=ada, at=NOON)
    assert (changed.level, changed.recovery_at) == ("all-hands", request.recovery_at)
    assert LevelChange.objects.get().asked_by_name == "Sam"


def test_who_asked_cannot_confirm() -> None:
    request = asked_by_sam()
    sam = actor_for(User.objects.get(name="Sam"), at=NOON)
    with pytest.raises(Refused, match="another person"):
        confirm_request(request_id=request.pk, by=sam, at=NOON)


def test_it_is_confirmed_once(ada: Actor) -> None:
    request = asked_by_sam()
    confirm_request(request_id=request.pk, by=ada, at=NOON)
    with pytest.raises(AlreadyChanged):
        confirm_request(request_id=request.pk, by=ada, at=NOON)


def test_two_people_close_what_the_first_one_signed_for(ada: Actor) -> None:
    incident = people.incident("watch")
    Incident.objects.update(needs_second_person=True)
    a_person_waits()
    sam = actor_for(people.person("sam", "admin"), at=NOON)
    wish = {"incident_id": incident.pk, "expected_version": 1, "by": sam, "at": NOON}
    with pytest.raises(SomethingLeft):
        ask_to_close(signature="", signed={"open": 1}, **wish)  # type: ignore[arg-type]
    request = ask_to_close(signature="Sam", signed={"open": 1}, **wish)  # type: ignore[arg-type]
    assert confirm_request(request_id=request.pk, by=ada, at=NOON).level == "closed"


def test_one_alone_needs_a_reason_and_everybody_in_charge_is_told(ada: Actor) -> None:
    incident = people.incident("watch")
    Incident.objects.update(needs_second_person=True)
    switch_on(
        incident_id=incident.pk,
        expected_version=1,
        backing=Backing(alone_because="Nobody answers the phone."),
        by=ada,
        at=NOON,
    )
    assert "Ada did alone" in Alert.objects.get().text
    assert "Nobody answers the phone." in Alert.objects.get().text


def test_warnings_that_stand_are_kept_beside_the_switch(ada: Actor) -> None:
    incident = people.incident("watch")
    switch_on(incident_id=incident.pk, expected_version=1, by=ada, at=NOON)
    kept = LevelChange.objects.get().overrides
    assert {"no_mailbox", "no_supervisor", "no_briefing", "staff_not_told"} <= set(kept)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_confirm_at_once_one_wins_and_the_rest_are_told() -> None:
    request = asked_by_sam()
    ada = actor_for(people.person("ada"), at=NOON)
    results: list[str] = []

    def press() -> None:
        try:
            confirm_request(request_id=request.pk, by=ada, at=NOON)
            results.append("won")
        except AlreadyChanged:
            results.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["told"] * 19 + ["won"]
    assert LevelChange.objects.count() == 1


def test_the_page_shows_what_is_left_and_takes_the_signature(client: Client) -> None:
    client.force_login(people.person("ada"))
    people.incident()
    a_person_waits()
    page = client.get("/all-hands/close/").content.decode()
    assert "People who wait for an answer" in page
    refused = client.post("/all-hands/close/", {"version": 1})
    assert (refused.status_code, Incident.objects.get().level) == (409, "all-hands")
    client.post("/all-hands/close/", {"version": 1, "left_open": 1, "signature": "Ada"})
    assert Incident.objects.get().level == "closed"


def test_from_the_page_one_asks_and_another_confirms(client: Client) -> None:
    ada, eve = people.person("ada"), people.person("eve", "admin")
    people.incident("watch")
    Incident.objects.update(needs_second_person=True)
    client.force_login(ada)
    form = client.get("/all-hands/").context["switch_form"]
    until = form.fields["recovery_at"].choices[0][0]
    wish = {"version": 1, "recovery_at": until, "confirmation": "The breach"}
    client.post("/all-hands/on/", wish)
    request = LevelRequest.objects.get()
    assert client.post(f"/all-hands/requests/{request.pk}/confirm/").status_code == 409
    client.force_login(eve)
    assert "Ada asks to switch on" in client.get("/all-hands/").content.decode()
    client.post(f"/all-hands/requests/{request.pk}/confirm/")
    assert Incident.objects.get().level == "all-hands"


@pytest.mark.parametrize("name", ["ada", "sam"])
def test_one_press_lets_it_go_on(client: Client, name: str) -> None:
    client.force_login(people.person(name))
    incident = people.incident(at=people.timezone.now())
    client.post("/all-hands/extend/", {"version": 1, "hours": 2})
    now = Incident.objects.get()
    assert incident.recovery_at and now.recovery_at == incident.recovery_at + timedelta(hours=2)
    assert client.post("/all-hands/extend/", {"version": 1, "hours": 2}).status_code == 409


def test_quiet_steps_lead_back_and_forth(client: Client) -> None:
    client.force_login(people.person("ada"))
    people.incident("watch")
    for version, level in enumerate(("elevated", "watch"), start=1):
        client.post("/all-hands/level/", {"version": version, "to_level": level})
        assert Incident.objects.get().level == level
    refused = client.post("/all-hands/level/", {"version": 3, "to_level": "all-hands"})
    assert (refused.status_code, Incident.objects.get().level) == (409, "watch")
