"""From the bytes of one mail to what Muster knows about it. Takes anything; never trusts any of it.

Limits: header block 256 KB, 300 parts, depth 30, 200 addresses, 200 references, 1 MB of shown text,
2 MB and 512 levels of HTML, 2 MB of pictures in it. What goes beyond is cut, with a note; the raw
mail stays whole. Only a mail over 60 MB is refused.
"""

import hashlib
import html as _html
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from inbox import autoreply, charsets, headers, language, parts, plaintext, quoting, sanitise
from inbox.headers import Headers
from inbox.parts import Part

LARGEST_MAIL_BYTES = 60 * 1024 * 1024
LONGEST_TEXT_BYTES = 1024 * 1024
LARGEST_PICTURE_BYTES = sanitise.LARGEST_IMAGES_BYTES

_SHOWN_TYPES = frozenset(("text/plain", "text/html", "text/enriched", "text/richtext"))
_NEVER_SHOWN = frozenset(("text/x-amp-html", "text/watch-html"))
_STATUS_TYPES = frozenset(("message/delivery-status", "message/global-delivery-status"))
_HASHED = ("from", "date", "subject")
_STUB_WORDS = 30


class Unreadable(Exception):
    """A mail that cannot be parsed at all; the reason is a sentence for a supervisor."""


@dataclass(frozen=True)
class Attachment:
    """A file in a mail; `part_index` finds it again, `inline` when the mail shows it itself."""

    part_index: int
    filename: str
    content_type: str
    size: int
    sha256: str
    inline: bool


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
    words = _Words(notes)
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


def _one_address(value: str) -> headers.Address:
    found = headers.addresses(value)
    readable = [one for one in found if one.address]
    return (readable or found or [headers.Address("", "")])[0]


def _people(fields: Headers, name: str) -> list[str]:
    found = (one.address for value in fields.all(name) for one in headers.addresses(value))
    return list(dict.fromkeys(filter(None, found)))[: headers.MOST_ADDRESSES]


def _content_sha256(raw: bytes) -> str:
    """The hash by which two deliveries of one mail are known as the same mail.

    Over From, Date and Subject as they stand and everything after the first blank line, with line
    ends as \\n: a Maildir keeps the same mail with other line ends than IMAP gives it.
    """
    fields, body = headers.split(raw)
    digest = hashlib.sha256()
    for name in _HASHED:
        for known, value in fields.fields:
            if known == name:
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


@dataclass
class _Shown:
    """One shown piece: its words, and its HTML where it came as such."""

    plain: str
    html: str = ""
    enclosed: bool = False


@dataclass
class _Words:
    """Walks the tree once: what is shown, what is attached, which pictures belong into the HTML."""

    notes: set[str]
    shown: list[_Shown] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)

    def read(self, root: Part) -> None:
        self.shown = self._pieces(root, root, enclosed=False)

    def text(self) -> str:
        return "\n\n".join(one.plain for one in self.shown if one.plain.strip()).strip("\n")

    def own_text(self) -> str:
        """Without enclosed mails; empty when the words are better taken from the HTML."""
        return "\n\n".join(
            one.plain for one in self.shown if one.plain.strip() and not one.enclosed
        )

    def real_html(self) -> str:
        return "\n".join(one.html for one in self.shown if one.html and not one.enclosed)

    def safe_html(self) -> str:
        """All pieces as one cleaned HTML; "" when none of them came as HTML."""
        if not any(one.html and not one.enclosed for one in self.shown):
            return ""
        whole = "<hr>".join(
            one.html or f"<pre>{_html.escape(one.plain)}</pre>" for one in self.shown
        )
        if len(whole) > plaintext.LONGEST_HTML:
            self.notes.add("html-cut")
        cleaned = sanitise.sanitise(whole, self.pictures)
        if whole.strip() and not cleaned and sanitise.is_too_deep(whole[: plaintext.LONGEST_HTML]):
            self.notes.add("html-too-deep")
        return cleaned

    def _pieces(self, part: Part, root: Part, *, enclosed: bool) -> list[_Shown]:
        if part.content_type == "multipart/alternative" and part.is_multipart:
            return self._best(part, root, enclosed=enclosed)
        if part.is_multipart:
            return [
                one
                for child in part.children
                for one in self._pieces(child, root, enclosed=enclosed)
            ]
        if part.content_type == "message/rfc822":
            return self._enclosed_mail(part, root, enclosed=enclosed)
        if part.content_type in _STATUS_TYPES:
            return [_Shown(plaintext.clean(self._decoded(part)), enclosed=enclosed)]
        if self._is_shown(part, root):
            return [self._leaf(part, enclosed=enclosed)]
        if not enclosed and part.content_type not in _NEVER_SHOWN:
            self._attach(part)
        return []

    def _is_shown(self, part: Part, root: Part) -> bool:
        if part.content_type not in _SHOWN_TYPES or part.disposition.startswith("attachment"):
            return False
        return not part.name or part is root

    def _best(self, part: Part, root: Part, *, enclosed: bool) -> list[_Shown]:
        """The readable version's words with the rich version's HTML."""
        versions = [self._pieces(child, root, enclosed=enclosed) for child in part.children]
        plain = [pieces for pieces in versions if pieces and not any(one.html for one in pieces)]
        rich = [pieces for pieces in versions if any(one.html for one in pieces)]
        if not plain or not rich:
            return (plain or rich or [[]])[-1]
        words = "\n\n".join(one.plain for one in plain[-1])
        html = "\n".join(one.html for one in rich[-1])
        rich_words = "\n\n".join(one.plain for one in rich[-1])
        if self._is_stub(words, rich_words):
            self.notes.add("plain-stub")
            words = rich_words
        return [_Shown(words, html, enclosed)]

    def _is_stub(self, words: str, rich_words: str) -> bool:
        """Whether the plain version only says that there is another one."""
        if not words.strip():
            return True
        rich_count = len(rich_words[:20_000].split())
        return rich_count > _STUB_WORDS and len(words[:20_000].split()) * 5 < rich_count

    def _leaf(self, part: Part, *, enclosed: bool) -> _Shown:
        text = self._decoded(part)
        if part.content_type != "text/plain":
            if len(text) > plaintext.LONGEST_HTML:
                self.notes.add("html-cut")
                text = text[: plaintext.LONGEST_HTML]
            return _Shown(plaintext.html_to_text(text), plaintext.clean(text), enclosed)
        if part.parameters.get("format", "").lower() == "flowed":
            text = unflow(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
        return _Shown(plaintext.clean(text), "", enclosed)

    def _decoded(self, part: Part) -> str:
        limit = plaintext.LONGEST_HTML * 2
        text, guessed = charsets.decode(part.content(limit), part.parameters.get("charset", ""))
        if guessed:
            self.notes.add("charset-guessed")
        return text

    def _enclosed_mail(self, part: Part, root: Part, *, enclosed: bool) -> list[_Shown]:
        """An enclosed mail is a file to download, and its words follow ours."""
        if not enclosed:
            self._attach(part)
        if root.content_type == "multipart/report" or not part.children:
            return []
        inner = part.children[0]
        top = "\n".join(_shown_field(inner.headers, name) for name in ("From", "Date", "Subject"))
        below = self._pieces(inner, inner, enclosed=True)
        return [_Shown(f"---------- Forwarded message ----------\n{top}", "", True), *below]

    def _attach(self, part: Part) -> None:
        content = part.content()
        content_id = part.content_id
        if content_id and len(content) <= LARGEST_PICTURE_BYTES and sanitise.image_type(content):
            self.pictures.setdefault(content_id, content)
        name = part.name
        if not name and part.children:
            name = headers.subject(part.children[0].headers.text("subject"))[:80].replace("/", "-")
            name = f"{name or 'email'}.eml"
        self.attachments.append(
            Attachment(
                part_index=part.index,
                filename=parts.clean_name(name, part.content_type, part.index),
                content_type=part.content_type,
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                inline=bool(content_id) or part.disposition.startswith("inline"),
            )
        )


def _shown_field(fields: Headers, name: str) -> str:
    value = plaintext.clean_line(headers.decode_words(fields.text(name.lower())))
    return f"{name}: {value[:500]}"


def unflow(text: str, *, delete_space: bool = False) -> str:
    """format=flowed (RFC 3676) put back into paragraphs, quote marks kept."""
    lines: list[str] = []
    pieces: list[str] = []
    depth = 0
    for line in text.replace("\r\n", "\n").split("\n"):
        content = line.lstrip(">")
        level = len(line) - len(content)
        content = content.removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        if pieces and (level != depth or content == "-- "):
            lines.append(_quoted("".join(pieces), depth))
            pieces = []
        depth = level
        pieces.append(content[:-1] if flows and delete_space else content)
        if not flows:
            lines.append(_quoted("".join(pieces), depth))
            pieces = []
    if pieces:
        lines.append(_quoted("".join(pieces), depth))
    return "\n".join(lines)


def _quoted(content: str, depth: int) -> str:
    return f"{'>' * min(depth, 50)} {content}" if depth else content


def _judge(root: Part, sender: str, recipients: Iterable[str], text: str) -> autoreply.Judgement:
    nodes = list(root.walk())
    statuses = [
        charsets.decode(one.content(65_536))[0]
        for one in nodes
        if one.content_type in _STATUS_TYPES
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
