import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_the_day import practise, sign
from tests.factories import desk, people
from triage.accounts.models import User
from triage.audit.actions import Step
from triage.incidents.actions import ask_fact, bind_mailbox, note_told
from triage.incidents.models import StatusUpdate

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _day() -> None:
    """A breach day in full: a briefing, an entry, a link, helpers in every state."""
    ada, incident = people.person("ada"), people.incident("watch", at=timezone.now())
    sam = people.person("sam")
    people.briefing(incident, ada)
    StatusUpdate.objects.create(
        incident=incident, text="We are looking into it.", by=ada, at=timezone.now()
    )
    people.link(incident, ada)
    known(incident, sam)
    for name, state in (("bob", "briefing"), ("ann", "ready"), ("eve", "ended")):
        people.helper(people.person(name), incident, state=state, at=timezone.now())
    people.person("max")


def known(incident: people.Incident, sam: User) -> None:
    """A fact that waits for a second person, somebody told, a mailbox bound, an email left."""
    at, by = timezone.now(), Step("test")
    ask_fact(
        incident_id=incident.pk,
        key="when",
        question="When did it begin?",
        value="Monday",
        source="The log.",
        user_id=sam.pk,
        by=by,
        at=at,
    )
    note_told(
        incident_id=incident.pk,
        audience="press",
        told_at=at,
        told_by="Sam",
        user_id=sam.pk,
        by=by,
        at=at,
    )
    box = desk.ticket().conversation.mailbox_id
    bind_mailbox(incident_id=incident.pk, mailbox_id=box, queue_key="data_concern", by=by, at=at)


def log_in(page: Page, live_server: LiveServer, name: str) -> None:
    client = Client()
    client.force_login(User.objects.get(email=f"{name}@example.com"))
    cookie = client.cookies["muster_session"].value
    page.context.add_cookies([{"name": "muster_session", "value": cookie, "url": live_server.url}])


def secret() -> str:
    return people.secret_of(people.EnlistmentLink.objects.get())


PAGES = [
    ("", "/login/"),
    ("", "/login/code/"),
    ("", "/join/SECRET/"),
    ("", "/join/unknown/"),
    ("", "/incident/the-breach/"),
    ("", "/nothing/here/"),
    ("ada", "/all-hands/"),
    ("ada", "/all-hands/briefing/"),
    ("ada", "/all-hands/links/1/"),
    ("ada", "/all-hands/mailboxes/"),
    ("ada", "/all-hands/facts/"),
    ("ada", "/all-hands/told/"),
    ("ada", "/all-hands/letter/"),
    ("ada", "/all-hands/words/"),
    ("ada", "/all-hands/helpers/"),
    ("ada", "/all-hands/close/"),
    ("sam", "/all-hands/extend/"),
    ("ada", "/account/second-step/"),
    ("ada", "/audit/"),
    ("max", "/audit/"),
    ("bob", "/briefing/"),
    ("eve", "/desk/"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_overflows_a_phone(
    browser: Browser, live_server: LiveServer, scheme: str
) -> None:
    found: dict[str, object] = {}
    for name, path in PAGES:
        context = browser.new_context(
            color_scheme=scheme,
            viewport={"width": 360, "height": 740},  # type: ignore[arg-type]
        )
        page = context.new_page()
        errors: list[str] = []
        page.on("console", lambda m, errors=errors: errors.append(m.text))  # type: ignore[misc]
        if name:
            log_in(page, live_server, name)
        link = people.EnlistmentLink.objects.get()
        shown = path.replace("SECRET", secret()).replace("/links/1/", f"/links/{link.pk}/")
        page.goto(live_server.url + shown)
        axe = [
            f"{v['id']}: {v['nodes'][0]['html']}" for v in Axe().run(page).response["violations"]
        ]
        wide = page.evaluate("document.documentElement.scrollWidth") > 360
        blocked = [text for text in errors if "Content Security Policy" in text]
        if axe or wide or blocked:
            found[f"{name} {path}"] = (axe, wide, blocked)
        context.close()
    assert found == {}


def test_from_the_switch_to_the_kind_refusal_by_keyboard(
    page: Page, browser: Browser, live_server: LiveServer
) -> None:
    log_in(page, live_server, "ada")
    page.goto(f"{live_server.url}/all-hands/")
    page.get_by_label("Type the incident name to confirm").fill("The breach")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="All-hands mode is on").wait_for()

    newcomer = browser.new_context().new_page()
    newcomer.goto(f"{live_server.url}/join/{secret()}/")
    newcomer.get_by_label("Your name").fill("Nia New")
    newcomer.get_by_label("Your email address").fill("nia@example.com")
    newcomer.keyboard.press("Enter")
    newcomer.get_by_label("Code").wait_for()
    code = re.findall(r"^ {4}(\S+)$", mail.outbox[0].body, re.MULTILINE)[0]
    newcomer.get_by_label("Code").fill(code)
    newcomer.keyboard.press("Enter")
    newcomer.get_by_role("button", name="I have read this").press("Enter")
    sign(newcomer)
    practise(newcomer)
    newcomer.wait_for_url("**/desk/")

    page.get_by_role("button", name="Stand down").press("Enter")
    page.get_by_text("Helping has ended for 3 people.").wait_for()
    newcomer.reload()
    newcomer.get_by_text("What you wrote is safe with Sam.").wait_for()
    assert "/login/" not in newcomer.url
