import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests.factories import people
from triage.accounts.models import Session

pytestmark = pytest.mark.django_db


def log_in(client: Client, **more: str) -> None:
    people.person("sue")
    client.post("/login/", {"login": "sue@example.com", "password": people.PASSWORD, **more})


def by_mailed_code(client: Client) -> None:
    people.person("sue")
    client.post("/login/code/", {"email": "sue@example.com", "shared": "1"})
    (code,) = re.findall(r"^ {4}(\S+)$", mail.outbox[0].body, re.MULTILINE)
    client.post("/login/code/confirm/", {"code": code})


def by_printed_code(client: Client) -> None:
    incident, ada = people.incident(at=timezone.now()), people.person("ada")
    code = people.codes(people.sheet(incident, ada))[0]
    client.post("/code/", {"code": code, "name": "Nina", "shared": "1"})


def by_link(client: Client) -> None:
    _, secret = people.link(people.incident(at=timezone.now()), people.person("ada"))
    client.post(f"/join/{secret}/", {"name": "Ann", "email": "ann@example.com", "shared": "1"})
    (code,) = re.findall(r"^ {4}(\S+)$", mail.outbox[0].body, re.MULTILINE)
    client.post("/login/code/confirm/", {"code": code, "next": "/joined/"}, follow=True)


def minutes_left(client: Client) -> float:
    row = Session.objects.get(session_key=client.cookies["muster_session"].value)
    return (row.expire_date - timezone.now()) / timedelta(minutes=1)


@pytest.mark.parametrize(
    "way",
    [lambda client: log_in(client, shared="1"), by_mailed_code, by_printed_code, by_link],
    ids=["password", "mailed code", "printed code", "link"],
)
def test_every_way_to_log_in_can_be_short_and_keeps_nothing(client: Client, way) -> None:  # type: ignore[no-untyped-def]
    way(client)
    assert 14 < minutes_left(client) <= 15
    page = client.get("/briefing/")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert "Not me" in page.content.decode()
    assert "muster_helped" not in client.cookies


def test_without_the_tick_a_login_lasts_the_day(client: Client) -> None:
    log_in(client)
    assert minutes_left(client) > 600
    assert "Not me" not in client.get("/desk/").content.decode()


def test_whoever_works_on_stays_and_whoever_goes_is_logged_out() -> None:
    client, start = Client(), timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        log_in(client, shared="1")
        for _ in range(3):
            clock.shift(timedelta(minutes=10))
            assert client.get("/desk/").status_code == 200
        clock.shift(timedelta(minutes=16))
        assert client.get("/desk/").status_code == 302


def test_a_page_that_asks_by_itself_keeps_nobody_logged_in() -> None:
    client = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        log_in(client, shared="1")
        clock.shift(timedelta(minutes=10))
        client.get("/desk/", headers={"HX-Request": "true"})
        clock.shift(timedelta(minutes=6))
        assert client.get("/desk/").status_code == 302


@pytest.mark.parametrize(
    ("shared", "kinds"),
    [("1", '"cache", "cookies", "storage"'), ("", '"cache", "storage"')],
)
def test_logging_out_clears_the_browser(client: Client, shared: str, kinds: str) -> None:
    log_in(client, shared=shared)
    assert "Clear-Site-Data" not in client.get("/logout/").headers
    answer = client.post("/logout/")
    assert answer.headers["Clear-Site-Data"] == kinds
    assert client.get("/desk/").status_code == 302


def test_the_tick_taken_back_is_a_login_as_ever(client: Client) -> None:
    people.person("sue")
    client.post("/login/", {"login": "sue@example.com", "password": "wrong", "shared": "1"})
    client.post("/login/", {"login": "sue@example.com", "password": people.PASSWORD})
    assert minutes_left(client) > 600
