import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from tests.factories import people
from triage.accounts.models import RoleGrant, Session, User
from triage.accounts.policy import Act, Actor, may
from triage.allhands.actions import stand_down, switch_on
from triage.audit.models import AuditEvent
from triage.incidents.actions import AlreadyChanged, Refused
from triage.incidents.models import Incident
from triage.queues.models import Ticket
from triage.volunteers.models import Enlistment
from triage.volunteers.queries import actor_for

from tests.factories import desk  # isort: skip

pytestmark = pytest.mark.django_db
NOON = people.NOON


@pytest.fixture
def ada() -> Actor:
    return actor_for(people.person("ada"), at=NOON)


def helping_ann(incident: Incident) -> User:
    ann = people.person("ann")
    people.helper(ann, incident)
    return ann


def hold(user: User) -> Ticket:
    ticket = desk.ticket()
    ticket.holder, ticket.held_since, ticket.held_until = user, NOON, NOON + timedelta(minutes=20)
    ticket.save()
    return ticket


def test_the_switch_lets_ready_helpers_begin(ada: Actor) -> None:
    incident = people.incident("watch")
    ann = helping_ann(incident)
    assert not may(actor_for(ann, at=NOON), Act.PERSON_HELP)
    switch_on(incident_id=incident.pk, expected_version=1, by=ada, at=NOON)
    assert may(actor_for(ann, at=NOON), Act.PERSON_HELP)


def test_the_switch_brings_in_the_standing_list(ada: Actor) -> None:
    incident, bob = people.incident("watch"), people.person("bob", "volunteer")
    switch_on(incident_id=incident.pk, expected_version=1, by=ada, at=NOON)
    assert may(actor_for(bob, at=NOON), Act.PERSON_HELP)


def test_what_the_switch_did_stands_in_the_record_as_one(ada: Actor) -> None:
    incident = people.incident("watch")
    people.person("bob", "volunteer")
    switch_on(incident_id=incident.pk, expected_version=1, by=ada, at=NOON)
    events = AuditEvent.objects.filter(action__in=["incident.level", "helper.enlist"])
    assert len(set(events.values_list("operation_id", flat=True))) == 1
    assert incident.changes.get().preview["to_bring_in"] == 1


def test_who_presses_second_is_told_who_was_first(ada: Actor) -> None:
    incident = people.incident("watch")
    switch_on(incident_id=incident.pk, expected_version=1, by=ada, at=NOON)
    with pytest.raises(AlreadyChanged, match="Ada was a moment faster"):
        switch_on(incident_id=incident.pk, expected_version=1, by=ada, at=NOON)


def test_all_hands_mode_must_end_later_than_now(ada: Actor) -> None:
    incident = people.incident("watch")
    with pytest.raises(Refused, match="later than now"):
        switch_on(incident_id=incident.pk, expected_version=1, recovery_at=NOON, by=ada, at=NOON)


def test_standing_down_ends_every_right_at_once(ada: Actor) -> None:
    incident = people.incident()
    ann = helping_ann(incident)
    RoleGrant.objects.create(user=ann, role="volunteer", granted_at=NOON)
    stand_down(incident_id=incident.pk, expected_version=1, by=ada, at=NOON)
    actor = actor_for(ann, at=NOON)
    assert not [act for act in Act if act != Act.OWN_ACCOUNT and may(actor, act)]
    assert not RoleGrant.objects.filter(user=ann).exists()


def test_standing_down_ends_logins_of_helpers_only(ada: Actor, client: Client) -> None:
    incident = people.incident()
    for client, user in (Client(), helping_ann(incident)), (Client(), people.person("sue")):
        client.force_login(user)
    stood = stand_down(incident_id=incident.pk, expected_version=1, by=ada, at=NOON)
    assert stood.logins_ended == 1
    assert Session.objects.get().user_id == User.objects.get(name="Sue").pk


def test_standing_down_returns_held_emails(ada: Actor) -> None:
    incident = people.incident()
    ticket = hold(helping_ann(incident))
    stood = stand_down(incident_id=incident.pk, expected_version=1, by=ada, at=NOON)
    ticket.refresh_from_db()
    assert (ticket.holder, ticket.state, stood.emails_returned) == (None, "open", 1)


def test_support_people_who_also_joined_keep_what_they_hold(ada: Actor) -> None:
    incident, sue = people.incident(), people.person("sue")
    people.helper(sue, incident)
    ticket = hold(sue)
    stand_down(incident_id=incident.pk, expected_version=1, by=ada, at=NOON)
    ticket.refresh_from_db()
    assert ticket.holder == sue


def test_standing_down_stands_in_the_record_as_one(ada: Actor) -> None:
    incident = people.incident()
    hold(helping_ann(incident))
    stood = stand_down(incident_id=incident.pk, expected_version=1, by=ada, at=NOON)
    actions = AuditEvent.objects.filter(operation_id=stood.operation_id)
    assert sorted(actions.values_list("action", flat=True)) == [
        "helper.end_all",
        "helper.thank",
        "incident.level",
        "session.end",
        "ticket.return",
    ]


def test_after_the_clock_moved_to_recovery_standing_down_still_works_once(ada: Actor) -> None:
    incident = people.incident("recovery")
    ann = helping_ann(incident)
    stand_down(incident_id=incident.pk, expected_version=1, by=ada, at=NOON)
    assert Enlistment.objects.get(user=ann).state == "ended"
    with pytest.raises(AlreadyChanged):
        stand_down(incident_id=incident.pk, expected_version=1, by=ada, at=NOON)


def test_when_the_record_cannot_be_written_nobody_is_stood_down(
    ada: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = people.incident()
    ann = helping_ann(incident)

    def broken(**_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("triage.accounts.actions.record", broken)
    with pytest.raises(OSError, match="disk full"):
        stand_down(incident_id=incident.pk, expected_version=1, by=ada, at=NOON)
    assert Enlistment.objects.get(user=ann).state == "ready"
    assert Incident.objects.get().level == "all-hands"


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_press_at_once_one_wins_and_the_rest_are_told() -> None:
    ada = actor_for(people.person("ada"), at=NOON)
    incident = people.incident("watch")
    results: list[str] = []

    def press() -> None:
        try:
            switch_on(incident_id=incident.pk, expected_version=1, by=ada, at=NOON)
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
