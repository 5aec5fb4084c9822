"""The parts of a mail: where each begins and ends, its type, name and bytes (RFC 2045, 2046).

Nothing is copied while the tree is built: a part is two offsets into the bytes of the mail.
"""

import binascii
import mimetypes
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from inbox import headers
from inbox.headers import Headers
from inbox.plaintext import clean_line

MOST_PARTS = 300
DEEPEST = 30
LONGEST_NAME_BYTES = 255

_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,80}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}")
_GUESSED_BOUNDARY = re.compile(
    rb"(?:^|(?<=\n))--([^\s-][^\r\n]{0,198}[^\s])[ \t]*\r?\n[A-Za-z-]{3,40}:"
)
_REST_OF_BOUNDARY = re.compile(rb"(--)?[ \t]*(?=[\r\n]|\Z)")
_LINE_END = re.compile(rb"\r\n|\n|\r")
_LONGEST_BOUNDARY = 200
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_EXTENSIONS = mimetypes.MimeTypes(filenames=())


@dataclass(frozen=True)
class Part:
    """A node of the mail: a multipart with children, an enclosed mail with one child, or a leaf.

    `index` counts leaves and enclosed mails in reading order from 0; a multipart has -1.
    """

    headers: Headers
    content_type: str
    parameters: dict[str, str]
    disposition: str
    name: str
    source: bytes = field(repr=False)
    start: int
    end: int
    index: int = -1
    children: tuple["Part", ...] = ()

    @property
    def is_multipart(self) -> bool:
        return self.index < 0

    @property
    def content_id(self) -> str:
        """What a cid: link calls this part; "" when it has no id."""
        return clean_line(self.headers.text("content-id")).strip("<> ")

    def content(self, limit: int | None = None) -> bytes:
        """The bytes without their transfer encoding; with `limit` roughly the first so many."""
        end = self.end if limit is None else min(self.end, self.start + limit * 2)
        return _decoded(self.source[self.start : end], self.encoding)

    @property
    def encoding(self) -> str:
        return clean_line(self.headers.text("content-transfer-encoding")).lower().partition(";")[0]

    def walk(self) -> Iterator["Part"]:
        """This part and all below it, enclosed mails included, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


def _decoded(raw: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return headers.decode_base64(raw)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(raw)
    return raw


@dataclass
class _Builder:
    leaves: int = 0
    nodes: int = 0
    notes: set[str] = field(default_factory=set)

    def build(self, source: bytes, start: int, end: int, depth: int, default: str) -> Part:
        self.nodes += 1
        found, body = headers.split(source, start, end)
        if found.cut:
            self.notes.add("headers-cut")
        kind, parameters = headers.parameters(found.text("content-type")) if found else ("", {})
        shown, options = headers.parameters(found.text("content-disposition"))
        kind = kind if _TYPE.fullmatch(kind) else default
        spans = self._spans(source, body, end, kind, parameters, depth)
        if kind.startswith("multipart/") and not spans:
            kind = "text/plain"
        index = -1
        if not spans:
            index, self.leaves = self.leaves, self.leaves + 1
        inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        children = [self.build(source, low, high, depth + 1, inner) for low, high in spans]
        name = options.get("filename") or parameters.get("name", "")
        part = Part(found, kind, parameters, shown, name, source, body, end, index, tuple(children))
        return self._with_enclosed(part, depth) if kind == "message/rfc822" else part

    def _spans(
        self, source: bytes, start: int, end: int, kind: str, parameters: dict[str, str], depth: int
    ) -> list[tuple[int, int]]:
        """Where the children of a multipart lie; none for a leaf or beyond the limits."""
        if not kind.startswith("multipart/"):
            return []
        if depth >= DEEPEST:
            self.notes.add("depth-cut")
            return []
        boundary = parameters.get("boundary", "").encode("utf-8", "replace").rstrip()
        room = MOST_PARTS - self.nodes
        spans = _split(source, start, end, boundary, room + 1) if boundary else []
        if not spans and (guess := _GUESSED_BOUNDARY.search(source, start, end)):
            spans = _split(source, start, end, guess[1], room + 1)
        if len(spans) > room:
            self.notes.add("parts-cut")
        return spans[: max(room, 0)]

    def _with_enclosed(self, part: Part, depth: int) -> Part:
        """An enclosed mail with what is inside it as its one child."""
        if depth >= DEEPEST or self.nodes >= MOST_PARTS:
            self.notes.add("depth-cut" if depth >= DEEPEST else "parts-cut")
            return part
        source, start, end = part.source, part.start, part.end
        if part.encoding in ("base64", "quoted-printable"):
            source = part.content()
            start, end = 0, len(source)
        child = self.build(source, start, end, depth + 1, "text/plain")
        return Part(
            part.headers, part.content_type, part.parameters, part.disposition, part.name,
            part.source, part.start, part.end, part.index, (child,),
        )  # fmt: skip


def _split(
    source: bytes, start: int, end: int, boundary: bytes, most: int
) -> list[tuple[int, int]]:
    """Where the pieces between boundary lines lie, at most `most`; an open one ends with all."""
    if len(boundary) > _LONGEST_BOUNDARY:
        return []
    spans: list[tuple[int, int]] = []
    begin = -1
    for at, after, closes in _boundary_lines(source, start, end, b"--" + boundary):
        if begin >= 0:
            spans.append((begin, _before_line_end(source, begin, at)))
        begin = -1 if closes else _after_line_end(source, after, end)
        if closes or len(spans) >= most:
            return spans
    if begin >= 0:
        spans.append((begin, end))
    return spans


def _boundary_lines(
    source: bytes, start: int, end: int, marker: bytes
) -> Iterator[tuple[int, int, bool]]:
    """Begin and end of each line that holds nothing but the marker, and whether it is the last."""
    at = source.find(marker, start, end)
    while at >= 0:
        if at == 0 or source[at - 1] in b"\r\n":
            rest = _REST_OF_BOUNDARY.match(source, at + len(marker), end)
            if rest:
                yield at, rest.end(), rest[1] is not None
        at = source.find(marker, at + len(marker), end)


def _after_line_end(source: bytes, at: int, end: int) -> int:
    found = _LINE_END.match(source, at, end)
    return found.end() if found else end


def _before_line_end(source: bytes, begin: int, at: int) -> int:
    if source[at - 1 : at] == b"\n":
        at -= 1
    if source[at - 1 : at] == b"\r":
        at -= 1
    return max(begin, at)


def read(raw: bytes) -> tuple[Part, set[str]]:
    """The tree of a mail, and notes: "headers-cut", "parts-cut", "depth-cut" where a limit held."""
    builder = _Builder()
    root = builder.build(raw, 0, len(raw), 0, "text/plain")
    return root, builder.notes


def clean_name(name: str, content_type: str = "", index: int = 0) -> str:
    """A file name that can be offered: at most 255 bytes, only the last piece of a path.

    Without separators, controls, direction marks, leading dots and names of devices. Without a
    usable name it is `attachment-1` and so on, with the extension of the type.
    """
    name = unicodedata.normalize("NFC", clean_line(name)).replace("\\", "/").rpartition("/")[2]
    name = "".join(one for one in name if unicodedata.category(one) not in ("Cf", "Co", "Cn"))
    name = " ".join(_FORBIDDEN.sub("_", name).split()).lstrip(".").strip(" ").rstrip(". ")
    if not name:
        return f"attachment-{index + 1}{_EXTENSIONS.guess_extension(content_type) or ''}"
    if _DEVICES.match(name):
        name = "_" + name
    return _shortened(name)


def _shortened(name: str) -> str:
    """The name in at most 255 bytes, its extension kept."""
    if len(name.encode("utf-8")) <= LONGEST_NAME_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    ending = (dot + extension).encode("utf-8") if dot and len(extension) <= 16 else b""
    stem = stem if ending else name
    kept = stem.encode("utf-8")[: LONGEST_NAME_BYTES - len(ending)].decode("utf-8", "ignore")
    return kept.rstrip(". ") + ending.decode("utf-8")
