import pytest
from django.test import Client

from tests.factories import people
from triage.incidents.models import Incident, StatusUpdate

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident() -> Incident:
    return people.incident("watch")


def tell(incident: Incident, text: str) -> str:
    author = people.person("ada")
    StatusUpdate.objects.create(incident=incident, text=text, by=author, at=people.NOON)
    return Client().get(f"/incident/{incident.slug}/").content.decode()


def test_anybody_reads_entries_with_date_and_zone(incident: Incident) -> None:
    page = tell(incident, "We are looking into it.")
    assert "We are looking into it." in page
    assert "21 November 2026, 12:00 UTC" in page


def test_who_wrote_an_entry_stays_inside(incident: Incident) -> None:
    assert "Ada" not in tell(incident, "We are looking into it.")


def test_words_of_an_entry_are_never_code(incident: Incident) -> None:
    assert "<script>alert" not in tell(incident, "<script>alert(1)</script>")


def test_before_the_first_entry_the_page_says_that_we_are_at_it(incident: Incident) -> None:
    assert "We are looking into it" in Client().get("/incident/the-breach/").content.decode()


def test_the_page_stays_after_the_incident_is_closed() -> None:
    people.incident("closed")
    assert Client().get("/incident/the-breach/").status_code == 200


def test_an_unknown_incident_is_not_there() -> None:
    assert Client().get("/incident/made-up/").status_code == 404


def test_what_we_know_stands_above_the_entries_and_nothing_internal(incident: Incident) -> None:
    people.briefing(incident, people.person("sam"))
    page = tell(incident, "We are looking into it.")
    assert page.index("Addresses were read.") < page.index("We are looking into it.")
    for internal in ("Somebody got in.", "the police", "One person at a time"):
        assert internal not in page
