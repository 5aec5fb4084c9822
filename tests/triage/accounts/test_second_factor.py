from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.core.cache import cache
from django.test import Client

from tests.factories import people

pytestmark = pytest.mark.django_db
PASSED = {"login": "sam@example.com", "password": people.PASSWORD}


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.MUSTER_REQUIRE_MFA = True


def digits(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(counters())))


def set_up(client: Client) -> str:
    """Logs sam in and scans the picture; gives the app's secret."""
    people.person("sam")
    page = client.post("/login/", PASSED, follow=True)
    secret = page.context["form"].secret
    client.post("/account/second-step/app/", {"code": digits(secret)})
    return str(secret)


def test_a_supervisor_is_led_to_the_second_step_before_anything_else(client: Client) -> None:
    people.person("sam")
    answer = client.post("/login/", PASSED, follow=True)
    assert answer.redirect_chain[-1][0] == "/account/second-step/app/"
    assert client.get("/board/").headers["Location"] == "/account/second-step/app/"


def test_with_the_second_step_the_board_opens(client: Client) -> None:
    set_up(client)
    assert client.get("/board/").status_code == 200


def test_the_next_login_asks_for_the_digits(client: Client) -> None:
    secret = set_up(client)
    again = Client()
    answer = again.post("/login/", PASSED)
    assert answer.headers["Location"] == "/login/second-step/"
    assert again.get("/board/").status_code == 302
    assert "Use my passkey" not in again.get("/login/second-step/").content.decode()
    cache.clear()  # the same digits are refused twice; nobody wants to wait half a minute
    answer = again.post("/login/second-step/", {"code": digits(secret)}, follow=True)
    assert answer.redirect_chain[-1][0] == "/board/"


def test_the_support_team_needs_none(client: Client) -> None:
    people.person("sue")
    client.force_login(people.User.objects.get())
    assert client.get("/desk/").status_code == 200


def test_a_demo_needs_none(client: Client, settings: Any) -> None:
    settings.MUSTER_REQUIRE_MFA = False
    client.force_login(people.person("sam"))
    assert client.get("/board/").status_code == 200


def test_spare_codes_are_shown_once_set_up(client: Client) -> None:
    set_up(client)
    page = client.get("/account/spare-codes/").content.decode()
    assert "Your spare codes" in page


def test_the_app_can_be_removed_and_the_board_closes(client: Client) -> None:
    set_up(client)
    client.post("/account/second-step/app/remove/")
    assert client.get("/board/").headers["Location"] == "/account/second-step/app/"
