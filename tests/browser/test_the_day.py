"""The whole day in real browsers: switch on, join, answer by keyboard, move, stand down."""

import email
import email.policy
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looking import assert_accessible, log_in
from tests.installation import Installation
from tests.prepared import prepare
from tests.running import running, wait_until
from tests.servers.dovecot import ImapUser
from tests.servers.smtp_sink import ReceivedMail, RecordingSmtpServer
from triage.volunteers.practice import shipped

pytestmark = [pytest.mark.live, pytest.mark.browser, pytest.mark.timeout(300)]
INCIDENT = "Unauthorised access"


def mail(number: int) -> bytes:
    return (
        f"From: Dana Rivers <dana{number}@customer.example>\r\nTo: support@shop.example\r\n"
        f"Date: Fri, 20 Nov 2026 09:0{number}:00 +0000\r\nSubject: My card, {number}\r\n"
        f"Message-ID: <dana-{number}@customer.example>\r\n\r\n"
        "Do these people have my card number? I am worried about my bank account.\r\n"
    ).encode()


def test_a_whole_day(
    sqlite_installation: Installation,
    imap_user: ImapUser,
    smtp_server: RecordingSmtpServer,
    browser: Browser,
) -> None:
    muster = sqlite_installation
    prepare(muster, imap_user=imap_user, smtp_url=smtp_server.url)
    for number in range(3):
        imap_user.deliver(mail(number))
    with running(muster) as app:
        ada, nina, sam = (browser.new_context().new_page() for _ in range(3))
        link = open_the_doors(ada, app.url)
        join(nina, link, smtp_server)
        expect(
            nina.get_by_text("Helping starts when all-hands mode is switched on.")
        ).to_be_visible()
        assert_accessible(nina, "the desk before the start")
        switch_on(ada)
        wait_until(lambda: muster.manage_json("ledger")["messages"]["open"] == 3, "3 are open")
        answer_by_keyboard_alone(nina)
        log_in(sam, app.url, "sam")
        read_before_it_goes(sam, app.url)
        wait_until(lambda: len(answers(smtp_server)) == 1, "the answer has left")
        move_nina(sam, app.url)
        nina.goto(f"{app.url}/desk/")
        begin_an_answer(nina)
        stand_down(ada)
        next_click_is_refused_kindly(nina)
        wait_until(lambda: muster.manage_json("ledger")["replies"]["draft"] == 1, "a draft is kept")
        assert muster.manage_json("ledger")["unexplained"] == 0
        for page in (ada, nina, sam):
            page.context.close()
    (left,) = answers(smtp_server)
    assert b"Take good care of yourself." in left.content


def answers(server: RecordingSmtpServer) -> list[ReceivedMail]:
    return [mail for mail in server.mails if mail.recipients[0].endswith("@customer.example")]


def open_the_doors(ada: Page, url: str) -> str:
    """The admin names the incident, writes the briefing and makes the link; gives the link."""
    log_in(ada, url, "ada")
    assert_accessible(ada, "a calm day")
    ada.get_by_label("What happened, in a few words").fill(INCIDENT)
    ada.get_by_role("button", name="Show me the steps").click()
    ada.get_by_role("link", name="Write the briefing").click()
    assert_accessible(ada, "the briefing's form")
    for box in ada.get_by_role("textbox").all():
        if "[" in box.input_value():
            box.fill("Somebody read names and addresses.")
    ada.get_by_role("button", name="Save this version").click()
    ada.get_by_role("button", name="Make the link").click()
    if not ada.get_by_label("To copy").count():
        ada.locator("a[href*='/all-hands/links/']").first.click()
    assert_accessible(ada, "the join link")
    link = ada.get_by_label("To copy").input_value()
    ada.get_by_role("link", name="Back to the steps").click()
    assert_accessible(ada, "the steps")
    return link


def join(nina: Page, link: str, server: RecordingSmtpServer, name: str = "Nina Newcomer") -> None:
    """A newcomer comes by the link: name, code by mail, briefing."""
    address = f"{name.split()[0].lower()}@example.com"
    nina.goto(link)
    assert_accessible(nina, "the join page")
    nina.locator("[name=name]").fill(name)
    nina.locator("[name=email]").fill(address)
    nina.get_by_role("button", name="Join").click()
    nina.get_by_label("Code").wait_for()
    assert_accessible(nina, "the code page")
    wait_until(lambda: bool(codes(server, address)), "the code is in the mail")
    nina.get_by_label("Code").fill(codes(server, address)[-1])
    nina.get_by_role("button", name="Go on").click()
    nina.get_by_role("heading", name="Read this first").wait_for()
    assert_accessible(nina, "the briefing")
    nina.get_by_role("button", name="I have read this").click()
    sign(nina)
    practise(nina)
    nina.wait_for_url("**/desk/")


def sign(nina: Page) -> None:
    """She keeps the name that stands there, and promises."""
    nina.get_by_role("heading", name="How you sign").wait_for()
    assert_accessible(nina, "how to sign")
    nina.get_by_label("I promise").check()
    nina.get_by_role("button", name="I promise").click()
    nina.get_by_role("heading", name="Five emails to practise on").wait_for()


def practise(nina: Page) -> None:
    """She takes the right way out of each practice mail."""
    assert_accessible(nina, "before practice")
    nina.get_by_role("button", name="Begin").click()
    for number in range(1, 6):
        nina.get_by_text(f"Practice {number} of 5").wait_for()
        nina.get_by_label(right_choice(nina.get_by_role("heading", level=1).inner_text())).check()
        assert_accessible(nina, "a practice mail")
        nina.get_by_role("button", name="This is what I would do").click()
        nina.get_by_role("heading", name="That is it").wait_for()
        assert_accessible(nina, "the word to a choice")
        nina.get_by_role("link", name="See how it went" if number == 5 else "Next email").click()
    nina.get_by_role("heading", name="You are ready").wait_for()
    assert_accessible(nina, "after practice")
    nina.get_by_role("link", name="Go to the first person").click()


def right_choice(subject: str) -> str:
    """What would be right for the shipped mail of this subject."""
    (mail,) = (mail for mail in shipped().values() if mail.subject == subject)
    return next(choice.text for choice in mail.choices if choice.is_right)


def codes(server: RecordingSmtpServer, address: str) -> list[str]:
    sent = [mail for mail in server.mails if mail.recipients == (address,)]
    texts = [
        email.message_from_bytes(mail.content, policy=email.policy.default).get_content()
        for mail in sent
    ]
    return [
        found[1] for text in texts if (found := re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", text, re.M))
    ]


def switch_on(ada: Page) -> None:
    ada.get_by_label(re.compile("type the", re.I)).fill(INCIDENT)
    ada.get_by_role("button", name="Switch on all-hands mode").click()
    ada.get_by_role("heading", name="All-hands mode is on").wait_for()
    assert_accessible(ada, "the steps while all-hands mode is on")


def press_until(page: Page, name: str, *, key: str = "Tab", most: int = 60) -> None:
    """Goes on with a key until the focus is on the control of this name."""
    for _ in range(most):
        page.keyboard.press(key)
        focused = page.evaluate(
            "(document.activeElement.labels?.[0]?.textContent || "
            "document.activeElement.getAttribute('aria-label') || "
            "document.activeElement.textContent || '').trim()"
        )
        if focused.startswith(name):
            return
    raise AssertionError(f"{name} is not reached by {key}")


def answer_by_keyboard_alone(nina: Page) -> None:
    nina.reload()
    press_until(nina, "Help the next person")
    nina.keyboard.press("Enter")
    nina.get_by_role("radiogroup", name="Approved answers").wait_for()
    assert_accessible(nina, "the answer page")
    press_until(nina, "Your own line")
    nina.keyboard.type("Take good care of yourself.")
    expect(nina.locator("#saved")).to_contain_text("Draft saved")
    press_until(nina, "Send")
    nina.keyboard.press("Enter")
    nina.get_by_text("Go on with the next person.").wait_for()
    assert_accessible(nina, "the desk after a first answer")


def read_before_it_goes(sam: Page, url: str) -> None:
    """A newcomer's own words are read by a colleague."""
    sam.goto(f"{url}/review/")
    sam.get_by_role("button", name="Read the next answer").click()
    expect(sam.locator("mark", has_text="Take good care of yourself.")).to_be_visible()
    assert_accessible(sam, "the answer to read")
    sam.get_by_role("button", name="Approve").click()
    expect(sam.get_by_text("It goes out in a few seconds.")).to_be_visible()


def move_nina(sam: Page, url: str) -> None:
    sam.goto(f"{url}/board/")
    assert_accessible(sam, "the board")
    sam.get_by_role("button", name="Rebalance").click()
    group = sam.get_by_role("group", name="Nina Newcomer")
    for box in group.get_by_role("checkbox").all():
        box.uncheck()
    group.get_by_role("checkbox", name=re.compile("Data concern")).check()
    assert_accessible(sam, "who serves which queue")
    sam.get_by_role("button", name="Apply").click()
    sam.get_by_role("button", name="Undo").wait_for()
    assert_accessible(sam, "the board after a move")


def begin_an_answer(nina: Page) -> None:
    nina.get_by_role("button", name="Help the next person").click()
    nina.get_by_label("Your own line").fill("This line must not be lost.")
    expect(nina.locator("#saved")).to_contain_text("Draft saved")


def stand_down(ada: Page) -> None:
    ada.reload()
    ada.get_by_role("button", name="Stand down").click()
    ada.get_by_role("heading", name="Recovery").wait_for()
    assert_accessible(ada, "the steps in recovery")


def next_click_is_refused_kindly(nina: Page) -> None:
    nina.get_by_role("button", name="Send").click()
    expect(nina.get_by_text("Your helping time has ended. Thank you.")).to_be_visible()
    expect(nina.get_by_text("What you wrote is safe with Sam")).to_be_visible()
    assert_accessible(nina, "the kind refusal")
