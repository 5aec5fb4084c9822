"""When helping is over, nothing of it is left; whatever is left is named."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from tests.factories import desk, people
from triage.accounts.models import RoleGrant, Session, User
from triage.allhands.actions import stand_down
from triage.allhands.actions.proving import prove_stood_down
from triage.allhands.jobs import prove
from triage.allhands.proof import look_for_leftovers
from triage.audit.actions import Step
from triage.audit.models import AuditEvent
from triage.incidents.models import Incident
from triage.notices.models import Alert
from triage.queues.models import Ticket
from triage.replies.models import Reply
from triage.volunteers.models import CodeSheet, Enlistment, EnlistmentLink

pytestmark = pytest.mark.django_db
NOON, BY = people.NOON, Step("test")
SOON = NOON + timedelta(hours=1)


@pytest.fixture
def gone() -> User:
    """Ann, whose helping time is over."""
    ann = people.person("ann")
    people.helper(ann, people.incident(level="closed"), state="ended")
    return ann


def a_login(of: User) -> None:
    Session.objects.create(
        session_key=f"key-{of.pk}", session_data="", expire_date=SOON, user_id=of.pk
    )


def a_role(of: User) -> None:
    RoleGrant.objects.create(user=of, role="volunteer", granted_at=NOON)


def an_email(of: User) -> None:
    ticket = desk.ticket()
    Ticket.objects.filter(pk=ticket.pk).update(holder=of, held_since=NOON, held_until=SOON)


def a_helping_time(of: User) -> None:
    Enlistment.objects.filter(user=of).update(state="ready", ended_at=None)


def a_link(of: User) -> None:
    EnlistmentLink.objects.create(
        incident=Incident.objects.get(),
        secret_sha256="0" * 64,
        max_uses=1,
        expires_at=SOON,
        created_by=of,
        created_at=NOON,
    )


def a_sheet(of: User) -> None:
    CodeSheet.objects.create(person=of, expires_at=SOON, created_by=of, created_at=NOON)


@pytest.mark.parametrize(
    ("kind", "leave"),
    [
        ("logins", a_login),
        ("people_with_role", a_role),
        ("held_emails", an_email),
        ("helping_times", a_helping_time),
        ("links", a_link),
        ("code_sheets", a_sheet),
    ],
)
def test_each_kind_of_leftover_is_named(
    gone: User, kind: str, leave: Callable[[User], None]
) -> None:
    assert look_for_leftovers(at=NOON).left == {}
    leave(gone)
    proof = prove_stood_down(by=BY, at=NOON)
    assert list(proof.left) == [kind]
    assert AuditEvent.objects.get(action="proof.stood_down").detail["counts"] == {kind: 1}
    assert str(proof.left[kind][0]) in Alert.objects.get().text


def test_a_proof_that_finds_nothing_ends_the_alert(gone: User) -> None:
    a_role(gone)
    prove_stood_down(by=BY, at=NOON)
    RoleGrant.objects.all().delete()
    prove_stood_down(by=BY, at=SOON)
    assert Alert.objects.get().over_at == SOON


def test_who_works_here_on_any_day_keeps_login_and_emails() -> None:
    sue = people.person("sue")
    people.helper(sue, people.incident(level="closed"), state="ended")
    a_login(sue), an_email(sue)
    assert look_for_leftovers(at=NOON).left == {}


def test_who_helps_again_is_not_over(gone: User) -> None:
    people.helper(gone, people.incident(name="The next one"))
    a_login(gone), a_role(gone), an_email(gone)
    assert look_for_leftovers(at=NOON).left == {}


def test_standing_down_leaves_nothing() -> None:
    at = timezone.now()
    incident, ann, bob = people.incident(at=at), people.person("ann"), people.person("bob")
    for helper in (ann, bob):
        people.helper(helper, incident, at=at)
        a_role(helper), a_login(helper), an_email(helper), a_sheet(helper)
    people.link(incident, people.person("ada"))
    stand_down(incident_id=incident.pk, expected_version=incident.version, by=BY, at=at)
    proof = look_for_leftovers(at=NOON)
    assert (proof.people, proof.left) == (2, {})


def test_the_words_of_a_refused_request_are_kept_for_the_supervisor(client: Client) -> None:
    at = timezone.now()
    ann = people.person("ann", at=at)
    part, ticket = people.helper(ann, people.incident(at=at), at=at), desk.ticket()
    client.force_login(ann)
    client.post("/desk/next/")
    version = desk.version()
    seen = ticket.conversation.messages.get()
    typed = {"email": ticket.pk, "answer": version.pk, "seen": seen.pk, "submit_key": "k" * 32}
    Enlistment.objects.filter(pk=part.pk).update(state="ended", ended_at=at)
    refused = client.post("/desk/send/", {**typed, "slot-own line": "I am here."})
    assert refused.status_code == 403
    kept = Reply.objects.get()
    assert (kept.state, kept.slots["own line"]) == (Reply.State.DRAFT, "I am here.")


def day(number: int) -> datetime:
    return NOON + timedelta(days=number)


def test_it_is_proved_once_a_day(gone: User) -> None:
    assert [prove(at=day(0)), prove(at=day(0)), prove(at=day(1))] == [1, 0, 1]
    assert AuditEvent.objects.filter(action="proof.stood_down").count() == 2


def test_where_nobody_ever_helped_there_is_nothing_to_prove() -> None:
    assert prove(at=NOON) == 0


def test_the_command_proves_it_now(gone: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("prove_stood_down", "--json")
    assert json.loads(capsys.readouterr().out) == {"people": 1, "clean": True, "left": {}}
    a_role(gone)
    with pytest.raises(CommandError, match=f"the helper role of people {gone.pk}"):
        call_command("prove_stood_down")
