"""The ways in, as those who come and the admin who lets them in see them."""

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.looking import assert_accessible, assert_fits, log_in
from tests.browser.test_pages import Scheme, open_page
from tests.factories import desk, people
from tests.triage.joining.asking import ask
from triage.incidents.models import Incident
from triage.volunteers.models import CodeSheet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "email,name,department,language,queues\nnina@example.com,Nina Ek,Logistics,en,\n"


@pytest.fixture
def secret() -> str:
    """An open link for example.com; Pat from outside has asked by it."""
    at = timezone.now()
    desk.queue()  # the standard queues, which emptied tables have lost
    ada, incident = people.person("ada", at=at), people.incident(at=at)
    _, secret = people.link(incident, ada, domains=("example.com",))
    ask(Client(), secret, "pat@elsewhere.example", "Pat Lund")
    people.sheet(incident, ada, count=4)
    return secret


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_way_in_is_accessible_and_fits(
    browser: Browser, live_server: LiveServer, secret: str, scheme: Scheme, width: int
) -> None:
    ada = open_page(browser, live_server, "Ada", scheme=scheme, width=width)
    sheet = CodeSheet.objects.get().pk
    for path in ("", "list/", "printed-codes/", f"printed-codes/{sheet}/", "requests/"):
        look(ada, f"{live_server.url}/all-hands/{path}")
    ada.goto(f"{live_server.url}/all-hands/list/")
    for name, text in (("wrong.csv", LIST + "wrong,,,,\n"), ("list.csv", LIST)):
        file = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
        ada.get_by_label("The list, as a CSV file").set_input_files(file)
        ada.get_by_role("button", name="Look at the list").click()
        assert_accessible(ada, name)
        assert_fits(ada)
    newcomer = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}
    ).new_page()
    for path in ("/login/", "/login/code/", "/code/", f"/join/{secret}/"):
        look(newcomer, f"{live_server.url}{path}")
    newcomer.get_by_label("Your name").fill("Olga")
    newcomer.get_by_label("Your email address").fill("olga@elsewhere.example")
    newcomer.get_by_role("button", name="Join").click()
    newcomer.get_by_role("heading", name="Ada has to say yes").wait_for()
    assert_accessible(newcomer, "somebody from outside")
    ada.context.close()
    newcomer.context.close()


def look(page: Page, url: str) -> None:
    answer = page.goto(url)
    assert answer and answer.ok, url
    assert_accessible(page, url)
    assert_fits(page)


def test_a_slip_fills_in_its_code_and_a_shared_computer_forgets(
    page: Page, live_server: LiveServer, secret: str
) -> None:
    code = people.codes(CodeSheet.objects.get())[0]
    page.goto(f"{live_server.url}/code/#{code}")
    expect(page.get_by_label("Code on your paper")).to_have_value(code)
    assert code not in page.url
    page.get_by_label("Your name").fill("Nina Ek")
    page.get_by_label("Shared computer").check()
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("heading", name="Read this first").wait_for()
    assert_accessible(page, "a shared computer")
    page.set_viewport_size({"width": 360, "height": 800})
    assert_fits(page)
    page.get_by_role("button", name="Not me").click()
    page.wait_for_url("**/login/")
    assert "muster_session" not in {cookie["name"] for cookie in page.context.cookies()}
    page.go_back()
    expect(page.get_by_role("heading", name="Read this first")).not_to_be_visible()


def test_only_the_slips_are_printed_with_the_zone_of_their_time(
    browser: Browser, live_server: LiveServer, secret: str
) -> None:
    ada = open_page(browser, live_server, "Ada")
    ada.goto(f"{live_server.url}/all-hands/printed-codes/{CodeSheet.objects.get().pk}/")
    expect(ada.get_by_role("button", name="Print")).to_be_visible()
    ada.emulate_media(media="print")
    expect(ada.get_by_role("button", name="Print")).not_to_be_visible()
    expect(ada.get_by_text("Works once, until").first).to_contain_text("UTC")
    ada.context.close()


def test_joining_works_without_a_script(
    browser: Browser, live_server: LiveServer, secret: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/code/")
    page.get_by_label("Code on your paper").fill(people.codes(CodeSheet.objects.get())[1])
    page.get_by_label("Your name").fill("Olga")
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("heading", name="Read this first")).to_be_visible()
    context.close()


def test_the_admin_says_yes_by_keyboard(page: Page, live_server: LiveServer, secret: str) -> None:
    log_in(page, live_server.url, "ada")
    page.goto(f"{live_server.url}/all-hands/requests/")
    page.get_by_role("button", name="Let them in pat@elsewhere.example").press("Enter")
    expect(page.get_by_text("Yes", exact=True)).to_be_visible()
    assert Incident.objects.get().join_requests.get().is_granted
