"""The people in From, To and the other address fields (RFC 5322, 3.4), read in linear time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from inbox import headers
from inbox.plaintext import clean_line

MOST_ADDRESSES = 200
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@[^\s@<>()\[\],;:\"\\]{1,253}")
_QUOTE_OR_ESCAPED = re.compile(r'\\(.)|"')
_STRUCTURE = re.compile(r'[\\"()<>,;:]')
_ANGLE = re.compile(r"<\s*([^<>\s]+)\s*>")


@dataclass(frozen=True, slots=True)
class Address:
    """One person in From, To and so on; `address` in lower case, "" when it cannot be read."""

    name: str
    address: str


def addresses(value: str) -> list[Address]:
    """The people in an address field (RFC 5322, 3.4), groups flattened, at most 200.

    Split before encoded words are decoded, so that a name can never become an address.
    """
    found: list[Address] = []
    value = value[: headers.LARGEST_BLOCK_BYTES]
    for name, angle, comment in _mailboxes(value):
        address = _address(angle or name)
        shown = clean_line(headers.decode_words(_unquote_phrase(name) if angle else comment))[:200]
        if address or shown or angle.strip():
            found.append(Address("" if shown == address else shown, address))
        if len(found) == MOST_ADDRESSES:
            return found
    return found or [Address("", _address(one)) for one in _ANGLE.findall(value)[:1]]


def _address(text: str) -> str:
    address = clean_line(text).strip("'").lower()
    local, at, domain = address.rpartition("@")
    if len(local) > 1 and local[0] == local[-1] == '"':
        address = local[1:-1] + at + domain
    if not _ADDRESS.fullmatch(address) or ".." in domain or domain.strip(".-") != domain:
        return ""
    return address if len(address.encode("utf-8")) <= 254 else ""


def _unquote_phrase(phrase: str) -> str:
    return _QUOTE_OR_ESCAPED.sub(lambda match: match[1] or "", phrase)


def _mailboxes(value: str) -> Iterator[tuple[str, str, str]]:
    """(phrase or bare address, what stood in angle brackets, comment) of each mailbox."""
    scan = _AddressScan()
    at = 0
    for match in _STRUCTURE.finditer(value):
        if match.start() < at:
            continue
        scan.add(value[at : match.start()])
        at = match.end()
        if match[0] == "\\":
            scan.add(value[match.start() : at + 1])
            at += 1
        elif scan.sees(match[0]) and scan.has_content:
            yield scan.found()
            scan = _AddressScan()
    scan.add(value[at:])
    yield scan.found()


@dataclass
class _AddressScan:
    phrase: list[str] = field(default_factory=list)
    angle: list[str] = field(default_factory=list)
    comment: list[str] = field(default_factory=list)
    in_quotes: bool = False
    in_angle: bool = False
    comments: int = 0

    @property
    def has_content(self) -> bool:
        return bool(self.phrase or self.angle or self.comment)

    def add(self, text: str) -> None:
        if not text:
            return
        if self.comments:
            self.comment.append(text)
        elif self.in_angle:
            self.angle.append(text)
        else:
            self.phrase.append(text)

    def sees(self, mark: str) -> bool:
        """Take in one structural character; whether a mailbox ends here."""
        if self.in_quotes or mark == '"':
            self.in_quotes ^= mark == '"' and not self.comments
            self.add(mark)
        elif mark == "(":
            self.comments += 1
        elif self.comments:
            self.comments -= mark == ")"
        elif mark in "<>":
            if mark == "<" and self.angle:
                self.phrase += ["<", *self.angle, ">"]
                self.angle.clear()
            self.in_angle = mark == "<"
        elif mark == ":" and not self.in_angle:
            self.phrase.clear()
        elif mark in ",;" and not self.in_angle:
            return True
        else:
            self.add(mark)
        return False

    def found(self) -> tuple[str, str, str]:
        phrase, angle, comment = (
            "".join(p).strip() for p in (self.phrase, self.angle, self.comment)
        )
        return phrase, angle, comment
