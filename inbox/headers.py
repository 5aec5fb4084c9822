"""The header block of a mail: fields, encoded words, parameters, ids and dates.

Everything here takes bytes or text from a stranger and takes linear time.
RFC 5322 (fields, ids), RFC 2047 (encoded words), RFC 2231 (parameters).
"""

import binascii
import email.utils
import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from inbox import charsets
from inbox.plaintext import clean_line

LARGEST_BLOCK_BYTES = 256 * 1024
MOST_REFERENCES = 200
LONGEST_ID = 255
LONGEST_SUBJECT = 998

_END_OF_BLOCK = re.compile(rb"\r?\n\r?\n|\r\r")
_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]{0,20}:[ \t]?(.*)", re.DOTALL)
_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*)(?:\?=|\?$|$)")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_PARAMETER = re.compile(
    r';\s{0,100}([^\s=;"]{1,60})\s{0,20}=\s{0,100}("(?:[^"\\]++|\\.)*+"|[^;]*)', re.DOTALL
)
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_ID = re.compile(r"<\s*([^<>\s]+)\s*>")
_ESCAPED = re.compile(r"\\(.)")
_KNOWN_PARAMETERS = frozenset(
    ["boundary", "charset", "name", "filename", "format", "delsp", "report-type", "type"]
)
_MOST_SECTIONS = 100


@dataclass(frozen=True)
class Headers:
    """The fields of one header block in order; names in lower case, values as unfolded bytes."""

    fields: tuple[tuple[str, bytes], ...] = ()
    cut: bool = False
    _first: dict[str, bytes] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for name, value in self.fields:
            self._first.setdefault(name, value)

    def raw(self, name: str) -> bytes:
        """The first field of that name; b"" when there is none."""
        return self._first.get(name, b"")

    def text(self, name: str) -> str:
        """The first field of that name as text, encoded words left as they are."""
        return to_text(self.raw(name))

    def all(self, name: str) -> list[str]:
        """Every field of that name as text."""
        return [to_text(value) for known, value in self.fields if known == name]

    def __contains__(self, name: str) -> bool:
        return name in self._first


def to_text(value: bytes) -> str:
    """Header bytes as text: UTF-8, else detected, else Windows-1252."""
    return charsets.decode(value)[0]


def split(raw: bytes, start: int = 0, end: int | None = None) -> tuple[Headers, int]:
    """The header block of raw[start:end], and where its body begins.

    At most 256 KB of fields are read. A block without any field is all body.
    """
    end = len(raw) if end is None else end
    first = _begin(raw, start, end)
    if raw[first : first + 1] in (b"\n", b"\r"):
        return Headers(), first + (2 if raw[first : first + 2] == b"\r\n" else 1)
    found = _END_OF_BLOCK.search(raw, first, end)
    stop, body = (found.start(), found.end()) if found else (end, end)
    cut = stop - first > LARGEST_BLOCK_BYTES
    block = raw[first : min(stop, first + LARGEST_BLOCK_BYTES)]
    fields, used = _fields(block, complete=found is not None)
    if not fields:
        return Headers(), start
    if used < len(block):
        body = first + used
    return Headers(tuple(fields), cut), body


def _begin(raw: bytes, start: int, end: int) -> int:
    """Behind an mbox separator, which is no field."""
    if raw.startswith((b"From ", b">From "), start):
        line_end = raw.find(b"\n", start, end)
        return end if line_end < 0 else line_end + 1
    return start


def _fields(block: bytes, *, complete: bool) -> tuple[list[tuple[str, bytes]], int]:
    """Fields of a block, and how many bytes of it are header.

    A line that is neither field nor continuation is taken for a badly folded one when a blank line
    ends the block, else for the first line of the body.
    """
    fields: list[tuple[str, list[bytes]]] = []
    used = 0
    for line in block.splitlines(keepends=True):
        content = line.rstrip(b"\r\n")
        match = None if content[:1] in (b" ", b"\t") else _FIELD.match(content)
        if match:
            fields.append((match[1].decode("ascii").lower(), [match[2]]))
        elif fields and (content[:1] in (b" ", b"\t") or complete):
            fields[-1][1].append(content)
        elif content:
            break
        used += len(line)
    return [(name, b" ".join(map(bytes.strip, lines))) for name, lines in fields], used


def decode_words(text: str) -> str:
    """`text` with its encoded words (RFC 2047) decoded, broken ones as far as they can be.

    Bytes of neighbouring words in one charset are joined first, since senders split characters.
    """
    if "=?" not in text:
        return text
    pieces: list[str] = []
    pending, charset, at = b"", "", 0
    for match in _WORD.finditer(text):
        gap = text[at : match.start()]
        name = match[1].partition("*")[0].lower()
        if pending and (gap.strip() or name != charset):
            pieces.append(charsets.decode(pending, charset)[0])
            pending = b""
            if not gap.strip():
                gap = ""
        pieces.append("" if pending else gap)
        pending, charset, at = pending + _word_bytes(match[2], match[3]), name, match.end()
    pieces.append(charsets.decode(pending, charset)[0])
    pieces.append(text[at:])
    return "".join(pieces)


def _word_bytes(encoding: str, content: str) -> bytes:
    raw = content.encode("utf-8", "replace")
    if encoding in "bB":
        return decode_base64(raw)
    return _HEX.sub(lambda match: bytes.fromhex(match[1].decode()), raw.replace(b"_", b" "))


def decode_base64(raw: bytes) -> bytes:
    """Base64 as far as it goes: other characters, missing padding and a torn end do no harm."""
    try:
        return binascii.a2b_base64(raw)
    except binascii.Error:
        letters = _NOT_BASE64.sub(b"", raw)
        letters = letters[: len(letters) - (len(letters) % 4 == 1)]
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """The value before the first `;` in lower case, and the parameters that we use, decoded.

    Continuations and charsets of RFC 2231 are joined, at most 100 sections each.
    """
    main, separator, rest = value.partition(";")
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(separator + rest):
        section = _SECTION.fullmatch(match[1].lower())
        if section is None or section[1] not in _KNOWN_PARAMETERS:
            continue
        numbered = sections.setdefault(section[1], {})
        # A plain value is kept below all sections and used only when there is no other.
        number = int(section[2]) if section[2] else (0 if section[3] else -1)
        if len(numbered) < _MOST_SECTIONS:
            numbered.setdefault(number, (_unquote(match[2]), bool(section[3])))
    return main.strip().lower(), {name: _joined(found) for name, found in sections.items()}


def _unquote(value: str) -> str:
    value = value.strip()
    if value[:1] != '"':
        return value
    return _ESCAPED.sub(r"\1", value[1:-1] if value.endswith('"') and len(value) > 1 else value[1:])


def _joined(sections: dict[int, tuple[str, bool]]) -> str:
    if set(sections) == {-1}:
        return decode_words(sections[-1][0])
    charset, collected = "", b""
    for number in sorted(number for number in sections if number >= 0):
        value, extended = sections[number]
        if extended and value.count("'") >= 2 and not collected:
            charset, _, value = value.split("'", 2)
        raw = value.encode("utf-8", "replace")
        if extended:
            raw = _PERCENT.sub(lambda match: bytes.fromhex(match[1].decode()), raw)
        collected += raw
    return charsets.decode(collected, charset)[0]


def message_ids(value: str) -> list[str]:
    """The ids in Message-ID, In-Reply-To or References, without brackets and doubles.

    At most 200: the first, which began the thread, and the last ones. An id over 255 characters is
    shortened with its own hash, so that it still finds its equals.
    """
    text = clean_line(value[:LARGEST_BLOCK_BYTES])
    found = _ID.findall(text) or [word.strip("<>,") for word in text.split() if "@" in word]
    unique = list(dict.fromkeys(_short_id(one) for one in found if one))
    if len(unique) > MOST_REFERENCES:
        return unique[:1] + unique[1 - MOST_REFERENCES :]
    return unique


def _short_id(one: str) -> str:
    if len(one) <= LONGEST_ID:
        return one
    return one[:180] + "." + hashlib.sha256(one.encode("utf-8")).hexdigest()


_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def date(value: str) -> datetime | None:
    """The Date field in UTC; None when absent, unreadable or outside 1990 to 2099."""
    text = clean_line(value[:200])[:100]
    try:
        parsed = email.utils.parsedate_tz(text)
        if parsed is None:
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        else:
            moment = datetime(*parsed[:6], tzinfo=UTC) - timedelta(seconds=parsed[9] or 0)
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return moment if _EARLIEST <= moment < _LATEST else None


def subject(value: str) -> str:
    """The Subject on one line, encoded words decoded, at most 998 characters."""
    return clean_line(decode_words(value))[:LONGEST_SUBJECT]
