"""The bytes of one mail we send, made once: nothing in them is of a customer's making but words.

Written by hand instead of with `email.message`, because that folds long References into encoded
words, which breaks threading (RFC 5322 3.6.4). Sources: RFC 5322, 2047, 6532, 3834.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from uuid import uuid4

MOST_REFERENCES = 20
LONGEST_SUBJECT = 250
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]+")
_ADDRESS_PART = r"[^\s\x00-\x20\x7f-\x9f<>()\[\],:;\\\"@]+"
_ADDRESS = re.compile(f"{_ADDRESS_PART}@{_ADDRESS_PART}")
_MESSAGE_ID = re.compile(r"[!-;=?-~]{1,250}")
_PLAIN_WORDS = re.compile(r"[ !-~]*")
_CHUNK_BYTES = 39  # an encoded word of 39 bytes is 64 characters: it fits behind "Subject: "


class NotAnAddress(ValueError):
    """No mail can be addressed to this."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What one mail says, before it is made into bytes; ids stand without angle brackets."""

    sender: str
    sender_name: str
    recipient: str
    subject: str
    text: str
    in_reply_to: str = ""
    references: Sequence[str] = ()
    auto_submitted: str = ""
    """Empty on what a person wrote; otherwise `auto-generated` or `auto-replied` (RFC 3834)."""


@dataclass(frozen=True)
class Frozen:
    """One mail as it will leave, to the byte."""

    message_id: str
    sender: str
    recipient: str
    subject: str
    content: bytes


def freeze(letter: Letter, *, at: datetime) -> Frozen:
    """Gives the mail with a fresh Message-ID of the sender's domain; raises NotAnAddress."""
    sender, recipient = mail_address(letter.sender), mail_address(letter.recipient)
    message_id = f"{uuid4().hex}@{sender.rpartition('@')[2]}"
    subject = one_line(letter.subject)[:LONGEST_SUBJECT]
    body_encoding, body = _body(letter.text)
    headers = [
        ("From", f"{_phrase(letter.sender_name)}<{sender}>"),
        ("To", f"<{recipient}>"),
        ("Subject", _words(subject)),
        ("Date", format_datetime(at)),
        ("Message-ID", f"<{message_id}>"),
        *_threading(letter.in_reply_to, letter.references),
        *([("Auto-Submitted", letter.auto_submitted)] if letter.auto_submitted else []),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", body_encoding),
    ]
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return Frozen(message_id, sender, recipient, subject, f"{head}\r\n".encode() + body)


def answer_subject(subject: str) -> str:
    """Gives the subject of an answer: one "Re: " before the words, however many were there."""
    words = re.sub(r"^(?:\s*(?:re|aw|sv|antw|rif|rép)\s*:)+", "", one_line(subject), flags=re.I)
    return f"Re: {words.strip()}".strip()


def mail_address(address: str) -> str:
    """Gives the address with its domain in ASCII (RFC 5890); raises NotAnAddress."""
    if not _ADDRESS.fullmatch(address) or len(address) > 254:
        raise NotAnAddress("No email can be sent to this address.")
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}" if not domain.isascii() else address
    except UnicodeError as error:
        raise NotAnAddress("No email can be sent to this address.") from error


def one_line(text: str) -> str:
    """Gives the text without line ends, control and direction characters, spaces collapsed."""
    tidy = " ".join(_CONTROL.sub(" ", text).split())
    return tidy.encode("utf-8", "ignore").decode()


def _threading(in_reply_to: str, references: Iterable[str]) -> list[tuple[str, str]]:
    parent = [in_reply_to] if _MESSAGE_ID.fullmatch(in_reply_to) else []
    chain = [one for one in references if _MESSAGE_ID.fullmatch(one) and one not in parent]
    chain = list(dict.fromkeys(chain)) + parent
    if len(chain) > MOST_REFERENCES:  # RFC 5322 3.6.4 lets the middle go, never the first
        chain = [chain[0], *chain[-(MOST_REFERENCES - 1) :]]
    named = [("In-Reply-To", f"<{parent[0]}>")] if parent else []
    return [*named, ("References", "\r\n ".join(f"<{one}>" for one in chain))] if chain else named


def _phrase(name: str) -> str:
    """A display name and a space, safely quoted or encoded; nothing when there is no name."""
    words = one_line(name)[:120]
    if not words:
        return ""
    if _PLAIN_WORDS.fullmatch(words) and "=?" not in words:
        quoted = words.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" '
    return f"{_encoded(words)} "


def _words(text: str) -> str:
    """Unstructured words; encoded unless plain ASCII that no reader takes for encoded."""
    plain = _PLAIN_WORDS.fullmatch(text) and "=?" not in text
    return text if plain else _encoded(text)


def _encoded(text: str) -> str:
    """Encoded words (RFC 2047), none splitting a character, one a line."""
    chunks, size = [""], 0
    for character in text:
        width = len(character.encode())
        if size + width > _CHUNK_BYTES:
            chunks.append("")
            size = 0
        chunks[-1] += character
        size += width
    return "\r\n ".join(
        f"=?utf-8?b?{base64.b64encode(chunk.encode()).decode()}?=" for chunk in chunks
    )


def _body(text: str) -> tuple[str, bytes]:
    """The transfer encoding and the encoded lines, every one ended by CRLF and under 77 bytes."""
    lines = _CONTROL_BUT_LINES.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    words = (lines.rstrip("\n") + "\n").encode("utf-8", "ignore")
    if sum(byte > 127 for byte in words) * 6 > len(words):
        encoded = base64.encodebytes(words.replace(b"\n", b"\r\n"))
        return "base64", encoded.replace(b"\n", b"\r\n")
    quoted = binascii.b2a_qp(words, istext=True)
    return "quoted-printable", quoted.replace(b"\n", b"\r\n")
