import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import people
from triage.accounts.actions import end_sessions
from triage.accounts.models import User
from triage.incidents.models import Incident
from triage.volunteers.actions import end_all
from triage.volunteers.queries import actor_for

pytestmark = pytest.mark.django_db
SENTENCE = "Your helping time has ended. Thank you. What you wrote is safe with Sam."


@pytest.fixture
def incident() -> Incident:
    people.person("sam")
    return people.incident(at=timezone.now())


@pytest.fixture
def ann(client: Client, incident: Incident) -> User:
    user = people.person("ann")
    people.helper(user, incident, at=timezone.now())
    client.force_login(user)
    assert client.get("/desk/").status_code == 200
    return user


def stand_down(incident: Incident, *users: User) -> None:
    ada = actor_for(people.person("ada"), at=timezone.now())
    end_all(incident=incident, by=ada, at=timezone.now())
    end_sessions(user_ids=[user.pk for user in users], by=ada, at=timezone.now())


@pytest.mark.parametrize("page", ["/desk/", "/", "/briefing/"])
def test_the_next_click_after_the_end_is_refused_kindly(
    client: Client, ann: User, incident: Incident, page: str
) -> None:
    stand_down(incident, ann)
    answer = client.get(page)
    assert answer.status_code == 403
    assert SENTENCE in answer.content.decode()


def test_a_login_that_is_still_there_is_refused_as_kindly(
    client: Client, ann: User, incident: Incident
) -> None:
    stand_down(incident)
    answer = client.get("/desk/")
    assert answer.status_code == 403
    assert SENTENCE in answer.content.decode()


def test_a_fragment_makes_the_browser_open_the_kind_page(
    client: Client, ann: User, incident: Incident
) -> None:
    stand_down(incident, ann)
    answer = client.post(
        "/desk/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/"}
    )
    assert answer.headers["HX-Redirect"] == "/desk/"


def test_a_fragment_of_a_login_that_is_still_there_does_so_too(
    client: Client, ann: User, incident: Incident
) -> None:
    stand_down(incident)
    answer = client.get("/desk/", headers={"HX-Request": "true", "HX-Current-URL": "/desk/"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (403, "/desk/")


@pytest.mark.parametrize(
    ("level", "sentence"), [("elevated", "You are ready"), ("recovery", "Nearly through")]
)
def test_before_and_after_the_rush_a_helper_is_told_why_the_desk_is_closed(
    client: Client, ann: User, level: str, sentence: str
) -> None:
    Incident.objects.update(level=level)
    assert sentence in client.get("/desk/").content.decode()


def test_the_login_page_is_never_empty_for_a_former_helper(
    client: Client, ann: User, incident: Incident
) -> None:
    stand_down(incident, ann)
    assert SENTENCE in client.get("/login/").content.decode()


def test_the_word_stays_when_the_incident_is_closed(
    client: Client, ann: User, incident: Incident
) -> None:
    stand_down(incident, ann)
    Incident.objects.update(level="closed", closed_at=timezone.now())
    assert SENTENCE in client.get("/desk/").content.decode()


def test_a_made_up_cookie_is_a_stranger(client: Client, ann: User, incident: Incident) -> None:
    stand_down(incident, ann)
    client.cookies["muster_helped"] = str(ann.pk)
    assert client.get("/desk/").headers["Location"].startswith("/login/")


def test_the_cookie_opens_nothing(client: Client, ann: User) -> None:
    stranger = Client()
    stranger.cookies["muster_helped"] = client.cookies["muster_helped"].value
    assert stranger.get("/desk/").headers["Location"].startswith("/login/")
