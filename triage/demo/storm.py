"""The mail storm of the demo: a breach day at the imaginary shop Fernhill.

The words live in `storm/*.jsonl`, one mail a line, and in `storm/notice.txt`, what the shop wrote
to everybody that morning. This module gives them as values and renders each to the bytes that a
mail server would hold. All addresses end in `.example` (RFC 2606): nobody real is meant.
"""

from __future__ import annotations

import functools
import hashlib
import html
import json
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Literal

from triage.demo import storm_files

_FOLDER = Path(__file__).with_name("storm")
SHOP_ADDRESS = "support@fernhill.example"
NOTICE_SUBJECT = "Important information about your Fernhill account"
NOTICE_MESSAGE_ID = "<notice.15-january@fernhill.example>"

_WROTE = {"de": "schrieb", "es": "escribió", "fr": "a écrit"}
_NOTICE_MARK = "%%NOTICE%%"


@dataclass(frozen=True, slots=True)
class StormAttachment:
    """A file to make from lines; with a `cid` it stands inside the HTML, not beside it."""

    kind: Literal["text", "pdf", "png"]
    filename: str
    lines: tuple[str, ...]
    cid: str = ""


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a mail server says about a notice that it could not deliver (RFC 3464)."""

    recipient: str
    status: str
    diagnostic: str


@dataclass(frozen=True, slots=True)
class StormMail:
    """One customer mail; `kinds` says what it is there to show, `text` or `html` may be empty."""

    key: str
    from_name: str
    from_address: str
    subject: str
    text: str
    language: str
    kinds: tuple[str, ...]
    html: str = ""
    reply_to_key: str = ""
    quotes: Literal["", "earlier", "notice"] = ""
    quote_style: Literal["angle", "outlook"] = "angle"
    answers_notice: bool = False
    charset: str = "utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    attachments: tuple[StormAttachment, ...] = ()
    bounce: Bounce | None = None


def load_storm() -> list[StormMail]:
    """All mails in the order in which they drip in: the same each time, a follow-up after its mail.

    The kinds are mixed, as they are on such a day.
    """
    mails = _mails()
    return sorted(mails.values(), key=lambda mail: (_moment(mail), mail.key))


def build(mail: StormMail, *, to: str, at: datetime) -> bytes:
    """The mail as RFC 5322 bytes with CRLF; the same mail, `to` and `at` give the same bytes.

    Follow-ups carry In-Reply-To and References of the earlier mails of the same person. Raises
    ValueError when `at` has no zone, since a Date without one would be a guess.
    """
    if at.tzinfo is None:
        raise ValueError("a mail needs a time with a zone")
    message = EmailMessage(policy=SMTP)
    for name, value in _headers(mail, to=to, at=at):
        message[name] = value
    if mail.bounce:
        _fill_report(message, mail, mail.bounce)
    else:
        _fill_letter(message, mail)
    _fix_boundaries(message, mail.key)
    return message.as_bytes(policy=SMTP)


def message_id(mail: StormMail) -> str:
    """The Message-ID of a mail, made from its key."""
    return f"<{mail.key}.storm@{mail.from_address.rpartition('@')[2]}>"


def notice() -> str:
    """What the shop wrote to its customers that morning."""
    return (_FOLDER / "notice.txt").read_text(encoding="utf-8")


@functools.cache
def _mails() -> dict[str, StormMail]:
    lines = (
        line
        for path in sorted(_FOLDER.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    )
    return {mail.key: mail for mail in map(_mail, lines)}


def _mail(line: str) -> StormMail:
    fields: dict[str, Any] = json.loads(line)
    fields["kinds"] = tuple(fields["kinds"])
    fields["headers"] = tuple((name, value) for name, value in fields.get("headers", ()))
    fields["attachments"] = tuple(
        StormAttachment(**{**made, "lines": tuple(made["lines"])})
        for made in fields.get("attachments", ())
    )
    if "bounce" in fields:
        fields["bounce"] = Bounce(**fields["bounce"])
    return StormMail(**fields)


def _earlier(mail: StormMail) -> list[StormMail]:
    """The mails of the same person that this one follows, oldest first."""
    chain: list[StormMail] = []
    while mail.reply_to_key:
        mail = _mails()[mail.reply_to_key]
        chain.insert(0, mail)
    return chain


def _moment(mail: StormMail) -> float:
    """Where in the day, from 0 to 1, a mail comes: by its key, later than what it follows."""
    moment = 0.0
    for step in (*_earlier(mail), mail):
        digest = hashlib.sha256(step.key.encode()).digest()
        moment += (1 - moment) * (int.from_bytes(digest[:6], "big") + 1) / 2**48
    return moment


def _headers(mail: StormMail, *, to: str, at: datetime) -> list[tuple[str, str | Address]]:
    references = [message_id(earlier) for earlier in _earlier(mail)]
    if mail.answers_notice:
        references.insert(0, NOTICE_MESSAGE_ID)
    headers: list[tuple[str, str | Address]] = [
        ("Return-Path", "<>" if mail.bounce else f"<{mail.from_address}>"),
        ("From", Address(display_name=mail.from_name, addr_spec=mail.from_address)),
        ("To", to),
        ("Date", format_datetime(at)),
        ("Message-ID", message_id(mail)),
        ("Subject", mail.subject),
    ]
    if references:
        headers += [("In-Reply-To", references[-1]), ("References", " ".join(references))]
    return headers + list(mail.headers)


def _fix_boundaries(message: EmailMessage, key: str) -> None:
    """Boundaries are random by default; a demo that restarts must not make another mail."""
    multiparts = (part for part in message.walk() if part.is_multipart())
    for number, part in enumerate(multiparts):
        if part.get_content_maintype() == "multipart":
            part.set_boundary(f"=_{number}_{key}")


def _fill_letter(message: EmailMessage, mail: StormMail) -> None:
    if mail.text or not mail.html:
        message.set_content(_text(mail), charset=mail.charset, cte=_transfer(mail))
    if mail.html and mail.text:
        message.add_alternative(_page(mail), subtype="html")
    elif mail.html:
        message.set_content(_page(mail), subtype="html", cte="quoted-printable")
    for made in mail.attachments:
        _attach(message, made)


def _transfer(mail: StormMail) -> str | None:
    """Phones like base64; for the others the standard library chooses."""
    return "base64" if "phone" in mail.kinds else None


def _attach(message: EmailMessage, made: StormAttachment) -> None:
    if made.kind == "text":
        content, maintype, subtype = storm_files.text(made.lines), "text", "plain"
    elif made.kind == "pdf":
        content, maintype, subtype = storm_files.pdf(made.lines), "application", "pdf"
    else:
        content, maintype, subtype = storm_files.png(made.lines), "image", "png"
    if made.cid:
        message.add_related(
            content,
            maintype,
            subtype,
            disposition="inline",
            cid=f"<{made.cid}>",
            filename=made.filename,
        )
    else:
        message.add_attachment(content, maintype, subtype, filename=made.filename)


def _text(mail: StormMail) -> str:
    """The words of a mail with whatever it quotes below them."""
    if mail.quotes == "notice":
        quoted = _quoted(mail, name="Fernhill", subject=NOTICE_SUBJECT, words=notice())
    elif mail.quotes == "earlier":
        parent = _earlier(mail)[-1]
        quoted = _quoted(mail, name=parent.from_name, subject=parent.subject, words=_text(parent))
    else:
        quoted = ""
    return f"{mail.text}\n{quoted}"


def _quoted(mail: StormMail, *, name: str, subject: str, words: str) -> str:
    address = SHOP_ADDRESS if mail.quotes == "notice" else mail.from_address
    if mail.quote_style == "outlook":
        return (
            f"\n-----Original Message-----\nFrom: {name} <{address}>\nSubject: {subject}\n\n{words}"
        )
    wrote = _WROTE.get(mail.language, "wrote")
    marked = "".join(f"> {line}".rstrip() + "\n" for line in words.splitlines())
    return f"\n{name} <{address}> {wrote}:\n{marked}"


def _page(mail: StormMail) -> str:
    paragraphs = (html.escape(part) for part in notice().strip().split("\n\n"))
    shown = "".join(f"<p>{part}</p>" for part in paragraphs)
    return mail.html.replace(_NOTICE_MARK, shown)


def _fill_report(message: EmailMessage, mail: StormMail, bounce: Bounce) -> None:
    """A bounce as servers write it: words, facts for machines, the headers of our notice."""
    message.set_content(_text(mail))
    message.make_mixed()
    message.set_type("multipart/report")
    message.set_param("report-type", "delivery-status")
    message.attach(_delivery_status(mail, bounce))
    message.attach(_returned_headers(bounce))


def _delivery_status(mail: StormMail, bounce: Bounce) -> EmailMessage:
    server, recipient = EmailMessage(policy=SMTP), EmailMessage(policy=SMTP)
    server["Reporting-MTA"] = f"dns; {mail.from_address.rpartition('@')[2]}"
    recipient["Final-Recipient"] = f"rfc822; {bounce.recipient}"
    recipient["Action"] = "failed"
    recipient["Status"] = bounce.status
    recipient["Diagnostic-Code"] = f"smtp; {bounce.diagnostic}"
    status = EmailMessage(policy=SMTP)
    status["Content-Type"] = "message/delivery-status"
    status.set_payload([server, recipient])
    return status


def _returned_headers(bounce: Bounce) -> EmailMessage:
    returned = EmailMessage(policy=SMTP)
    returned["Content-Type"] = "text/rfc822-headers"
    returned.set_payload(
        f"From: Fernhill <{SHOP_ADDRESS}>\r\nTo: {bounce.recipient}\r\n"
        f"Subject: {NOTICE_SUBJECT}\r\nMessage-ID: {NOTICE_MESSAGE_ID}\r\n"
    )
    return returned
