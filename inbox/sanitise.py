"""HTML that is safe to look at: no script, no style, no link, nothing remote, whatever came in."""

import base64
import binascii
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

import nh3

from inbox.plaintext import LONGEST_HTML, VOID, Tag, clean, tokens

LARGEST_IMAGES_BYTES = 2 * 1024 * 1024
DEEPEST = 512

_TAG_NAMES = """
    abbr b bdi big blockquote br caption center cite code col colgroup dd del dfn div dl dt em
    figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small
    span strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr
"""
_DROPPED_NAMES = "iframe noembed noframes script style template title xmp math svg select"
_OPTIONAL_END_NAMES = """
    p li dt dd tr td th thead tbody tfoot option optgroup colgroup html head body rt rp
"""
_FORMATTING_NAMES = "a b big code em font i nobr s small strike strong tt u"
_TAGS = set(_TAG_NAMES.split())
_DROPPED_WITH_CONTENT = set(_DROPPED_NAMES.split())
_OPTIONAL_END = frozenset(_OPTIONAL_END_NAMES.split())
_FORMATTING = frozenset(_FORMATTING_NAMES.split())
_ATTRIBUTES = {
    "*": {"dir", "lang"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "align", "valign"},
    "th": {"colspan", "rowspan", "align", "valign"},
    "ol": {"start", "type"},
}
_NUMBERS = frozenset(("colspan", "rowspan", "width", "height", "start"))
_MOST_SPANNED = 100
_MOST_REOPENED = 200_000


def image_type(raw: bytes) -> str:
    """The media type of a picture by its first bytes; "" unless PNG, JPEG, GIF or WebP."""
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if raw.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if raw.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return "image/webp"
    return ""


def is_too_deep(source: str) -> bool:
    """Whether a parser would need quadratic time: over 512 levels, or tags reopened too often.

    Counts what is open from above; sloppy HTML may be found too deep, deep HTML never shallow.
    """
    if source.count("<") <= DEEPEST:
        return False
    opened: Counter[str] = Counter()
    depth = formatting = reopened = 0
    for tag in tokens(source):
        if not isinstance(tag, Tag) or tag.name in VOID:
            continue
        if tag.name in _OPTIONAL_END:
            reopened += formatting
        else:
            step = 1 if not tag.closing else -(opened[tag.name] > 0)
            opened[tag.name] += step
            depth += step
            is_formatting = tag.name in _FORMATTING
            formatting += step * is_formatting
            reopened += 0 if is_formatting else formatting
        if depth > DEEPEST or reopened > _MOST_REOPENED:
            return True
    return False


@dataclass
class _Attributes:
    """Decides over each attribute that is left; counts the bytes of pictures."""

    images: Mapping[str, bytes]
    room: int = LARGEST_IMAGES_BYTES

    def __call__(self, tag: str, name: str, value: str) -> str | None:
        if tag == "img" and name == "src":
            return self._picture(value.strip())
        if name in _NUMBERS:
            return self._number(name, value)
        return value[:500]

    def _number(self, name: str, value: str) -> str | None:
        digits = value.strip().removesuffix("px")
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 4:
            return None
        most = _MOST_SPANNED if name.endswith("span") else 9_999
        return str(min(int(digits), most))

    def _picture(self, link: str) -> str | None:
        scheme, _, rest = link.partition(":")
        raw = b""
        if scheme.lower() == "cid":
            raw = self.images.get(unquote(rest).strip("<> "), b"")
        elif scheme.lower() == "data":
            raw = _data_bytes(rest)
        kind = image_type(raw)
        if not kind or len(raw) > self.room:
            return None
        self.room -= len(raw)
        return f"data:{kind};base64,{base64.b64encode(raw).decode('ascii')}"


def _data_bytes(rest: str) -> bytes:
    head, _, body = rest.partition(",")
    if not head.lower().endswith(";base64"):
        return b""
    try:
        return binascii.a2b_base64(unquote(body))
    except (binascii.Error, ValueError):
        return b""


def sanitise(source: str, images: Mapping[str, bytes] | None = None) -> str:
    """`source` cleaned to a tight list of tags and attributes; "" when it is nested too deeply.

    `images` are the bytes of enclosed pictures by content id; they are put in place as data: URIs,
    at most 2 MB a mail, only PNG, JPEG, GIF and WebP by their first bytes. Of a link only its
    words stay.
    """
    source = clean(source[:LONGEST_HTML])
    if is_too_deep(source):
        return ""
    cleaned = nh3.clean(
        source,
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=_Attributes(images or {}),
        url_schemes={"cid", "data"},
        link_rel=None,
    )
    return clean(cleaned).replace("<img>", "")
