"""The helper's page in a real browser: time that runs out, news while one writes, two tabs."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from inbox.models import OutboundMessage
from tests.browser.looking import assert_accessible, assert_fits
from tests.browser.test_pages import open_page
from tests.factories import answers, desk
from triage.queues.actions import answer_question, release
from triage.queues.jobs import lapse
from triage.queues.models import Question, Ticket
from triage.replies.models import Reply

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINE = "I would have been worried too."


@pytest.fixture(autouse=True)
def _one_who_waits() -> None:
    for name, role in (("Tim", "support"), ("Sam", "supervisor")):
        desk.user(name, role)
    answers.approved()
    answers.approved("How to set a new password", label="password_reset")
    desk.ticket("data_concern")


@pytest.fixture
def tim(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Tim, on a phone, with an email in his hands."""
    page = open_page(browser, live_server, "Tim", width=360)
    page.goto(f"{live_server.url}/desk/")
    page.get_by_role("button", name="Help the next person").click()
    page.get_by_role("radio", name="Full card number not reached").check()
    expect(page.get_by_text("Your full card number was not reached.")).to_be_visible()
    yield page
    page.context.close()


def look(page: Page) -> None:
    """What happens every fifteen seconds, and when somebody comes back to the page."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def ends_in(minutes: float, *, held_for: float = 10) -> None:
    at = timezone.now()
    Ticket.objects.update(
        held_since=at - desk.minutes(held_for), held_until=at + desk.minutes(minutes)
    )


def held() -> Ticket:
    return Ticket.objects.get(holder__isnull=False)


def write(page: Page, text: str = LINE) -> None:
    page.get_by_label("Your own line").fill(text)
    expect(page.locator("#saved")).to_contain_text("Draft saved")


def test_three_minutes_before_the_end_the_page_warns_and_one_button_renews(tim: Page) -> None:
    ends_in(2.5)
    look(tim)
    warning = tim.get_by_role("alert").filter(has_text="Are you still there?")
    expect(warning).to_be_visible()
    assert_accessible(tim, "the warning")
    assert_fits(tim)
    warning.get_by_role("button", name="I'm still here").click()
    expect(tim.get_by_text("Are you still there?")).to_have_count(0)
    until = held().held_until
    assert until and until > timezone.now() + timedelta(minutes=19)


def test_after_an_hour_the_page_tells_the_truth_and_offers_no_more_time(tim: Page) -> None:
    ends_in(2.5, held_for=57.5)
    look(tim)
    expect(tim.get_by_text("One email can be yours for an hour.")).to_be_visible()
    expect(tim.get_by_role("button", name="I'm still here")).to_have_count(0)
    tim.get_by_role("button", name="All right").click()
    look(tim)
    tim.wait_for_load_state("networkidle")
    expect(tim.get_by_text("One email can be yours for an hour.")).to_have_count(0)


def test_reading_renews_the_time_once_a_minute(tim: Page, live_server: LiveServer) -> None:
    tim.clock.install()
    tim.goto(f"{live_server.url}/desk/")
    ends_in(10)
    tim.clock.run_for(61_000)
    with tim.expect_response("**/desk/here/"):
        tim.mouse.wheel(0, 200)
    until = held().held_until
    assert until and until > timezone.now() + timedelta(minutes=19)


def test_time_that_ends_in_mid_sentence_keeps_the_text_on_the_page_and_in_the_draft(
    tim: Page,
) -> None:
    ends_in(-1)
    lapse(at=timezone.now())
    tim.get_by_label("Your own line").fill(LINE)
    expect(tim.get_by_text("The time for this email was over")).to_be_visible()
    expect(tim.get_by_label("Your own line")).to_have_value(LINE)
    expect(tim.get_by_role("button", name="Send")).to_be_hidden()
    assert_accessible(tim, "the time is over")
    tim.get_by_role("button", name="Go on").click()
    expect(tim.get_by_role("button", name="Help the next person")).to_be_visible()
    assert Reply.objects.get().slots["own line"] == LINE


def test_new_mail_of_the_same_person_is_told_before_send_and_shown_with_the_text_kept(
    tim: Page,
) -> None:
    tim.get_by_label("Your own line").fill(LINE)
    desk.message(held().conversation, new_text="It is not my card any more.")
    look(tim)
    expect(tim.get_by_text("Dana R. has just written again.")).to_be_visible()
    tim.get_by_role("button", name="Show it, keep my text").click()
    expect(tim.get_by_text("It is not my card any more.")).to_be_visible()
    expect(tim.get_by_label("Your own line")).to_have_value(LINE)


def test_a_note_moves_no_line_under_the_eyes(tim: Page) -> None:
    before = tim.get_by_label("Your own line").bounding_box()
    desk.message(held().conversation)
    look(tim)
    expect(tim.get_by_text("Dana R. has just written again.")).to_be_visible()
    assert tim.get_by_label("Your own line").bounding_box() == before


def test_the_answer_of_a_pro_appears_without_a_reload(tim: Page) -> None:
    write(tim)
    tim.get_by_role("button", name="Ask a pro").click()
    tim.get_by_label("Your question").fill("May I say this?")
    tim.get_by_role("button", name="Ask", exact=True).click()
    expect(tim.get_by_text("A colleague is looking.")).to_be_visible()
    at = timezone.now()
    sam = desk.actor("Sam", "supervisor", at=at)
    answer_question(question_id=Question.objects.get().pk, text="Yes, do.", by=sam, at=at)
    look(tim)
    expect(tim.get_by_text("Yes, do.")).to_be_visible()
    tim.get_by_role("link", name="Read it").click()
    expect(tim.locator("#asked")).to_be_focused()
    expect(tim.get_by_label("Your own line")).to_have_value(LINE)


def test_an_email_that_a_supervisor_takes_is_let_go_kindly(tim: Page) -> None:
    write(tim)
    at = timezone.now()
    release(ticket_id=held().pk, by=desk.actor("Sam", "supervisor", at=at), at=at)
    look(tim)
    expect(tim.get_by_text("Sam has taken care of this email.")).to_be_visible()
    expect(tim.get_by_label("Your own line")).to_have_value(LINE)


def test_done_for_now_asks_once_when_something_is_typed(tim: Page) -> None:
    tim.get_by_label("Your own line").fill(LINE)
    tim.get_by_role("button", name="I'm done for now").click()
    assert_accessible(tim, "done for now?")
    assert_fits(tim)
    tim.get_by_role("button", name="Yes, I'm done for now").click()
    expect(tim.get_by_text("Thank you for your help.")).to_be_visible()
    assert not Ticket.objects.filter(holder__isnull=False).exists()
    assert Reply.objects.get().slots["own line"] == LINE


def test_enter_in_a_one_line_field_neither_sends_nor_ends(tim: Page) -> None:
    tim.get_by_label("Greeting").press("Enter")
    write(tim)  # still the same page
    assert held().pk
    assert not OutboundMessage.objects.exists()


def test_two_tabs_are_one_email_and_one_answer(tim: Page) -> None:
    write(tim)
    other = tim.context.new_page()
    other.goto(tim.url)
    expect(other.get_by_label("Your own line")).to_have_value(LINE)
    other.get_by_role("button", name="Send").click()
    expect(other.get_by_role("button", name="Undo")).to_be_visible()
    look(tim)
    expect(tim.get_by_text("You have sent your answer to this email already.")).to_be_visible()
    assert OutboundMessage.objects.count() == 1


def test_without_a_connection_the_page_says_so_until_it_is_back(tim: Page) -> None:
    tim.context.set_offline(True)
    look(tim)
    expect(tim.get_by_text("No connection at the moment.")).to_be_visible()
    tim.context.set_offline(False)
    look(tim)
    expect(tim.get_by_text("No connection at the moment.")).to_be_hidden()


def test_danger_is_one_button_and_the_page_says_what_to_do(tim: Page) -> None:
    tim.get_by_role("button", name="Someone may be in danger").click()
    expect(tim.get_by_role("heading", name="You did right")).to_be_visible()
    expect(tim.get_by_text("Please do not answer this person yourself")).to_be_visible()
    assert_accessible(tim, "danger")
    assert_fits(tim)
    ticket = Ticket.objects.get()
    assert (ticket.holder, ticket.queue.key) == (None, "safety")
    tim.get_by_role("button", name="Take a pause").click()
    expect(tim.get_by_text("Did they get my card number?")).to_have_count(0)


def test_the_key_of_danger_does_nothing_while_somebody_types(tim: Page) -> None:
    tim.get_by_label("Your own line").press_sequentially("I am so sorry! Really!")
    expect(tim.locator("#saved")).to_contain_text("Draft saved")
    assert held().queue.key == "data_concern"
    tim.locator("#main").focus()
    tim.keyboard.press("Shift+!")
    expect(tim.get_by_role("heading", name="You did right")).to_be_visible()


def test_a_whole_answer_by_keys_alone(browser: Browser, live_server: LiveServer) -> None:
    page = open_page(browser, live_server, "Tim")
    page.goto(f"{live_server.url}/desk/")
    page.get_by_role("button", name="Help the next person").focus()
    page.keyboard.press("Enter")
    page.get_by_role("radiogroup", name="Approved answers").wait_for()
    page.keyboard.press("1")
    expect(page.get_by_text("Your full card number was not reached.")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_role("heading", name="Ask a pro")).to_be_visible()
    page.go_back()
    page.get_by_label("Your own line").focus()
    page.keyboard.type(LINE)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_label("Your own line")).to_have_value(LINE)
    page.keyboard.press("p")
    page.get_by_label("It upsets me").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Next comes a kind one, if one is waiting.")).to_be_visible()
    page.context.close()
    assert not OutboundMessage.objects.filter(state="queued").exists()


def test_a_whole_answer_without_javascript(browser: Browser, live_server: LiveServer) -> None:
    page = open_page(browser, live_server, "Tim", javascript=False, width=360)
    page.goto(f"{live_server.url}/desk/")
    page.get_by_role("button", name="Help the next person").click()
    ends_in(2.5)
    page.get_by_label("Your own line").fill(LINE)
    page.get_by_label("Full card number not reached").check()
    page.get_by_role("button", name="Show this answer").click()
    until = held().held_until
    assert until and until > timezone.now() + timedelta(minutes=19)
    ends_in(2.5)
    page.reload()
    page.get_by_role("button", name="I'm still here").click()
    expect(page.get_by_label("Your own line")).to_have_value(LINE)
    page.get_by_role("button", name="I'm done for now").click()
    page.get_by_role("link", name="Back to the email").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.context.close()
    assert LINE in Reply.objects.get().text


def test_a_kind_line_can_be_tapped_and_is_kept(tim: Page) -> None:
    tim.get_by_role("group", name="Lines to tap").get_by_role("button").first.click()
    expect(tim.get_by_label("Your own line")).to_have_value("Thank you for your patience today.")
    expect(tim.get_by_label("Your own line")).to_be_focused()
    expect(tim.locator("#saved")).to_contain_text("Draft saved")
    assert Reply.objects.get().slots["own line"] == "Thank you for your patience today."
