"""From the bytes of one mail to what Muster knows about it. Takes anything; never trusts any of it.

Limits: header block 256 KB, 300 parts, depth 30, 200 addresses, 200 references, 1 MB of shown text,
2 MB and 512 levels of HTML, 2 MB of pictures in it. What goes beyond is cut, with a note; the raw
mail stays whole. Only a mail over 60 MB is refused.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from inbox import autoreply, charsets, headers, language, parts, people, plaintext, quoting
from inbox.headers import Headers
from inbox.parts import Part
from inbox.shown import STATUS_TYPES, Attachment, Words

LARGEST_MAIL_BYTES = 60 * 1024 * 1024
LONGEST_TEXT_BYTES = 1024 * 1024

_HASHED = ("from", "date", "subject")
# What servers write on the way, and what therefore differs between deliveries of one mail.
_TRACES = frozenset(
    (
        "received",
        "return-path",
        "delivered-to",
        "x-original-to",
        "envelope-to",
        "x-envelope-to",
        "x-received",
        "authentication-results",
        "received-spf",
        "arc-seal",
        "arc-message-signature",
        "arc-authentication-results",
        "status",
        "x-status",
        "x-uid",
        "x-keywords",
        "x-mozilla-status",
        "x-mozilla-status2",
    )
)


class Unreadable(Exception):
    """A mail that cannot be parsed at all; the reason is a sentence for a supervisor."""


@dataclass(frozen=True)
class ParsedMail:
    """Everything Muster knows about one mail. All text is valid UTF-8 without NUL.

    `date` is ISO 8601 in UTC, None when absent or absurd; ids come without angle brackets; `text`
    is all that can be read, `new_text` what this person newly wrote, `html` is cleaned.
    """

    subject: str = ""
    message_id: str = ""
    in_reply_to: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    from_address: str = ""
    from_name: str = ""
    to: list[str] = field(default_factory=list)
    cc: list[str] = field(default_factory=list)
    reply_to: str = ""
    date: str | None = None
    content_sha256: str = ""
    text: str = ""
    new_text: str = ""
    html: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    kind: autoreply.Kind = "person"
    automatic: bool = False
    bounce_of: list[str] = field(default_factory=list)
    bounce_recipients: list[str] = field(default_factory=list)
    language: str = ""
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """A dictionary that JSON can carry; `from_json` gives the same mail back."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "ParsedMail":
        """The mail that `to_json` described. Raises TypeError on unknown or missing fields."""
        attachments = [Attachment(**one) for one in values["attachments"]]
        return cls(**{**values, "attachments": attachments})


def parse(raw: bytes) -> ParsedMail:
    """Read one mail. Raises Unreadable, and nothing else, whatever the bytes."""
    if len(raw) > LARGEST_MAIL_BYTES:
        raise Unreadable("This email is larger than 60 MB, too large to open here.")
    root, notes = parts.read(raw)
    words = Words(notes)
    words.read(root)
    text = _cut(words.text(), notes)
    new_text = _cut(
        quoting.new_text(_cut(words.own_text(), notes), words.real_html()) or text, notes
    )
    fields = root.headers
    sender = _one_address(fields.text("from") or fields.text("sender"))
    to, cc = _people(fields, "to"), _people(fields, "cc")
    judgement = _judge(root, sender.address, to + cc, text)
    moment = headers.date(fields.text("date"))
    subject = headers.subject(fields.text("subject"))
    return ParsedMail(
        subject=subject,
        message_id=next(iter(headers.message_ids(fields.text("message-id"))), ""),
        in_reply_to=headers.message_ids(fields.text("in-reply-to"))[:20],
        references=headers.message_ids(fields.text("references")),
        from_address=sender.address,
        from_name=sender.name,
        to=to,
        cc=cc,
        reply_to=_one_address(fields.text("reply-to")).address,
        date=_iso(moment),
        content_sha256=_content_sha256(raw),
        text=text,
        new_text=new_text,
        html=words.safe_html(),
        attachments=words.attachments,
        kind=judgement.kind,
        automatic=judgement.automatic,
        bounce_of=judgement.bounce_of,
        bounce_recipients=judgement.bounce_recipients,
        language=language.detect(new_text) or language.detect(f"{subject} {new_text}"),
        notes=sorted(notes),
    )


def extract(raw: bytes, part_index: int) -> bytes:
    """The decoded bytes of one attachment. Raises Unreadable when there is no such part."""
    root, _ = parts.read(raw)
    for part in root.walk():
        if part.index == part_index:
            return part.content()
    raise Unreadable(f"This email has no part {part_index}.")


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _one_address(value: str) -> people.Address:
    found = people.addresses(value)
    readable = [one for one in found if one.address]
    return (readable or found or [people.Address("", "")])[0]


def _people(fields: Headers, name: str) -> list[str]:
    found = (one.address for value in fields.all(name) for one in people.addresses(value))
    return list(dict.fromkeys(filter(None, found)))[: people.MOST_ADDRESSES]


def _content_sha256(raw: bytes) -> str:
    """The hash by which two deliveries of one mail are known as the same mail.

    Over From, Date and Subject as they stand and everything after the first blank line, with line
    ends as \\n: a Maildir keeps the same mail with other line ends than IMAP gives it. A mail
    without a Message-ID has only its own words to be known by: there every field counts but those
    that servers add.
    """
    fields, body = headers.split(raw)
    digest = hashlib.sha256()
    for name in _HASHED:
        for known, value in fields.fields:
            if known == name:
                digest.update(name.encode() + b":" + value.strip() + b"\n")
    if not any(name == "message-id" and value.strip() for name, value in fields.fields):
        for name, value in fields.fields:
            if name not in _TRACES:
                digest.update(name.encode() + b":" + value.strip() + b"\n")
    digest.update(b"\n" + raw[body:].replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    return digest.hexdigest()


def _cut(text: str, notes: set[str]) -> str:
    """At most 1 MB of UTF-8."""
    if len(text) * 4 <= LONGEST_TEXT_BYTES:
        return text
    encoded = text.encode("utf-8")
    if len(encoded) <= LONGEST_TEXT_BYTES:
        return text
    notes.add("text-cut")
    return encoded[:LONGEST_TEXT_BYTES].decode("utf-8", "ignore")


def _judge(root: Part, sender: str, recipients: Iterable[str], text: str) -> autoreply.Judgement:
    nodes = list(root.walk())
    statuses = [
        charsets.decode(one.content(65_536))[0] for one in nodes if one.content_type in STATUS_TYPES
    ]
    return autoreply.judge(
        autoreply.Evidence(
            fields=_text_fields(root.headers),
            from_address=sender,
            subject=headers.subject(root.headers.text("subject")),
            content_type=root.content_type,
            report_type=root.parameters.get("report-type", "").lower(),
            recipients=frozenset(recipients),
            statuses=statuses,
            returned=list(_returned(nodes)),
            calendar_answer=any(_is_calendar_answer(one) for one in nodes),
            text=text,
        )
    )


def _text_fields(fields: Headers) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in fields.fields:
        if len(values := found.setdefault(name, [])) < 20:
            values.append(plaintext.clean_line(headers.to_text(value[:8_192])))
    return found


def _returned(nodes: Iterable[Part]) -> Iterable[dict[str, list[str]]]:
    """The fields of mails that came back whole or as their headers only."""
    for one in nodes:
        if one.content_type == "message/rfc822" and one.children:
            yield _text_fields(one.children[0].headers)
        elif one.content_type in ("text/rfc822-headers", "message/global-headers"):
            yield _text_fields(headers.split(one.content(65_536))[0])


def _is_calendar_answer(part: Part) -> bool:
    return part.content_type == "text/calendar" and b"METHOD:REPLY" in part.content(4_096).upper()
