"""The page about oneself: own count, kind words about what goes out unread, a break."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from inbox.models import Conversation
from tests.factories import people
from triage.accounts.models import User
from triage.accounts.policy import Trust
from triage.incidents.models import Incident
from triage.replies.composing import own_words, suggested
from triage.volunteers import actions
from triage.volunteers.models import Enlistment
from triage.volunteers.queries import actor_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident() -> Incident:
    return people.incident(at=timezone.now())


@pytest.fixture
def ann(client: Client, incident: Incident) -> User:
    user = people.person("ann")
    people.ready_helper(user, incident, at=timezone.now())
    client.force_login(user)
    return user


def page(client: Client) -> str:
    return client.get("/desk/me/").content.decode()


def test_a_break_is_taken_and_ended(client: Client, ann: User) -> None:
    client.post("/desk/me/rest/")
    assert "You are on a break." in page(client)
    client.post("/desk/me/rest/", {"until": "now"})
    assert "You are ready to help." in page(client)


def test_what_goes_out_unread_is_said_kindly_when_it_changes(client: Client, ann: User) -> None:
    sam = actor_for(people.person("sam"), at=timezone.now())
    for trust, words in (
        (Trust.TRUSTED, "go out without a second look"),
        (Trust.NEWCOMER, "A colleague will read your next answers before they go."),
    ):
        actions.set_trust(user_id=ann.pk, trust=trust, by=sam, at=timezone.now())
        assert words in page(client)


def test_somebody_asked_to_pause_is_told_so(client: Client, ann: User) -> None:
    sam = actor_for(people.person("sam"), at=timezone.now())
    actions.pause(user_id=ann.pk, by=sam, at=timezone.now())
    assert "You were asked to pause" in page(client)


def test_who_is_held_back_is_sent_to_their_lead(client: Client, ann: User) -> None:
    sam = people.person("sam")
    Enlistment.objects.update(state="suspended")
    answer = client.get("/desk/")
    assert answer.status_code == 403
    assert f"Please have a word with {sam.shown_name}" in answer.content.decode()


def test_how_one_signs_is_changed_at_any_time(client: Client, ann: User) -> None:
    changed = {"shown_name": "Maya", "languages": ["fr"], "takes_furious": "on"}
    client.post("/desk/me/", changed)
    part = Enlistment.objects.get()
    ann.refresh_from_db()
    assert (ann.shown_name, part.languages, part.takes_furious) == ("Maya", ["fr"], True)


def sign_off(author: User) -> str:
    return suggested(Conversation(customer_name="Dana"), author, language="en")["sign-off"]


def test_the_department_is_named_only_by_who_wants_it(ann: User) -> None:
    Enlistment.objects.update(department="Merchandising")
    assert sign_off(ann) == "Ann"
    Enlistment.objects.update(shows_department=True)
    assert sign_off(ann) == "Ann, Merchandising, helping out today"


def test_naming_the_department_is_no_edit(ann: User) -> None:
    Enlistment.objects.update(department="Merchandising", shows_department=True)
    kept = {"sign-off": "Ann, Merchandising, helping out today"}
    assert not own_words(kept, Conversation(customer_name="Dana"), ann).is_edited


def test_the_page_costs_few_queries(
    client: Client, ann: User, django_assert_max_num_queries: Any
) -> None:
    page(client)
    with django_assert_max_num_queries(12):
        page(client)
