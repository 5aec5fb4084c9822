"""The hostile mails all the way: taken in, sorted, answered, and what left for a mail server.

The raw bytes go through the real parse children and the answers through a real SMTP dialogue.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from django.test import Client

from inbox import outbox
from inbox.books import raw_store
from inbox.importing import FoundMail, import_mails
from inbox.models import Arrival, Attachment, Conversation, Mailbox, Message, OutboundMessage
from inbox.receive import parse
from tests.factories import desk
from tests.factories.mail import raw_mail
from tests.factories.outbox import sender
from tests.servers.smtp_sink import ReceivedMail, RecordingSmtpServer
from triage.accounts.policy import Actor
from triage.intake import triage
from triage.queues.actions import claim_next
from triage.queues.actions.outcomes import unanswered
from triage.queues.models import Outcome, Ticket
from triage.replies.actions import submit
from triage.replies.composer import composer
from triage.replies.jobs import settle
from triage.replies.models import Reply

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]

HOSTILE = Path(__file__).parents[1] / "mail" / "hostile"
NOON = desk.NOON
OURS = "support@shop.example"
SLOTS = {"greeting": "Hello,", "own line": "I am sorry.", "sign-off": "Sue"}


def raw(name: str) -> bytes:
    (path,) = HOSTILE.glob(f"{name}-*.eml")
    return path.read_bytes()


@pytest.fixture
def box(smtp_server: RecordingSmtpServer) -> Mailbox:
    """Our mailbox, which sends through the recording server."""
    desk.queue()
    return sender(smtp_server.url, OURS)


@pytest.fixture
def sue(client: Client) -> Client:
    client.force_login(desk.user("Sue", "support"))
    return client


@pytest.fixture
def all_of_them(box: Mailbox) -> dict[str, Message | None]:
    """Every hostile mail as it stands after taking in; by its number, none where set aside."""
    files = sorted(HOSTILE.glob("*.eml"))
    take_in(box, *(path.read_bytes() for path in files))
    return {path.name[:3]: stored(path.read_bytes()) for path in files}


def take_in(box: Mailbox, *mails: bytes, at: datetime = NOON) -> None:
    found = (FoundMail(mail, at) for mail in mails)
    import_mails(found, mailbox=box, clock=lambda: at)
    while parse(at=at) or triage(at=at):
        pass


def stored(mail: bytes) -> Message | None:
    return Message.objects.filter(arrivals__raw_sha256=hashlib.sha256(mail).hexdigest()).first()


def answer_next(by: Actor, *, at: datetime) -> Ticket | None:
    """Helps the next person with an approved answer, which leaves when it can."""
    ticket = claim_next(by=by, at=at)
    if ticket is None:
        return None
    submit(
        ticket_id=ticket.pk,
        version_id=desk.version().pk,
        slots=SLOTS,
        submit_key=f"form-{ticket.pk}-{at}",
        seen_message_id=unanswered(ticket.conversation_id)[-1].pk,
        by=by,
        at=at,
    )
    return ticket


def answer_everybody(at: datetime = NOON) -> None:
    """Sends to all who can be answered; who has no address is left to the support team."""
    Ticket.objects.filter(conversation__customer_address="").update(state="closed", closed_at=at)
    while answer_next(desk.actor("Sue"), at=at):
        pass
    later = at + timedelta(seconds=21)
    while outbox.send(at=later) or settle(at=later + timedelta(minutes=1)):
        pass


def headers(mail: ReceivedMail) -> EmailMessage:
    read = message_from_bytes(mail.content, policy=default)
    assert isinstance(read, EmailMessage)
    return read


def test_every_one_is_stored_read_and_in_the_books(
    all_of_them: dict[str, Message | None],
) -> None:
    assert [name for name, message in all_of_them.items() if message is None] == []
    assert Arrival.objects.exclude(state=Arrival.State.PARSED).count() == 0
    for path in HOSTILE.glob("*.eml"):
        content = path.read_bytes()
        assert raw_store().read(hashlib.sha256(content).hexdigest()) == content


def test_the_answers_go_to_one_person_each_with_no_header_of_their_making(
    all_of_them: dict[str, Message | None], smtp_server: RecordingSmtpServer
) -> None:
    answer_everybody()
    assert len(smtp_server.mails) == Reply.objects.filter(state="released").count() >= 20
    for mail in smtp_server.mails:
        read = headers(mail)
        assert mail.recipients == ("cara@customer.example",)
        assert mail.sender == OURS
        assert read.get_all("To") == ["cara@customer.example"]
        assert [read.get_all(name) for name in ("Bcc", "Cc", "Reply-To")] == [None] * 3
        assert all(len(read.get_all(name) or []) == 1 for name in ("Subject", "Date", "From"))


def test_a_line_end_in_a_subject_stays_a_subject_in_our_answer(
    box: Mailbox, smtp_server: RecordingSmtpServer
) -> None:
    take_in(box, raw("040"))
    answer_everybody()
    (mail,) = smtp_server.mails
    head = mail.content.partition(b"\r\n\r\n")[0]
    assert not re.search(rb"(?im)^bcc:", head)
    assert headers(mail)["Subject"] == "Re: Hi Bcc: victim@other.example body"
    assert headers(mail)["In-Reply-To"] == "<atk40@customer.example>"


def test_two_mails_with_one_id_are_both_kept_and_both_answered(
    box: Mailbox, smtp_server: RecordingSmtpServer
) -> None:
    take_in(box, raw("147"), raw("148"))
    assert Message.objects.filter(message_id="atk147@customer.example").count() == 2
    answer_everybody()
    assert Outcome.objects.filter(kind__in=["answered", "covered"]).count() == 2


def test_a_mail_of_nothing_is_kept_and_a_person_can_see_it(box: Mailbox, sue: Client) -> None:
    take_in(box, raw("143"))
    message = Message.objects.get()
    assert (message.raw_size, raw_store().read(message.raw_sha256)) == (0, b"")
    assert f"/inbox/{message.conversation_id}/" in sue.get("/inbox/?show=all").content.decode()
    assert sue.get(f"/inbox/{message.conversation_id}/").status_code == 200


def test_an_absurd_date_does_not_decide_the_order(box: Mailbox, sue: Client) -> None:
    take_in(box, raw("149"))
    first = Message.objects.get()
    later = raw_mail(sender="cara@customer.example", in_reply_to=first.message_id, text="Second?")
    take_in(box, later, at=NOON + timedelta(hours=1))
    page = sue.get(f"/inbox/{first.conversation_id}/").content.decode()
    assert first.conversation.messages.count() == 2
    assert page.index("Hello") < page.index("Second?")
    assert "9999" not in page


# The takeover: an outsider quotes Message-IDs of somebody else's conversation.

SECRET = "My card ends in 4242."


@pytest.fixture
def victim(box: Mailbox) -> Iterator[Conversation]:
    """Dana's conversation, with our answer in it."""
    asked = raw_mail(
        sender="Dana <dana@victim.example>", message_id="v1@victim.example", text=SECRET
    )
    take_in(box, asked)
    answer_everybody()
    yield Conversation.objects.get()


@pytest.mark.parametrize("name", ["125", "126"])
def test_a_takeover_opens_a_new_conversation_without_any_history(
    box: Mailbox, victim: Conversation, smtp_server: RecordingSmtpServer, sue: Client, name: str
) -> None:
    ours = OutboundMessage.objects.get().message_id
    filled = raw(name).replace(b"{VICTIM_MSGID}", b"v1@victim.example")
    take_in(box, filled.replace(b"{OUR_REPLY_MSGID}", ours.encode()), at=NOON + timedelta(hours=1))
    intruder = Message.objects.get(from_address="cara@customer.example")
    assert intruder.conversation_id != victim.pk
    assert intruder.claims_to_continue_id == victim.pk
    by, at = desk.actor("Sue", at=NOON + timedelta(hours=1)), NOON + timedelta(hours=1)
    ticket = claim_next(by=by, at=at)
    assert ticket is not None
    assert ticket.conversation_id == intruder.conversation_id
    shown = composer(ticket=ticket, by=by, at=at)
    assert SECRET not in repr(shown)
    assert "dana@victim.example" not in repr(shown)
    assert SECRET not in sue.get(f"/inbox/{intruder.conversation_id}/").content.decode()
    answer_everybody(at)
    mail = smtp_server.mails[-1]
    assert mail.recipients == ("cara@customer.example",)
    assert SECRET.encode() not in mail.content
    assert b"dana" not in mail.content


# Mail of machines: never acknowledged, always kept where people see it.


@pytest.mark.parametrize("name", ["107", "108", "109", "110"])
def test_automatic_mail_is_kept_seen_and_gets_nothing_by_itself(
    box: Mailbox, sue: Client, smtp_server: RecordingSmtpServer, name: str
) -> None:
    take_in(box, raw(name))
    message = Message.objects.get()
    page = sue.get("/inbox/?show=all").content.decode()
    assert f"/inbox/{message.conversation_id}/" in page
    assert sue.get(f"/inbox/{message.conversation_id}/").status_code == 200
    outbox.send(at=NOON + timedelta(hours=1))
    assert smtp_server.mails == []


# Attachments: bytes to save, under a name that is only a name.


@pytest.mark.parametrize("name", ["043", "044", "045", "056", "057"])
def test_an_attachment_is_nothing_but_a_download(box: Mailbox, sue: Client, name: str) -> None:
    take_in(box, raw(name))
    attached = Attachment.objects.get()
    answer = sue.get(f"/inbox/attachment/{attached.pk}/")
    offered = answer.headers["Content-Disposition"]
    assert answer.status_code == 200
    assert hashlib.sha256(answer.content).hexdigest() == attached.sha256
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert {"default-src 'none'", "sandbox"} <= set(
        answer.headers["Content-Security-Policy"].split("; ")
    )
    assert offered.startswith("attachment;")
    assert not re.search(r"[/\\\x00-\x1f\x7f]|\.\.|%2f|%5c|%0", offered, re.IGNORECASE)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", attached.filename)
