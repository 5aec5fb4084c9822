import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.factories import desk, people
from tests.triage.joining.asking import ask, join
from triage.accounts.models import User
from triage.accounts.policy import Actor
from triage.audit.models import AuditEvent
from triage.incidents.models import Incident
from triage.volunteers.actions import confirm, end_all, withdraw_link
from triage.volunteers.links import LinkClosed
from triage.volunteers.models import Enlistment, EnlistmentLink
from triage.volunteers.queries import actor_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return people.person("ada")


@pytest.fixture
def incident() -> Incident:
    return people.incident()


def test_a_newcomer_joins_by_link_code_briefing_and_promise(
    client: Client, ada: User, incident: Incident
) -> None:
    people.briefing(incident, ada)
    _, secret = people.link(incident, ada)
    join(client, secret)
    assert "Somebody got in." in client.get("/briefing/").content.decode()
    client.post("/briefing/")
    signed = {"shown_name": "Ann", "languages": ["en"], "promise": "on"}
    assert client.post("/briefing/sign/", signed).headers["Location"] == "/practice/"
    part = Enlistment.objects.get()
    assert (part.state, part.receipts.count(), part.user.name) == ("practising", 1, "Ann Ek")
    assert client.get("/desk/").headers["Location"] == "/practice/"


def test_the_code_page_leads_on_to_the_briefing(
    client: Client, ada: User, incident: Incident
) -> None:
    _, secret = people.link(incident, ada)
    page = ask(client, secret)
    assert 'name="next" value="/joined/"' in page


def test_before_the_briefing_every_page_leads_to_it(
    client: Client, ada: User, incident: Incident
) -> None:
    _, secret = people.link(incident, ada)
    join(client, secret)
    assert client.get("/desk/").headers["Location"] == "/briefing/"
    assert client.get("/").headers["Location"] == "/briefing/"


def test_whoever_types_no_code_takes_no_place(
    client: Client, ada: User, incident: Incident
) -> None:
    link, secret = people.link(incident, ada)
    ask(client, secret)
    link.refresh_from_db()
    assert (Enlistment.objects.get().state, link.uses) == ("invited", 0)


def test_a_link_lets_in_as_many_as_it_was_made_for(
    client: Client, ada: User, incident: Incident
) -> None:
    _, secret = people.link(incident, ada, max_uses=1)
    join(client, secret)
    page = ask(Client(), secret, "bob@example.com")
    assert "As many people as this link was made for have joined." in page
    assert not User.objects.filter(email="bob@example.com").exists()


def test_who_has_joined_comes_back_by_the_same_link(
    client: Client, ada: User, incident: Incident
) -> None:
    link, secret = people.link(incident, ada, max_uses=1)
    join(client, secret)
    join(Client(), secret)
    link.refresh_from_db()
    assert link.uses == 1


def test_an_address_from_outside_waits_for_an_admin(
    client: Client, ada: User, incident: Incident
) -> None:
    _, secret = people.link(incident, ada, domains=("example.com",))
    page = ask(client, secret, "mallory@elsewhere.example")
    assert "Ada has to say yes" in page
    assert mail.outbox == []
    assert not User.objects.filter(email="mallory@elsewhere.example").exists()


def test_who_comes_by_a_link_begins_where_it_says(
    client: Client, ada: User, incident: Incident
) -> None:
    queue, lane = desk.queue("other"), desk.queue("legal")
    _, secret = people.link(incident, ada, queue_ids=(queue.pk, lane.pk), languages=("de",))
    join(client, secret)
    part = Enlistment.objects.get()
    assert part.languages == ["de"]
    assert list(part.user.queue_memberships.values_list("queue_id", flat=True)) == [queue.pk]


def test_a_proven_address_is_confirmed_until_the_briefing_is_opened(
    client: Client, ada: User, incident: Incident
) -> None:
    link, _ = people.link(incident, ada)
    ann = people.person("ann")
    confirm(link_id=link.pk, user_id=ann.pk, by=actor_for(ann, at=people.NOON), at=timezone.now())
    assert Enlistment.objects.get().state == "confirmed"
    client.force_login(ann)
    client.get("/briefing/")
    assert Enlistment.objects.get().state == "briefing"
    assert AuditEvent.objects.filter(action="briefing.open").count() == 1


def test_what_somebody_learned_is_kept_when_they_come_again(
    client: Client, ada: User, incident: Incident
) -> None:
    _, old = people.link(incident, ada)
    join(client, old)
    Enlistment.objects.update(trust=2, practised_at=people.NOON)
    end_all(incident=incident, by=actor_for(ada, at=timezone.now()), at=timezone.now())
    _, new = people.link(incident, ada)
    join(Client(), new)
    part = Enlistment.objects.get()
    assert (part.state, part.trust, part.practised_at) == ("briefing", 2, people.NOON)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"expires_at": timezone.now() - timedelta(minutes=1)}, "has run out"),
        ({"withdrawn_at": timezone.now()}, "no longer in use"),
    ],
)
def test_a_closed_link_says_so_kindly(
    client: Client, ada: User, incident: Incident, change: dict[str, object], sentence: str
) -> None:
    link, secret = people.link(incident, ada)
    EnlistmentLink.objects.filter(pk=link.pk).update(**change)
    answer = client.get(f"/join/{secret}/")
    assert answer.status_code == 410
    assert sentence in answer.content.decode()


def test_an_unknown_link_says_so_kindly(client: Client) -> None:
    assert "not known here" in client.get("/join/made-up/").content.decode()


def test_nobody_joins_once_the_rush_is_over(client: Client, ada: User) -> None:
    _, secret = people.link(people.incident("recovery"), ada)
    assert "no more helpers are needed" in client.get(f"/join/{secret}/").content.decode()


def test_the_database_keeps_only_a_hash_of_the_secret(ada: User, incident: Incident) -> None:
    link, secret = people.link(incident, ada)
    row = EnlistmentLink.objects.filter(pk=link.pk).values().get()
    assert secret not in str(row)


def test_a_link_is_withdrawn_once(ada: User, incident: Incident) -> None:
    link, _ = people.link(incident, ada)
    by = actor_for(ada, at=people.NOON)
    assert withdraw_link(link_id=link.pk, by=by, at=people.NOON)
    assert not withdraw_link(link_id=link.pk, by=by, at=people.NOON)
    assert AuditEvent.objects.filter(action="link.withdraw").count() == 1


def test_after_the_end_only_a_new_link_lets_somebody_back(
    client: Client, ada: User, incident: Incident
) -> None:
    _, old = people.link(incident, ada)
    join(client, old)
    end_all(incident=incident, by=actor_for(ada, at=timezone.now()), at=timezone.now())
    EnlistmentLink.objects.update(withdrawn_at=None)
    assert "you need a new link" in ask(Client(), old)
    _, new = people.link(incident, ada)
    join(Client(), new)
    assert Enlistment.objects.get().state == "briefing"


def test_another_email_in_the_form_never_opens_a_login(
    client: Client, ada: User, incident: Incident
) -> None:
    _, secret = people.link(incident, ada)
    ask(client, secret, "ada@example.com", "Mallory")
    assert client.get("/all-hands/").status_code == 302
    ada.refresh_from_db()
    assert ada.name == "Ada"


@pytest.mark.django_db(transaction=True)
def test_of_many_who_take_the_last_place_at_once_one_gets_it() -> None:
    link, _ = people.link(people.incident(), people.person("ada"), max_uses=1)
    actors = [actor_for(people.person(f"helper{n}"), at=timezone.now()) for n in range(8)]
    results: list[str] = []

    def take(actor: Actor) -> None:
        try:
            confirm(link_id=link.pk, user_id=actor.id, by=actor, at=actor.at)
            results.append("in")
        except LinkClosed:
            results.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["in"] + ["told"] * 7
    assert Enlistment.objects.count() == 1


def test_a_page_costs_four_queries_to_know_who_asks(
    client: Client, ada: User, incident: Incident, django_assert_num_queries: Any
) -> None:
    ann = people.person("ann")
    people.helper(ann, incident, at=timezone.now())
    client.force_login(ann)
    client.get("/briefing/")
    with django_assert_num_queries(4 + 1):  # session, person, roles, incident; the briefing
        client.get("/briefing/")


def test_staff_who_are_logged_in_join_without_a_code(
    client: Client, ada: User, incident: Incident
) -> None:
    _, secret = people.link(incident, ada)
    client.force_login(people.person("max"))
    answer = client.post(f"/join/{secret}/", follow=True)
    assert answer.redirect_chain[-1][0] == "/briefing/"
    assert Enlistment.objects.get().state == "briefing"
    assert mail.outbox == []
