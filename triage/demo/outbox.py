"""The mails that the demo has sent, as people read them.

Muster wrote them itself, a text in one part each, so they need no limited process to be read in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from triage.demo.smtp_sink import StoredMail, stored, stored_mail

NEWEST = 200
_SHOWN_CHARACTERS = 100_000


@dataclass(frozen=True, kw_only=True)
class SentMail:
    """One mail as its receiver would see it; `raw` is every line of it."""

    id: str
    received_at: datetime
    recipient: str
    sender: str
    subject: str
    text: str
    headers: tuple[tuple[str, str], ...]
    raw: str

    @property
    def begins(self) -> str:
        """The first words, for a list."""
        return " ".join(self.text.split())[:120]


def newest(folder: Path) -> list[SentMail]:
    """The newest mails, the last one first; at most 200."""
    return [_read(mail) for mail in stored(folder, limit=NEWEST)]


def one(folder: Path, identifier: str) -> SentMail | None:
    """The mail with this id; none when there is no such mail."""
    mail = stored_mail(folder, identifier)
    return _read(mail) if mail else None


def _read(mail: StoredMail) -> SentMail:
    content = mail.path.read_bytes()
    message = message_from_bytes(content, policy=default)
    return SentMail(
        id=mail.id,
        received_at=mail.received_at,
        recipient=", ".join(mail.recipients),
        sender=str(message["From"] or mail.sender),
        subject=str(message["Subject"] or ""),
        text=_text(message)[:_SHOWN_CHARACTERS],
        headers=tuple((name, str(value)) for name, value in message.items()),
        raw=content[:_SHOWN_CHARACTERS].decode("utf-8", "replace"),
    )


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    content = part.get_content() if part is not None else ""
    return content if isinstance(content, str) else ""
