import re

import pytest
from django.core import mail
from django.test import Client

from tests.factories import people

pytestmark = pytest.mark.django_db


def log_in(client: Client, name: str) -> str:
    answer = client.post(
        "/login/", {"login": f"{name}@example.com", "password": people.PASSWORD}, follow=True
    )
    return answer.redirect_chain[-1][0]


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("sue", "/desk/"),
        ("sam", "/board/"),
        ("leo", "/responses/"),
        ("ada", "/all-hands/"),
        ("max", "/audit/"),
    ],
)
def test_a_password_leads_each_role_to_its_first_page(client: Client, name: str, page: str) -> None:
    people.person(name)
    assert log_in(client, name) == page


def test_strangers_are_asked_to_log_in(client: Client) -> None:
    assert client.get("/").headers["Location"].startswith("/login/")


def test_a_mailed_code_logs_somebody_in(client: Client) -> None:
    people.person("sue")
    client.post("/login/code/", {"email": "sue@example.com"})
    (code,) = re.findall(r"^ {4}(\S+)$", mail.outbox[0].body, re.MULTILINE)
    answer = client.post("/login/code/confirm/", {"code": code}, follow=True)
    assert answer.redirect_chain[-1][0] == "/desk/"


def test_strangers_get_no_mail_and_no_hint(client: Client) -> None:
    answer = client.post("/login/code/", {"email": "nobody@example.com"}, follow=True)
    assert answer.status_code == 200
    assert b"Look into your mail" in answer.content
    assert mail.outbox == []


def test_nobody_can_sign_up(client: Client) -> None:
    assert client.get("/signup/").status_code == 404


def test_a_code_is_not_mailed_to_one_address_again_and_again(client: Client) -> None:
    people.person("sue")
    for _ in range(8):
        Client().post("/login/code/", {"email": "sue@example.com"})
    assert len(mail.outbox) == 5


def test_one_who_guesses_does_not_lock_out_the_office(client: Client) -> None:
    people.person("sue"), people.person("sam")
    for _ in range(12):
        client.post("/login/", {"login": "sue@example.com", "password": "wrong"})
    assert log_in(Client(), "sam") == "/board/"


def test_logging_out_ends_the_session(client: Client) -> None:
    people.person("sue")
    log_in(client, "sue")
    client.post("/logout/")
    assert client.get("/desk/").headers["Location"].startswith("/login/")


def test_one_who_guesses_the_code_is_stopped(client: Client) -> None:
    people.person("sue")
    client.post("/login/code/", {"email": "sue@example.com"})
    (code,) = re.findall(r"^ {4}(\S+)$", mail.outbox[0].body, re.MULTILINE)
    for _ in range(5):
        client.post("/login/code/confirm/", {"code": "AAA-AAA"})
    client.post("/login/code/confirm/", {"code": code})
    assert client.get("/desk/").status_code == 302


def test_an_office_behind_one_address_gets_in(client: Client) -> None:
    for number in range(40):
        people.person(f"colleague{number}", "support")
        Client().post("/login/code/", {"email": f"colleague{number}@example.com"})
    assert len(mail.outbox) == 40
