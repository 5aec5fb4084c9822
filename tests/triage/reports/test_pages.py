"""The ledger on screen, and health for machines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inbox.models import Mailbox
from tests.factories import desk, people
from tests.factories.mail import mailbox, message

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["sam", "ada", "max"])
def test_the_ledger_is_open_to_those_who_answer_for_the_promise(client: Client, name: str) -> None:
    client.force_login(people.person(name))
    assert "Everything adds up" in client.get("/ledger/").content.decode()


def test_what_does_not_add_up_is_said(client: Client) -> None:
    message()
    client.force_login(people.person("sam"))
    assert "1 email is not explained" in client.get("/ledger/").content.decode()


def test_helpers_do_not_see_the_ledger(client: Client) -> None:
    client.force_login(people.person("sue"))
    assert client.get("/ledger/").status_code == 403


def test_the_number_of_statements_does_not_grow_with_the_mails(client: Client) -> None:
    client.force_login(people.person("sam"))
    counts = []
    for _ in range(2):
        for _ in range(4):
            desk.ticket()
        with CaptureQueriesContext(connection) as queries:
            client.get("/ledger/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_health_asks_nothing_of_the_database(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/healthz").content == b"ok\n"
    assert len(queries) == 0


def test_readiness_is_given_when_everything_answers(client: Client) -> None:
    Mailbox.objects.filter(pk=mailbox().pk).update(last_heard_at=timezone.now())
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": True, "redis": None, "mailboxes_heard": True}


def test_a_mailbox_not_heard_for_long_is_not_ready(client: Client) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    Mailbox.objects.filter(pk=mailbox().pk).update(last_heard_at=long_ago)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["mailboxes_heard"] is False


@override_settings(REDIS_URL="redis://127.0.0.1:1/0")
def test_a_redis_that_does_not_answer_is_not_ready(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["redis"] is False
