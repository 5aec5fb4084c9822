import threading

import pytest
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.db import connection
from django.test import Client

from triage.accounts import limits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    cache.clear()


def test_a_flood_from_one_address_is_told_to_wait(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_FROM_ONE_ADDRESS", 3)
    given = [client.post(page, {}).status_code for page in ("/login/", "/code/", "/login/code/")]
    assert given == [200, 200, 200]
    assert client.post("/login/", {}).status_code == 429
    assert Client(REMOTE_ADDR="10.0.0.9").post("/login/", {}).status_code == 200
    assert client.get("/login/").status_code == 200


@pytest.mark.parametrize("action", ["login", "login_failed", "request_login_code", "printed_code"])
def test_nothing_that_an_office_shares_is_counted_under_a_lock(action: str) -> None:
    rates = ratelimit.get_rates(app="allauth.account", action=action)
    assert {rate.per for rate in rates} <= {"key"}


@pytest.mark.django_db(transaction=True)
def test_counting_at_the_same_moment_keeps_everybody_going() -> None:
    answers: list[bool] = []

    def come() -> None:
        answers.append(limits.may_join(way="link:1"))
        connection.close()

    threads = [threading.Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 8


def test_a_way_in_has_its_own_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_BY_ONE_WAY", 2)
    assert [limits.may_join(way="link:1") for _ in range(3)] == [True, True, False]
    assert limits.may_join(way="link:2")
