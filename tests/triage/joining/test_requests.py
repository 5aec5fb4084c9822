from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from inbox.models import OutboundMessage
from tests.factories import people
from tests.triage.joining.asking import ask, mailed_code
from triage.accounts.models import User
from triage.audit.models import AuditEvent
from triage.incidents.models import Incident
from triage.joining.actions import answer_request
from triage.notices.causes import causes
from triage.volunteers.actions import end_all
from triage.volunteers.links import invitation_token
from triage.volunteers.models import Enlistment, JoinRequest
from triage.volunteers.queries import actor_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client: Client) -> User:
    ada = people.person("ada")
    client.force_login(ada)
    return ada


@pytest.fixture
def asked(ada: User) -> JoinRequest:
    """Pat, from outside, has asked by a link that is for example.com."""
    _, secret = people.link(people.incident(), ada, domains=("example.com",), languages=("de",))
    ask(Client(), secret, "pat@elsewhere.example", "Pat Lund")
    return JoinRequest.objects.get()


def mails_to(address: str) -> list[str]:
    return [
        bytes(mail.content).decode()
        for mail in OutboundMessage.objects.filter(recipient=address).order_by("pk")
    ]


def test_asking_twice_is_asking_once(ada: User, asked: JoinRequest) -> None:
    _, secret = people.link(Incident.objects.get(), ada, domains=("example.com",))
    ask(Client(), secret, "PAT@elsewhere.example")
    assert JoinRequest.objects.count() == 1
    assert AuditEvent.objects.filter(action="join_request.ask").count() == 1


def test_a_yes_mails_a_link_by_which_they_come_in(client: Client, asked: JoinRequest) -> None:
    client.post(f"/all-hands/requests/{asked.pk}/yes/")
    part = Enlistment.objects.get(user__email="pat@elsewhere.example")
    assert (part.state, part.languages, part.user.name) == ("invited", ["de"], "Pat Lund")
    assert len(mails_to("pat@elsewhere.example")) == 1
    pat, address = Client(), link_of(part)
    assert "Thank you for helping, Pat Lund" in pat.get(address).content.decode()
    pat.post(address)
    pat.post("/login/code/confirm/", {"code": mailed_code(), "next": "/joined/"}, follow=True)
    part.refresh_from_db()
    assert part.state == "briefing"


def link_of(part: Enlistment) -> str:
    return f"/invited/{invitation_token(part)}/"


def test_a_no_is_told_and_no_way_in(client: Client, asked: JoinRequest) -> None:
    client.post(f"/all-hands/requests/{asked.pk}/no/")
    assert len(mails_to("pat@elsewhere.example")) == 1
    assert not Enlistment.objects.exists()
    _, secret = people.link(Incident.objects.get(), User.objects.get(), domains=("example.com",))
    assert "had to say no" in ask(Client(), secret, "pat@elsewhere.example")


def test_a_no_may_become_a_yes_and_a_second_yes_changes_nothing(
    client: Client, asked: JoinRequest
) -> None:
    for word in ("no", "no", "yes", "yes", "no"):
        client.post(f"/all-hands/requests/{asked.pk}/{word}/")
    asked.refresh_from_db()
    assert asked.is_granted is True
    assert len(mails_to("pat@elsewhere.example")) == 2
    assert AuditEvent.objects.filter(action="join_request.grant").count() == 1


def test_the_page_names_who_waits(client: Client, asked: JoinRequest) -> None:
    page = client.get("/all-hands/requests/").content.decode()
    assert "Pat Lund" in page


def test_an_admin_hears_of_it_until_it_is_answered(client: Client, asked: JoinRequest) -> None:
    assert "1 person from outside asks to join" in causes(at=timezone.now())["joining:requests"]
    client.post(f"/all-hands/requests/{asked.pk}/no/")
    assert "joining:requests" not in causes(at=timezone.now())


def test_a_page_of_requests_costs_few_queries(
    client: Client, asked: JoinRequest, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        JoinRequest.objects.create(
            incident=asked.incident, email=f"p{number}@else.example", asked_at=timezone.now()
        )
    with django_assert_max_num_queries(8):
        client.get("/all-hands/requests/")


def test_without_its_record_nothing_is_decided(
    asked: JoinRequest, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("triage.volunteers.actions.inviting.record", broken)
    by = actor_for(ada, at=timezone.now())
    with pytest.raises(RuntimeError):
        answer_request(request_id=asked.pk, granted=True, user_id=ada.pk, by=by, at=by.at)
    asked.refresh_from_db()
    assert asked.is_granted is None
    assert mails_to("pat@elsewhere.example") == []
    assert AuditEvent.objects.filter(action__startswith="join_request.g").count() == 0


def test_a_made_up_personal_link_says_so_kindly(client: Client) -> None:
    answer = client.get("/invited/made-up/")
    assert answer.status_code == 410
    assert "not known here" in answer.content.decode()


def test_whoever_was_let_in_and_has_ended_waits_for_a_yes_again(
    client: Client, ada: User, asked: JoinRequest
) -> None:
    client.post(f"/all-hands/requests/{asked.pk}/yes/")
    end_all(incident=asked.incident, by=actor_for(ada, at=timezone.now()), at=timezone.now())
    _, secret = people.link(asked.incident, ada, domains=("example.com",))
    assert "Ada has to say yes" in ask(Client(), secret, "pat@elsewhere.example")
    asked.refresh_from_db()
    assert asked.is_granted is None
