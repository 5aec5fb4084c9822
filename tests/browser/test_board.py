"""The board in a real browser: it stays where one is, and people move by hand, key or form."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.looking import assert_accessible, assert_fits
from tests.browser.test_pages import open_page
from tests.factories import desk
from triage.queues import counters
from triage.queues.actions import claim_next
from triage.queues.bulk import move
from triage.queues.models import QueueMembership, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _a_late_and_a_quiet_queue() -> None:
    desk.user("Sam", "supervisor")
    late, quiet = desk.queue("data_concern").pk, desk.queue("password_reset").pk
    for number in range(10):
        person = desk.user(f"Helper{number}", "support")
        QueueMembership.objects.create(user=person, queue_id=quiet)
    at = timezone.now()
    counters.add([counters.waiting(late, 500), counters.went_out(late, 30)], at=at)
    counters.add([counters.went_out(quiet, 60), counters.came_in(quiet, 10)], at=at)
    desk.ticket("other")
    claim_next(by=desk.actor("Sue"), at=at - desk.minutes(18))


@pytest.fixture
def sam(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    page = open_page(browser, live_server, "Sam")
    page.goto(f"{live_server.url}/board/")
    yield page
    page.context.close()


def serving(name: str) -> list[str]:
    rows = QueueMembership.objects.filter(user__name=name)
    return list(rows.values_list("queue__key", flat=True))


def test_new_numbers_come_by_themselves_and_the_focus_stays(sam: Page) -> None:
    button = sam.get_by_role("button", name="Release the email that Sue holds")
    button.focus()
    counters.add([counters.waiting(desk.queue("praise").pk, 7777)], at=timezone.now())
    sam.evaluate("htmx.trigger(document.getElementById('live'), 'refresh')")
    expect(sam.get_by_text("7,777")).to_be_visible()
    expect(button).to_be_focused()


def test_a_proposal_is_looked_at_applied_and_undone(sam: Page) -> None:
    sam.get_by_role("link", name="Preview").first.click()
    sam.get_by_role("heading", name="from Password reset to Data concern").wait_for()
    assert_accessible(sam, "the preview")
    sam.get_by_role("button", name="Apply").click()
    sam.get_by_role("button", name="Undo").wait_for()
    assert QueueMembership.objects.filter(queue__key="data_concern").exists()
    sam.get_by_role("button", name="Undo").click()
    sam.get_by_text("back.").wait_for()
    assert not QueueMembership.objects.filter(queue__key="data_concern").exists()


def test_a_person_is_dragged_onto_a_queue(sam: Page) -> None:
    sam.get_by_role("button", name="Rebalance").click()
    card = sam.get_by_role("group", name="Helper3")
    card.locator(".grip").drag_to(sam.locator(".drop", has_text="Praise"))
    expect(card.get_by_role("checkbox", name="Praise")).to_be_checked()
    expect(card.get_by_role("checkbox", name="Password reset")).not_to_be_checked()
    sam.get_by_role("button", name="Apply").click()
    sam.get_by_role("button", name="Undo").wait_for()
    assert serving("Helper3") == ["praise"]


def test_a_person_is_moved_by_keyboard_alone(sam: Page, live_server: LiveServer) -> None:
    sam.goto(f"{live_server.url}/board/people/?name=Helper3")
    sam.get_by_label("Queue of Helper3").focus()
    sam.keyboard.type("Praise")
    sam.keyboard.press("Tab")
    sam.keyboard.press("Enter")
    sam.get_by_text("Helper3 was moved.").wait_for()
    assert serving("Helper3") == ["praise"]


def test_a_press_in_the_live_part_works_without_javascript_on_a_phone(
    browser: Browser, live_server: LiveServer
) -> None:
    page = open_page(browser, live_server, "Sam", javascript=False, width=360, scheme="dark")
    page.goto(f"{live_server.url}/board/")
    assert_fits(page)
    page.get_by_role("button", name="Release the email that Sue holds").click()
    page.get_by_text("The email is back in its queue.").wait_for()
    assert not Ticket.objects.filter(holder__isnull=False).exists()
    page.get_by_role("button", name="Apply").first.click()
    page.get_by_role("button", name="Undo").wait_for()
    page.context.close()


def test_emails_are_moved_with_a_progress_that_moves_by_itself(
    sam: Page, live_server: LiveServer
) -> None:
    desk.ticket("other")
    sam.goto(f"{live_server.url}/board/emails/")
    sam.get_by_label("Emails that wait in").select_option(label="Everything else")
    sam.get_by_label("Move them to").select_option(label="Praise")
    sam.get_by_role("button", name="Count them").click()
    sam.get_by_text("2 emails fit.").wait_for()
    assert_accessible(sam, "a frozen selection")
    sam.get_by_role("button", name="Begin").click()
    sam.get_by_text("0 of 2 done").wait_for()
    move(at=timezone.now())
    sam.get_by_text("1 of 2 done").wait_for()
    sam.get_by_text("1 was left with the person who holds it").wait_for()
    assert_accessible(sam, "a finished selection")
