"""Read, sign, promise: before the first email, and again when something changed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import desk, people
from triage.accounts.actions import choose_ceremony
from triage.accounts.ceremony import Size
from triage.accounts.models import RoleGrant, User
from triage.audit.actions import Step
from triage.audit.models import AuditEvent
from triage.incidents.actions import must_read
from triage.incidents.models import Incident
from triage.queues.models import Ticket
from triage.volunteers import actions
from triage.volunteers.actions import Refused, Signing
from triage.volunteers.models import Enlistment
from triage.volunteers.queries import actor_for

pytestmark = pytest.mark.django_db
NOON = people.NOON
SIGNED = {"shown_name": "Maya", "languages": ["en", "de"], "promise": "on"}


@pytest.fixture
def incident() -> Incident:
    made = people.incident(at=timezone.now())
    people.briefing(made, people.person("ada"))
    return made


@pytest.fixture
def ann(client: Client, incident: Incident) -> User:
    user = people.person("ann")
    people.helper(user, incident, state="briefing", at=timezone.now())
    client.force_login(user)
    return user


def part() -> Enlistment:
    return Enlistment.objects.get()


def test_reading_leads_to_signing_and_signing_to_practice(client: Client, ann: User) -> None:
    assert client.post("/briefing/").headers["Location"] == "/briefing/sign/"
    assert client.post("/briefing/sign/", SIGNED).headers["Location"] == "/practice/"
    mine = part()
    assert (mine.state, mine.languages, mine.receipts.count()) == ("practising", ["en", "de"], 1)
    assert mine.promised_at is not None
    ann.refresh_from_db()
    assert ann.shown_name == "Maya"


def test_without_the_promise_nobody_goes_on(client: Client, ann: User) -> None:
    client.post("/briefing/")
    answer = client.post("/briefing/sign/", {**SIGNED, "promise": ""})
    assert answer.status_code == 422
    assert "the one thing we have to ask" in answer.content.decode()
    assert part().promised_at is None


def test_nobody_promises_before_they_have_read(
    client: Client, ann: User, incident: Incident
) -> None:
    assert client.post("/briefing/sign/", SIGNED).headers["Location"] == "/briefing/"
    with pytest.raises(Refused):
        actions.promise(
            user=ann,
            incident_id=incident.pk,
            signing=Signing(shown_name="Maya"),
            by=actor_for(ann, at=NOON),
            at=NOON,
        )


def test_a_promise_unrecorded_is_no_promise(
    client: Client, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("the record cannot be written")

    client.post("/briefing/")
    monkeypatch.setattr("triage.volunteers.actions.reading.record", broken)
    with pytest.raises(RuntimeError):
        client.post("/briefing/sign/", SIGNED)
    assert part().promised_at is None


def test_who_practised_before_skips_to_helping_with_the_trust_they_earned(
    client: Client, ann: User, incident: Incident
) -> None:
    people.practised(ann)
    earlier = people.incident("closed", name="The outage")
    Enlistment.objects.create(
        user=ann,
        incident=earlier,
        state="ended",
        joined_at=NOON,
        until=NOON,
        ended_at=NOON,
        promised_at=NOON,
        trust=1,
    )
    client.post("/briefing/")
    assert client.post("/briefing/sign/", SIGNED).headers["Location"] == "/desk/"
    mine = Enlistment.objects.get(incident=incident)
    assert (mine.state, mine.trust) == ("ready", 1)
    assert mine.practised_at is not None


@pytest.mark.parametrize(("size", "then"), [("small", "ready"), ("large", "practising")])
def test_the_steady_team_practises_only_in_the_large_ceremony(
    client: Client, ann: User, size: str, then: str
) -> None:
    choose_ceremony(size=Size(size), by=Step("test"), at=NOON)
    RoleGrant.objects.create(user=ann, role="support", granted_at=NOON)
    client.post("/briefing/")
    client.post("/briefing/sign/", SIGNED)
    assert part().state == then


@pytest.fixture
def helping(client: Client, incident: Incident) -> User:
    user = people.person("bob")
    people.ready_helper(user, incident, at=timezone.now())
    client.force_login(user)
    return user


def change(incident: Incident, note: str = "No card numbers were taken.") -> None:
    must_read(incident_id=incident.pk, note=note)
    incident.refresh_from_db()


def test_a_change_is_read_in_one_line_before_the_next_email(
    client: Client, helping: User, incident: Incident
) -> None:
    desk.ticket("other")
    change(incident)
    assert client.post("/desk/next/").headers["Location"] == "/briefing/again/"
    page = client.get("/briefing/again/").content.decode()
    assert "No card numbers were taken." in page
    seen = {"seen": str(incident.reading_version)}
    assert client.post("/briefing/again/", seen).headers["Location"] == "/desk/"
    client.post("/desk/next/")
    assert Ticket.objects.get().holder_id == helping.pk


def test_the_email_in_hand_stays_and_can_be_finished(
    client: Client, helping: User, incident: Incident
) -> None:
    ticket = desk.ticket("other")
    client.post("/desk/next/")
    change(incident)
    assert ticket.conversation.subject in client.get("/desk/").content.decode()
    assert Ticket.objects.get().holder_id == helping.pk


def test_what_changed_while_somebody_read_is_asked_again(
    client: Client, helping: User, incident: Incident
) -> None:
    change(incident)
    seen = str(incident.reading_version)
    change(incident, "Addresses were taken after all.")
    client.post("/briefing/again/", {"seen": seen})
    assert "Addresses were taken after all." in client.get("/briefing/again/").content.decode()


def test_nothing_new_leads_back_to_the_desk(client: Client, helping: User) -> None:
    assert client.get("/briefing/again/").headers["Location"] == "/desk/"


def test_reading_is_recorded(client: Client, helping: User, incident: Incident) -> None:
    change(incident)
    client.post("/briefing/again/", {"seen": str(incident.reading_version)})
    assert AuditEvent.objects.filter(action="briefing.acknowledge").count() == 1


def test_the_flow_costs_few_queries(
    client: Client, ann: User, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    client.post("/briefing/")
    for page in ("/briefing/", "/briefing/sign/", "/practice/"):
        with django_assert_max_num_queries(12):
            client.get(page)
