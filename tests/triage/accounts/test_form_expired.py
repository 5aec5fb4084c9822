import pytest
from django.test import Client

from tests.factories import people

pytestmark = pytest.mark.django_db
OWN = {"Origin": "http://testserver"}
FOREIGN = {"Origin": "https://elsewhere.example"}


@pytest.fixture
def browser() -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.person("ada"))
    people.incident("watch")
    return client


def post(browser: Client, headers: dict[str, str]) -> str:
    answer = browser.post("/all-hands/update/", {"text": "Words typed with care."}, headers=headers)
    assert answer.status_code == 403
    return answer.content.decode()


def test_an_expired_form_keeps_what_was_typed_and_can_go_on(browser: Client) -> None:
    page = post(browser, OWN)
    assert 'name="text" value="Words typed with care."' in page
    assert 'action="/all-hands/update/"' in page


def test_a_form_from_another_site_is_shown_but_cannot_go_on(browser: Client) -> None:
    page = post(browser, FOREIGN)
    assert "Words typed with care." in page
    assert 'action="/all-hands/update/"' not in page


def test_the_way_back_leads_to_the_page_it_came_from(browser: Client) -> None:
    page = post(browser, {"Referer": "http://testserver/all-hands/?x=1"})
    assert 'href="/all-hands/">Open it again' in page


def test_the_way_back_never_leads_to_another_site(browser: Client) -> None:
    page = post(browser, {"Referer": "https://elsewhere.example/trap"})
    assert 'href="/">Open it again' in page


def test_a_password_is_never_shown_again(browser: Client) -> None:
    answer = Client(enforce_csrf_checks=True).post(
        "/login/", {"login": "sue@example.com", "password": "my secret"}, headers=OWN
    )
    assert b"my secret" not in answer.content
