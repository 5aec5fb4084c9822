"""A passkey as second step, with a real browser and its virtual authenticator."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.looking import assert_accessible, assert_fits, log_in
from tests.factories import people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.MUSTER_REQUIRE_MFA = True
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True


def give_authenticator(page: Page) -> Any:
    """Plugs an authenticator into this page's browser that says yes by itself (CDP WebAuthn)."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session


def at_localhost(server: LiveServer) -> str:
    """The server by a name: a passkey belongs to a name, never to a number."""
    return server.url.replace("127.0.0.1", "localhost")


def first_step(page: Page, url: str) -> None:
    page.goto(f"{url}/login/")
    page.get_by_label("Email").fill("sam@example.com")
    page.get_by_label("Password").fill(people.PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="The second step").wait_for()


def set_up(page: Page, url: str) -> None:
    log_in(page, url, "sam")
    page.get_by_role("heading", name="Set up your second step").wait_for()
    assert_accessible(page, "either second step")
    page.get_by_role("link", name="Use a passkey instead").click()
    page.get_by_label("A name for it").fill("My laptop")
    assert_accessible(page, "setting up a passkey")
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_role("heading", name="Your spare codes").wait_for()


def test_a_supervisor_logs_in_with_a_passkey(page: Page, live_server: LiveServer) -> None:
    people.person("sam")
    give_authenticator(page)
    url = at_localhost(live_server)
    set_up(page, url)
    page.goto(f"{url}/board/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url == f"{url}/board/"
    page.goto(f"{url}/account/second-step/passkeys/")
    expect(page.get_by_text("My laptop").first).to_be_visible()
    assert_accessible(page, "the list of passkeys")
    page.goto(f"{url}/logout/")
    page.get_by_role("main").get_by_role("button", name="Log out").click()
    first_step(page, url)
    assert_accessible(page, "the second step")
    page.set_viewport_size({"width": 360, "height": 800})
    assert_fits(page)
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url(f"{url}/board/")


def test_another_device_does_not_pass_for_it(
    browser: Browser, page: Page, live_server: LiveServer
) -> None:
    people.person("sam")
    give_authenticator(page)
    url = at_localhost(live_server)
    set_up(page, url)
    other = browser.new_context().new_page()
    give_authenticator(other)
    first_step(other, url)
    other.get_by_role("button", name="Use my passkey").click()
    expect(other.get_by_role("alert")).to_contain_text("That did not work")
    other.goto(f"{url}/board/")
    assert "/login/" in other.url
    other.context.close()


def test_without_a_passkey_or_app_the_board_stays_closed(client: Client) -> None:
    client.force_login(people.person("sam"))
    assert client.get("/board/").headers["Location"] == "/account/second-step/app/"


def test_what_is_no_passkey_is_refused(client: Client) -> None:
    client.force_login(people.person("sam"))
    for made_up in ("{}", "[]", "1", '{"id": "x"}', "null", "nonsense"):
        answer = client.post(
            "/account/second-step/passkeys/new/", {"name": "x", "credential": made_up}
        )
        assert answer.status_code in {200, 302}
    assert client.get("/board/").status_code == 302
