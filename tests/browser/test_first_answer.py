"""From the link to the first answer in 15 minutes; from `make run` to 13 people's in 30."""

from __future__ import annotations

import re
import sys

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.effort import Effort
from tests.browser.looking import log_in
from tests.browser.test_the_day import (
    INCIDENT,
    codes,
    mail,
    open_the_doors,
    right_choice,
    switch_on,
)
from tests.installation import Installation
from tests.prepared import PASSWORD, prepare
from tests.running import RunningMuster, running, wait_until
from tests.servers.dovecot import ImapUser
from tests.servers.smtp_sink import RecordingSmtpServer

pytestmark = [pytest.mark.live, pytest.mark.browser, pytest.mark.timeout(400)]
SECONDS_FOR_A_MAIL = 60  # until the code is there, and it is found


def newcomer(page: Page, link: str, server: RecordingSmtpServer) -> Effort:
    """Comes by the link and sends a first answer; everything is read, one practice mail twice."""
    effort = Effort(page)
    effort.step("join by the link")
    effort.open(link)
    effort.type(page.locator("[name=name]"), "Nina Newcomer")
    effort.type(page.locator("[name=email]"), "nina@example.com")
    effort.click(page.get_by_role("button", name="Join"))
    page.get_by_label("Code").wait_for()
    wait_until(lambda: bool(codes(server, "nina@example.com")), "the code is in the mail")
    effort.step("the code from the mail")
    effort.elsewhere(seconds=SECONDS_FOR_A_MAIL, words=60)
    effort.type(page.get_by_label("Code"), codes(server, "nina@example.com")[-1])
    effort.click(page.get_by_role("button", name="Go on"))
    effort.step("briefing")
    effort.click(page.get_by_role("button", name="I have read this"))
    effort.step("how to sign, and the promise")
    effort.choose(page.get_by_label("I promise"))
    effort.click(page.get_by_role("button", name="I promise"))
    _practise(effort)
    _answer(effort)
    return effort


def _practise(effort: Effort) -> None:
    page = effort.page
    effort.step("five practice emails")
    effort.click(page.get_by_role("button", name="Begin"))
    for number in range(1, 6):
        _choose(effort, is_right=number != 3)  # one of them goes wrong, and is read to its end
        onward = "See how it went" if number == 5 else "Next email"
        effort.click(page.get_by_role("link", name=onward))
    effort.click(page.get_by_role("link", name="Go to the first person"))


def _choose(effort: Effort, *, is_right: bool) -> None:
    page = effort.page
    right = right_choice(page.get_by_role("heading", level=1).inner_text())
    if is_right:
        effort.choose(page.get_by_label(right))
    else:
        others = [box for box in page.get_by_role("radio").all() if not _is_named(box, right)]
        effort.choose(others[0])
    effort.click(page.get_by_role("button", name="This is what I would do"))


def _is_named(box: object, name: str) -> bool:
    told = box.evaluate("box => box.labels[0].innerText")  # type: ignore[attr-defined]
    return bool(told.strip() == name)


def _answer(effort: Effort) -> None:
    page = effort.page
    effort.step("the first answer")
    effort.click(page.get_by_role("button", name="Help the next person"))
    page.get_by_role("radiogroup", name="Approved answers").wait_for()
    if not page.get_by_role("radio", checked=True).count():
        effort.choose(page.get_by_role("radio").first)
    effort.type(
        page.get_by_label("Your own line"), "I would be worried too, and I am glad you asked."
    )
    effort.click(page.get_by_role("button", name="Send"))
    page.get_by_text("Go on with the next person.").wait_for()  # a colleague reads it meanwhile


def test_a_newcomer_sends_the_first_answer_within_fifteen_minutes(
    sqlite_installation: Installation,
    imap_user: ImapUser,
    smtp_server: RecordingSmtpServer,
    browser: Browser,
    capsys: pytest.CaptureFixture[str],
) -> None:
    muster = sqlite_installation
    prepare(muster, imap_user=imap_user, smtp_url=smtp_server.url)
    imap_user.deliver(mail(0))
    with running(muster) as app:
        ada, nina = (browser.new_context().new_page() for _ in range(2))
        link = open_the_doors(ada, app.url)
        switch_on(ada)
        wait_until(lambda: muster.manage_json("ledger")["messages"]["open"] == 1, "one is open")
        effort = newcomer(nina, link, smtp_server)
        for page in (ada, nina):
            page.context.close()
    with capsys.disabled():
        sys.stdout.write(f"\n{effort.table()}\n")
    assert effort.minutes < 15, effort.table()


# What the README's small installation asks for in a terminal: each line is copied or typed.
COMMANDS = (
    "make run",
    "create_user --email ada@example.com --role admin --ceremony small",
    "create_user --email leo@example.com --role approver",
    "add_mailbox --address support@shop.example --imap imaps://support@mail.shop.example:993 "
    "--smtp smtps://support@mail.shop.example --start now",
)
SECONDS_A_COMMAND = 45  # read about it, paste or type it, see that it worked


def admin(page: Page, app: RunningMuster) -> tuple[Effort, str]:
    """Sets a small installation up in the browser, up to the switch; gives the join link."""
    effort = Effort(page)
    effort.step("commands in a terminal")
    effort.elsewhere(
        seconds=len(COMMANDS) * SECONDS_A_COMMAND + 0.1 * sum(len(line) for line in COMMANDS),
        words=400,  # the part of the README about it
    )
    effort.step("log in")
    effort.open(f"{app.url}/login/")
    effort.type(page.get_by_label("Email"), "ada@example.com")
    effort.type(page.get_by_label("Password"), PASSWORD)
    effort.click(page.get_by_role("button", name="Log in"))
    effort.step("incident and briefing")
    effort.type(page.get_by_label("What happened, in a few words"), INCIDENT)
    effort.click(page.get_by_role("button", name="Show me the steps"))
    effort.click(page.get_by_role("link", name="Write the briefing"))
    for box in page.get_by_role("textbox").all():
        if "[" in box.input_value():
            effort.type(box, "Somebody read names and addresses. No passwords and no card numbers.")
    effort.click(page.get_by_role("button", name="Save this version"))
    effort.step("join link, and sending it round")
    effort.click(page.get_by_role("button", name="Make the link"))
    if not page.get_by_label("To copy").count():
        effort.click(page.locator("a[href*='/all-hands/links/']").first)
    link = page.get_by_label("To copy").input_value()
    effort.elsewhere(seconds=60)
    effort.click(page.get_by_role("link", name="Back to the steps"))
    effort.step("switch on")
    effort.type(page.get_by_label(re.compile("type the", re.IGNORECASE)), INCIDENT)
    effort.click(page.get_by_role("button", name="Switch on all-hands mode"))
    page.get_by_role("heading", name="All-hands mode is on").wait_for()
    return effort, link


def test_thirteen_people_give_their_first_answers_half_an_hour_after_the_start(
    sqlite_installation: Installation,
    imap_user: ImapUser,
    smtp_server: RecordingSmtpServer,
    browser: Browser,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One sets up, an approver reads the answers meanwhile, and twelve join side by side."""
    muster = sqlite_installation
    prepare(muster, imap_user=imap_user, smtp_url=smtp_server.url)
    imap_user.deliver(mail(0))
    with running(muster) as app:
        ada, nina, leo = (browser.new_context().new_page() for _ in range(3))
        setting_up, link = admin(ada, app)
        wait_until(lambda: muster.manage_json("ledger")["messages"]["open"] == 1, "one is open")
        joining = newcomer(nina, link, smtp_server)
        approving = approver(leo, app.url)
        for page in (ada, nina, leo):
            page.context.close()
    # The link is out before the switch: the twelve read and practise while it is thrown.
    minutes = max(setting_up.minutes, approving.minutes) + joining.minutes
    with capsys.disabled():
        for effort in (setting_up, approving, joining):
            sys.stdout.write(f"\n{effort.table()}\n")
        sys.stdout.write(f"from make run to the first answers of 13 people: {minutes:.1f} m\n")
    assert minutes < 30, minutes


def approver(page: Page, url: str) -> Effort:
    """Reads the answers that ship, in the language of the house, before they are used."""
    effort = Effort(page)
    effort.step("log in")
    log_in(page, url, "leo")
    effort.elsewhere(seconds=40)
    effort.step("read and approve the answers")
    effort.open(f"{url}/responses/")
    addresses = page.locator("a[href^='/responses/']").evaluate_all(
        "links => [...new Set(links.map(link => link.getAttribute('href')))]"
    )
    for address in [each for each in addresses if each.strip("/").split("/")[-1].isdigit()][:8]:
        effort.open(f"{url}{address}")
        effort.now.clicks += 1  # the yes
    return effort
