import pytest
from django.template.loader import render_to_string
from django.test import Client

from tests.factories import people


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_so_kindly(client: Client) -> None:
    answer = client.get("/nothing/here/")
    assert answer.status_code == 404
    assert "Nothing is lost." in answer.content.decode()


@pytest.mark.django_db
def test_a_page_of_others_names_whom_to_ask(client: Client) -> None:
    client.force_login(people.person("leo"))
    answer = client.get("/audit/")
    assert answer.status_code == 403
    assert "please ask your supervisor or admin" in answer.content.decode()


def test_the_page_for_our_own_mistakes_needs_no_database() -> None:
    page = render_to_string("500.html")
    assert "it is not your fault" in page


@pytest.mark.django_db
def test_very_many_tries_get_a_kind_page() -> None:
    assert "wait a minute" in render_to_string("429.html")
