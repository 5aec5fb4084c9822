import re

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import people
from triage.accounts.models import User
from triage.incidents.models import Briefing, Incident, StatusUpdate
from triage.volunteers.models import EnlistmentLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client: Client) -> User:
    user = people.person("ada")
    client.force_login(user)
    return user


def switch(client: Client, name: str = "The breach", version: int = 1) -> int:
    page = client.get("/all-hands/").content.decode()
    until = re.findall(r'<option value="(2[^"]+)"', page)  # a time, not a language
    return client.post(
        "/all-hands/on/",
        {"version": version, "recovery_at": until[0] if until else "", "confirmation": name},
    ).status_code


def test_on_a_calm_day_the_page_opens_an_incident(client: Client, ada: User) -> None:
    assert "A calm day" in client.get("/all-hands/").content.decode()
    client.post("/all-hands/open/", {"name": "The breach"})
    assert Incident.objects.get().slug == "the-breach"


def test_the_switch_asks_for_the_name_of_the_incident(client: Client, ada: User) -> None:
    people.incident("watch")
    assert switch(client, "yes") == 422
    assert Incident.objects.get().level == "watch"
    assert switch(client, " the  BREACH ") == 302
    assert Incident.objects.get().level == "all-hands"


def test_the_page_says_what_the_switch_will_do(client: Client, ada: User) -> None:
    people.person("bob", "volunteer")
    people.incident("watch")
    page = client.get("/all-hands/").content.decode()
    assert "This opens customer mail to 1 person" in page


def test_a_second_click_is_told_that_it_was_second(client: Client, ada: User) -> None:
    people.incident("watch")
    switch(client)
    page = client.get("/all-hands/").content.decode()
    assert "Stand down" in page
    Incident.objects.update(level="elevated", recovery_at=None)
    assert switch(client, version=1) == 409


def test_standing_down_from_the_page(client: Client, ada: User) -> None:
    incident = people.incident(at=timezone.now())
    people.helper(people.person("ann"), incident, at=timezone.now())
    answer = client.post("/all-hands/stand-down/", {"version": 1}, follow=True)
    assert "Helping has ended for 1 person. 0 emails" in answer.content.decode()
    assert client.post("/all-hands/stand-down/", {"version": 1}).status_code == 409


def test_a_join_link_is_made_shown_as_picture_and_closed(client: Client, ada: User) -> None:
    people.incident("watch")
    fields = {"max_uses": 3, "hours": 2, "domains": "@Example.com", "note": "Finance"}
    shown = client.post("/all-hands/links/", fields, follow=True).content.decode()
    address = re.search(r'value="(http[^"]+/join/[^"]+)"', shown)
    assert address and "data:image/svg+xml" in shown
    assert Client().get("/" + address[1].split("/", 3)[3]).status_code == 200
    client.post(f"/all-hands/links/{EnlistmentLink.objects.get().pk}/withdraw/")
    assert Client().get("/" + address[1].split("/", 3)[3]).status_code == 410


def test_the_briefing_is_written_and_starts_from_the_last_version(
    client: Client, ada: User
) -> None:
    people.incident("watch")
    words = {"happened": "Somebody got in.", "known": "Addresses.", "to_do": "Be kind."}
    client.post("/all-hands/briefing/", words)
    assert Briefing.objects.get().by == ada
    page = client.get("/all-hands/briefing/").content.decode()
    assert "Somebody got in." in page
    assert "[day]" not in page


def test_the_first_briefing_starts_from_a_skeleton_that_is_refused_unfilled(
    client: Client, ada: User
) -> None:
    people.incident("watch")
    assert "On [day] at [time, with zone]" in client.get("/all-hands/briefing/").content.decode()
    answer = client.post("/all-hands/briefing/", {"happened_public": "On [day] it began."})
    assert "still stands in brackets: [day]" in answer.content.decode()
    assert not Briefing.objects.exists()


def test_an_entry_goes_to_the_public_page(client: Client, ada: User) -> None:
    incident = people.incident("watch")
    client.post("/all-hands/update/", {"text": "Names were read, no cards."})
    assert StatusUpdate.objects.get().by == ada
    page = Client().get(f"/incident/{incident.slug}/").content.decode()
    assert "Names were read, no cards." in page


@pytest.mark.parametrize("name", ["ann", "sam", "sue", "leo", "max"])
@pytest.mark.parametrize(
    "path", ["", "on/", "level/", "stand-down/", "close/", "letter/", "update/", "links/", "open/"]
)
def test_only_the_admin_steers_the_level(client: Client, name: str, path: str) -> None:
    people.incident("watch")
    client.force_login(people.person(name))
    answer = client.post(f"/all-hands/{path}", {"version": 1})
    assert answer.status_code == 403
    assert Incident.objects.get().version == 1


def test_the_page_needs_few_queries(
    client: Client, ada: User, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    incident = people.incident("watch")
    for number in range(30):
        people.helper(people.person(f"helper{number}"), incident)
    with django_assert_max_num_queries(24):
        client.get("/all-hands/")
