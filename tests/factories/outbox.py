"""Rows of the outbox: mailboxes that can send, and mails on their way."""

from datetime import UTC, datetime, timedelta
from typing import Any

from inbox.mailboxes import sealed
from inbox.models import Mailbox, OutboundMessage
from inbox.outbox import queue_mail

NOON = datetime(2027, 1, 15, 12, 0, tzinfo=UTC)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def sender(smtp_url: str, address: str = "help@example.org", **more: Any) -> Mailbox:
    """A mailbox that sends through this server."""
    fields: dict[str, Any] = {"imap_url": "", "kind": "import", "created_at": NOON, **more}
    password = fields.pop("password", "")
    secret = sealed(password) if password else b""
    return Mailbox.objects.create(address=address, smtp_url=smtp_url, secret=secret, **fields)


def answer(mailbox: Mailbox | None, **more: Any) -> OutboundMessage:
    """An answer that is due at noon."""
    fields: dict[str, Any] = {
        "mailbox": mailbox,
        "conversation": None,
        "recipient": "dana@example.net",
        "sender_name": "Maya from Example",
        "subject": "Did they get my card number?",
        "text": "Hi Dana,\n\nYour card number was not reached.\n",
        "in_reply_to": "question-1@example.net",
        "references": ["question-1@example.net"],
        "kind": OutboundMessage.Kind.ANSWER,
        "due_at": NOON,
        "at": NOON,
    }
    return queue_mail(**{**fields, **more})
