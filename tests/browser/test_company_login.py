"""Logging in at the company's provider, through a real installation and a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looking import assert_accessible, assert_fits
from tests.installation import Installation
from tests.running import running
from tests.servers.oidc import CLIENT_ID, SECRET, Provider

pytestmark = [pytest.mark.live, pytest.mark.browser, pytest.mark.timeout(300)]
_MAKE = """
from django.utils import timezone
from triage.accounts.actions import create_user, grant_role
from triage.audit.actions import Step
at, by = timezone.now(), Step("prepare")
for name, role in (("ada", "admin"), ("sam", "supervisor")):
    user = create_user(email=f"{name}@example.com", name=name.title(), by=by, at=at)
    grant_role(user_id=user.pk, role=role, by=by, at=at)
"""
_SEEN = """
from triage.accounts.models import User
from triage.volunteers.models import Enlistment, JoinRequest
print(sorted(User.objects.values_list("email", flat=True)))
print(list(Enlistment.objects.values_list("state", flat=True)), JoinRequest.objects.count())
"""


def person(name: str, domain: str = "example.com", **more: object) -> dict[str, object]:
    return {
        "sub": f"id-of-{name}",
        "email": f"{name}@{domain}",
        "email_verified": True,
        "name": f"{name.title()} Ek",
        **more,
    }


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as made:
        yield made


def come(browser: Browser, url: str) -> Page:
    page = browser.new_context().new_page()
    page.goto(f"{url}/login/")
    page.get_by_role("link", name="Log in with Example Works").click()
    return page


def test_only_the_known_and_the_allowed_come_in(
    sqlite_installation: Installation, provider: Provider, browser: Browser
) -> None:
    muster = sqlite_installation
    muster.environment |= {
        "MUSTER_OIDC_URL": provider.url,
        "MUSTER_OIDC_CLIENT_ID": CLIENT_ID,
        "MUSTER_OIDC_SECRET": SECRET,
        "MUSTER_OIDC_NAME": "Example Works",
        "MUSTER_OIDC_DOMAINS": "example.com",
    }
    muster.manage("shell", "--no-imports", "-c", _MAKE)
    with running(muster, watch=False) as app:
        somebody_known(browser, app.url, provider)
        nobody_new_on_a_calm_day(browser, app.url, provider)
        muster.manage("incident", "open", "The breach")
        somebody_new_from_our_domain(browser, app.url, provider)
        somebody_from_outside(browser, app.url, provider)
        an_address_that_is_not_proven(browser, app.url, provider)
        two_sources_about_two_people(browser, app.url, provider)
        a_token_for_somebody_else(browser, app.url, provider)
        a_no_at_the_provider(browser, app.url, provider)
    seen = muster.manage("shell", "--no-imports", "-c", _SEEN)
    assert "['ada@example.com', 'nina@example.com', 'sam@example.com']" in seen
    assert "['briefing'] 1" in seen


def somebody_known(browser: Browser, url: str, provider: Provider) -> None:
    provider.person = person("SAM")
    page = come(browser, url)
    page.wait_for_url("**/board/")
    page.context.close()


def nobody_new_on_a_calm_day(browser: Browser, url: str, provider: Provider) -> None:
    provider.person = person("nina")
    page = come(browser, url)
    expect(page.get_by_text("Nobody is needed just now")).to_be_visible()
    page.context.close()


def somebody_new_from_our_domain(browser: Browser, url: str, provider: Provider) -> None:
    provider.person = person("nina")
    page = browser.new_context().new_page()
    page.goto(f"{url}/login/")
    assert_accessible(page, "the login page with company login")
    page.get_by_role("link", name="on a shared computer").click()
    page.get_by_role("heading", name="Read this first").wait_for()
    expect(page.get_by_role("button", name="Not me")).to_be_visible()
    page.context.close()


def somebody_from_outside(browser: Browser, url: str, provider: Provider) -> None:
    provider.person = person("olga", "elsewhere.example")
    page = come(browser, url)
    page.get_by_role("heading", name="Ada has to say yes").wait_for()
    assert_accessible(page, "somebody from outside")
    page.goto(f"{url}/desk/")
    assert "/login/" in page.url
    page.context.close()


def an_address_that_is_not_proven(browser: Browser, url: str, provider: Provider) -> None:
    for claim in (False, None, "false", 1):
        provider.person = person("ada", email_verified=claim)
        page = come(browser, url)
        page.get_by_role("heading", name="Your address is not proven yet").wait_for()
        assert_accessible(page, "not proven")
        page.context.close()


def two_sources_about_two_people(browser: Browser, url: str, provider: Provider) -> None:
    provider.person, provider.token_changes = person("ada"), {"sub": "id-of-mallory"}
    page = come(browser, url)
    page.get_by_role("heading", name="Your address is not proven yet").wait_for()
    page.context.close()


def a_token_for_somebody_else(browser: Browser, url: str, provider: Provider) -> None:
    for changes in ({"aud": "another"}, {"iss": "http://127.0.0.1:1"}, {"exp": 1}):
        provider.person, provider.token_changes = person("ada"), changes
        page = come(browser, url)
        page.get_by_role("heading", name="The company login did not work").wait_for()
        page.context.close()
    provider.token_changes = {}


def a_no_at_the_provider(browser: Browser, url: str, provider: Provider) -> None:
    provider.says_no = True
    page = come(browser, url)
    page.get_by_role("heading", name="The company login did not work").wait_for()
    assert_accessible(page, "the company login is down")
    page.set_viewport_size({"width": 360, "height": 800})
    assert_fits(page)
    page.get_by_role("link", name="I have a printed code").click()
    page.wait_for_url("**/code/")
    page.context.close()
