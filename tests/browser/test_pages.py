"""Every page of the staff: axe finds nothing, it fits a phone, it loads nothing from outside."""

from pathlib import Path
from typing import Literal

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from inbox.models import Arrival, OutboundMessage
from tests.browser.looking import assert_accessible, assert_fits
from tests.factories import answers, desk
from triage.accounts.models import User
from triage.queues.actions import ask_a_pro, claim_next
from triage.queues.models import Question
from triage.replies.models import Reply
from triage.responses.models import ResponseVersion
from triage.schedule import take_turn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOSTILE = Path(__file__).resolve().parents[1] / "mail" / "hostile"
Scheme = Literal["light", "dark"]


@pytest.fixture(autouse=True)
def _busy_day() -> None:
    """Answers approved and waiting, emails held, asked about, answered and set aside."""
    for name, role in (
        ("Sue", "support"),
        ("Tim", "support"),
        ("Sam", "supervisor"),
        ("Leo", "approver"),
        ("Ada", "admin"),
        ("Max", "auditor"),
    ):
        desk.user(name, role)
    answers.approved()
    answers.approved("How to set a new password", label="password_reset")
    for key in ("data_concern", "angry", "other"):
        desk.ticket(key)
    by, at = desk.actor("Sue"), timezone.now()
    ticket = claim_next(by=by, at=at)
    assert ticket
    ask_a_pro(ticket_id=ticket.pk, text="May I say this?", by=by, at=at)


def open_page(
    browser: Browser,
    server: LiveServer,
    name: str,
    *,
    scheme: Scheme = "light",
    width: int = 1280,
    javascript: bool = True,
) -> Page:
    client = Client()
    client.force_login(User.objects.get(name=name))
    context = browser.new_context(
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
        java_script_enabled=javascript,
    )
    cookie = client.cookies["muster_session"].value
    context.add_cookies([{"name": "muster_session", "value": cookie, "url": server.url}])
    return context.new_page()


PAGES = {
    "Sue": ["/desk/", "/desk/sent/", "/desk/danger/", "/inbox/", "/inbox/1/"],
    "Tim": ["/desk/"],
    "Sam": [
        *("/board/", "/board/rebalance/", "/board/questions/1/"),
        *("/board/people/", "/board/answers/", "/board/came-back/", "/board/people-needed/"),
        *("/board/queues/1/", "/board/rebalance/move/", "/board/emails/", "/board/thanks/"),
        *("/mailboxes/", "/set-aside/", "/ledger/", "/review/"),
    ],
    "Max": ["/audit/", "/audit/incidents/"],
    "Leo": ["/responses/", "/responses/new/", "/responses/1/", "/responses/versions/1/"],
    "Ada": ["/settings/", "/mailboxes/", "/mailboxes/add/", "/set-aside/", "/ledger/"],
}


def real(path: str) -> str:
    """The path with the ids of this database."""
    question, version = Question.objects.get(), ResponseVersion.objects.earliest("pk")
    ids = {
        "/inbox/1/": f"/inbox/{question.ticket.conversation_id}/",
        "/board/questions/1/": f"/board/questions/{question.pk}/",
        "/responses/1/": f"/responses/{version.response_id}/",
        "/responses/versions/1/": f"/responses/versions/{version.pk}/",
        "/board/queues/1/": f"/board/queues/{question.ticket.queue_id}/",
    }
    return ids.get(path, path)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_every_page_fits(
    browser: Browser, live_server: LiveServer, scheme: Scheme, width: int
) -> None:
    for name, paths in PAGES.items():
        page = open_page(browser, live_server, name, scheme=scheme, width=width)
        blocked: list[str] = []
        page.on("console", lambda said, told=blocked: told.append(said.text))
        for path in paths:
            answer = page.goto(live_server.url + real(path))
            assert answer and answer.ok, f"{name} {path}"
            assert_accessible(page, f"{name} {path} {scheme} {width}")
            assert_fits(page)
        assert [text for text in blocked if "Content Security Policy" in text] == []
        page.context.close()


def test_the_asides_of_the_desk_are_accessible(browser: Browser, live_server: LiveServer) -> None:
    page = open_page(browser, live_server, "Sue")
    for button in ("Pass on", "Ask a pro"):
        page.goto(f"{live_server.url}/desk/")
        page.get_by_role("button", name=button).click()
        page.get_by_role("heading", level=1, name=button.split(" ")[0]).wait_for()
        assert_accessible(page, button)
    page.context.close()


def test_an_email_is_answered_without_javascript(browser: Browser, live_server: LiveServer) -> None:
    page = open_page(browser, live_server, "Tim", javascript=False, width=360)
    page.goto(f"{live_server.url}/desk/")
    page.get_by_role("button", name="Help the next person").click()
    page.get_by_label("How to set a new password").check()
    page.get_by_role("button", name="Show this answer").click()
    expect(page.get_by_text("How to set a new password").last).to_be_visible()
    page.get_by_label("Your own line").fill("Written without a script.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.context.close()
    reply = Reply.objects.get(state=Reply.State.RELEASED)
    assert "Written without a script." in reply.text
    assert reply.outbound and reply.outbound.state == OutboundMessage.State.QUEUED


def test_hostile_mails_run_no_script_and_make_no_request(
    browser: Browser, live_server: LiveServer
) -> None:
    call_command("import_mail", str(HOSTILE))
    while take_turn("parse") or take_turn("triage"):
        pass
    page = open_page(browser, live_server, "Sue")
    outside: list[str] = []
    page.on("request", lambda r: outside.append(r.url) if foreign(r.url, live_server) else None)
    page.on("dialog", lambda dialog: outside.append(f"dialog {dialog.message}"))
    shown = 0
    for arrival in Arrival.objects.filter(message__isnull=False).select_related("message"):
        message = arrival.message
        assert message
        page.goto(f"{live_server.url}/inbox/{message.conversation_id}/")
        for details in page.locator("details:not(.me)").all():
            details.evaluate("element => { element.open = true }")
        page.wait_for_load_state("networkidle")
        for frame in page.frames:
            assert frame.evaluate("window.__pwned") is None, message.pk
        if message.html:
            page.goto(f"{live_server.url}/inbox/email/{message.pk}/html/")
            assert page.evaluate("window.__pwned") is None, message.pk
        shown += 1
    page.context.close()
    assert shown >= 20
    assert outside == []


def foreign(url: str, server: LiveServer) -> bool:
    return not url.startswith((server.url, "data:", "about:"))
