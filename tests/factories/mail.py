"""Mailboxes, raw mails, and the rows that come of them."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from inbox.mailboxes import IMPORT_ADDRESS, open_mailbox, opening
from inbox.models import Arrival, Conversation, Folder, Mailbox, Message
from tests.servers.dovecot import ImapUser

NOON = datetime(2027, 1, 15, 12, tzinfo=UTC)
SMTP_URL = "smtp://127.0.0.1:18025"
_numbers = itertools.count(1)


def raw_mail(
    *,
    subject: str = "My password",
    sender: str = "Maya Ortiz <maya@example.com>",
    text: str = "Hello, I cannot log in since this morning.",
    message_id: str = "",
    in_reply_to: str = "",
    html: str = "",
    attachment: tuple[str, bytes] | None = None,
    at: datetime = NOON,
) -> bytes:
    """One mail as bytes; without a `message_id` (given without <>) it gets one of its own."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "help@example.org", subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{message_id or f'{next(_numbers)}@customer.example.com'}>"
    if in_reply_to:
        mail["In-Reply-To"] = mail["References"] = f"<{in_reply_to}>"
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    if attachment:
        name, content = attachment
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return mail.as_bytes().replace(b"\n", b"\r\n")


def server_mailbox(user: ImapUser, *, password: str = "") -> Mailbox:
    """A mailbox of ours for an account on a test server, from its first mail on."""
    return open_mailbox(
        address=user.address,
        imap_url=user.url,
        smtp_url=SMTP_URL,
        password=password or user.password,
        begin=opening(user.url, user.password, start_at=None),
        at=NOON,
    )


def mailbox(address: str = "help@example.org") -> Mailbox:
    """A mailbox whose server nobody asks."""
    found = Mailbox.objects.filter(address=address).first()
    return found or Mailbox.objects.create(
        address=address,
        imap_url="imaps://help@imap.example.org",
        smtp_url=SMTP_URL,
        created_at=NOON,
    )


def folder(of: Mailbox | None = None) -> Folder:
    """The INBOX of a mailbox, with books that begin at the first mail."""
    found, _ = Folder.objects.get_or_create(
        mailbox=of or mailbox(),
        name="INBOX",
        uidvalidity=1,
        defaults={"start_uid": 1, "opened_at": NOON},
    )
    return found


def conversation(
    *, customer: str = "maya@example.com", subject: str = "My password"
) -> Conversation:
    """A conversation without mails."""
    return Conversation.objects.create(
        customer_address=customer,
        customer_name="Maya Ortiz",
        subject=subject,
        mailbox=mailbox(),
        opened_at=NOON,
    )


def message(
    *,
    of: Conversation | None = None,
    text: str = "Hello, I cannot log in.",
    html: str = "",
    received_at: datetime = NOON,
    due_at: datetime | None = None,
    kind: str = Message.Kind.PERSON,
) -> Message:
    """A mail in a conversation, with the arrival it came by; not due unless told so."""
    number = next(_numbers)
    home = of or conversation()
    row = Message.objects.create(
        conversation=home,
        mailbox=home.mailbox,
        raw_sha256=f"{number:064x}",
        raw_size=1_000,
        content_sha256=f"{number:064x}",
        message_id=f"{number}@customer.example.com",
        subject=home.subject,
        from_address=home.customer_address,
        from_name=home.customer_name,
        received_at=received_at,
        text=text,
        new_text=text,
        html=html,
        kind=kind,
        created_at=received_at,
        due_at=due_at,
    )
    arrival(state=Arrival.State.PARSED, raw_sha256=row.raw_sha256, message=row)
    return row


def arrival(
    *,
    state: str = Arrival.State.LISTED,
    raw_sha256: str = "",
    message: Message | None = None,
    reason: str = "",
    uid: int | None = None,
) -> Arrival:
    """One delivery in the INBOX of the usual mailbox."""
    number = uid or next(_numbers)
    stored = state not in {Arrival.State.LISTED, Arrival.State.GONE}
    return Arrival.objects.create(
        folder=folder(),
        uid=number,
        state=state,
        internal_date=NOON,
        size=1_000,
        raw_sha256=raw_sha256 or (f"{number:064x}" if stored else ""),
        message=message,
        reason=reason,
        due_at=NOON if state in {Arrival.State.LISTED, Arrival.State.STORED} else None,
        listed_at=NOON,
    )


__all__ = ["IMPORT_ADDRESS", "NOON", "SMTP_URL"]
