"""One email all the way: from a real mailbox to the bytes that a mail server received."""

import email
import email.policy
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page

from tests.installation import Installation
from tests.prepared import PASSWORD, prepare
from tests.running import running, wait_until
from tests.servers.dovecot import ImapUser
from tests.servers.smtp_sink import ReceivedMail, RecordingSmtpServer

pytestmark = [pytest.mark.live, pytest.mark.browser, pytest.mark.timeout(300)]

MAIL = b"""\
From: Dana Rivers <dana@customer.example>
To: support@shop.example
Cc: nosy@other.example
Reply-To: trap@other.example
Date: Fri, 20 Nov 2026 09:00:00 +0000
Subject: Did they get my card number??
Message-ID: <dana-1@customer.example>
Content-Type: text/plain; charset=utf-8

I woke up to your email and I am honestly shaking.
Do these people have my card number? Should I call my bank?
"""


@pytest.fixture(params=["without redis", "with redis"])
def full_installation(request: pytest.FixtureRequest, installation: Installation) -> Installation:
    if request.param == "with redis":
        installation.environment["REDIS_URL"] = request.getfixturevalue("redis_url")
    return installation


def test_one_email_all_the_way(
    full_installation: Installation,
    imap_user: ImapUser,
    smtp_server: RecordingSmtpServer,
    page: Page,
) -> None:
    muster = full_installation
    prepare(muster, imap_user=imap_user, smtp_url=smtp_server.url)
    imap_user.deliver(MAIL.replace(b"\n", b"\r\n"))
    with running(muster) as app:
        wait_until(lambda: _open(muster) == 1, "the email waits for an answer")
        _answer(page, app.url)
        wait_until(lambda: len(_to_dana(smtp_server)) == 1, "the answer has left")
        wait_until(lambda: _answered(muster) == 1, "the books say answered")
        wait_until(lambda: len(imap_user.mails("Sent")) == 1, "a copy is in Sent")
    (mail,) = _to_dana(smtp_server)
    answer = email.message_from_bytes(mail.content, policy=email.policy.default)
    assert isinstance(answer, EmailMessage)
    assert mail.recipients == ("dana@customer.example",)
    assert answer["To"] == "dana@customer.example"
    assert answer["In-Reply-To"] == "<dana-1@customer.example>"
    assert answer["References"] == "<dana-1@customer.example>"
    assert answer["Auto-Submitted"] is None
    assert "I would be worried too." in answer.get_content()
    assert muster.manage_json("ledger")["unexplained"] == 0
    assert imap_user.mails("Sent")[0].replace(b"\r\n", b"\n") == mail.content.replace(
        b"\r\n", b"\n"
    )


def _to_dana(server: RecordingSmtpServer) -> list[ReceivedMail]:
    return [mail for mail in server.mails if "dana@customer.example" in mail.recipients]


def _answer(page: Page, url: str) -> None:
    page.goto(f"{url}/login/")
    page.get_by_label("Email").fill("sue@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Help the next person").click()
    page.get_by_role("heading", name="Did they get my card number??").wait_for()
    page.get_by_label("Your own line").fill("I would be worried too.")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("button", name="Undo").wait_for()


def _open(muster: Installation) -> int:
    return int(muster.manage_json("ledger")["messages"]["open"])


def _answered(muster: Installation) -> int:
    return int(muster.manage_json("ledger")["messages"]["answered"])
