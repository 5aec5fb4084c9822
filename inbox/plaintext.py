"""Words out of HTML, and text that is safe to store, in one pass over whatever comes."""

import html as _html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

LONGEST_HTML = 2 * 1024 * 1024

_VOID_NAMES = "area base br col embed frame hr img input link meta param source track wbr"
_RAW_NAMES = "iframe noembed noframes script style template textarea title xmp"
_LINE_NAMES = """
    address article aside body center dd details div dl dt fieldset figcaption figure footer form
    header html li main nav option section summary tbody tfoot thead tr
"""
_PARAGRAPH_NAMES = "blockquote h1 h2 h3 h4 h5 h6 hr ol p pre table ul"
VOID = frozenset(_VOID_NAMES.split())
_RAW = frozenset(_RAW_NAMES.split())
_LINE = frozenset(_LINE_NAMES.split())
_PARAGRAPH = frozenset(_PARAGRAPH_NAMES.split())
_UNSEEN = _RAW - {"textarea", "xmp"}
_CELL = frozenset(("td", "th"))

_NAME = re.compile(r"/?[a-zA-Z][^\s/>]{0,60}")
_USUAL_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]{0,60})((?:[^>"'=]++|="[^"]*"|='[^']*'|=)*+)>""")
_STOP = re.compile(r"[>\"']")
_ATTRIBUTE = re.compile(
    r"""([^\s"'<>/=]{1,100})(?:\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?"""
)
_ANY_TAG = re.compile(r"<[^<>]*>?")
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>]|$)", re.IGNORECASE) for name in _RAW}
_LONG_NUMBER = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")
_SPACE = re.compile(r"[ \t\r\n\f\u200b\u00ad\ufeff]+")
_HIDDEN = re.compile(r"display\s{0,5}:\s{0,5}none", re.IGNORECASE)

_BLANK_LINES = re.compile(r"\n{3,}")
_QUOTE_CLASSES = frozenset(
    [
        "gmail_quote",
        "gmail_quote_container",
        "gmail_attr",
        "gmail_extra",
        "moz-cite-prefix",
        "yahoo_quoted",
        "protonmail_quote",
        "zmail_extra",
        "tutanota_quote",
        "ms-outlook-mobile-reference-message",
    ]
)
_QUOTE_IDS = frozenset(("olk_src_body_section", "isforwardcontent", "isreplycontent"))
_END_IDS = frozenset(
    ("appendonsend", "divrplyfwdmsg", "stopspelling", "mail-editor-reference-message-container")
)

_QUOTE_HINT = re.compile(
    "|".join(map(re.escape, sorted(_QUOTE_CLASSES | _QUOTE_IDS | _END_IDS)))
    + r"|type\s{0,5}=\s{0,5}[\"']?cite",
    re.IGNORECASE,
)

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_DIRECTION_MARKS = re.compile("[\u200e\u200f\u061c]")
_NEWLINES = re.compile("[\r\x85\u2028\u2029]")
_UNCLEAN = re.compile(
    "|".join(one.pattern for one in (_NEWLINES, _CONTROLS, _SURROGATES, _REORDERING))
)


def clean(text: str) -> str:
    """`text` with line ends as \\n, without NUL, controls, lone surrogates and reordering marks."""
    text = text.replace("\r\n", "\n")
    if not _UNCLEAN.search(text):
        return text
    text = _NEWLINES.sub("\n", text)
    text = _CONTROLS.sub("", _SURROGATES.sub("\ufffd", text))
    return _REORDERING.sub("", text)


def clean_line(text: str) -> str:
    """`text` on one line: as `clean`, every run of white space one blank, no direction marks."""
    return " ".join(_DIRECTION_MARKS.sub("", clean(text)).split())


class Tag(NamedTuple):
    """One start or end tag; `name` in lower case."""

    name: str
    closing: bool
    source: str = ""

    def attributes(self) -> dict[str, str]:
        """The attributes, names in lower case, the first of a name wins as in a browser."""
        found: dict[str, str] = {}
        for match in _ATTRIBUTE.finditer(self.source):
            value = match[2] or match[3] or match[4] or ""
            found.setdefault(match[1].lower(), unescape(value))
        return found


def unescape(text: str) -> str:
    """Character references resolved; absurdly long numbers become U+FFFD instead of an error."""
    if "&" not in text:
        return text
    return _html.unescape(_LONG_NUMBER.sub("\ufffd", text))


def _tag_end(source: str, start: int) -> int:
    """Where the tag that begins at `start` ends (index of its `>`); -1 when it never does.

    A quote counts only as a value's first character, as in a browser.
    """
    at = start
    while match := _STOP.search(source, at):
        at = match.start()
        if source[at] == ">":
            return at
        if source[max(start, at - 50) : at].rstrip()[-1:] == "=":
            at = source.find(source[at], at + 1)
            if at < 0:
                return -1
        at += 1
    return -1


def tokens(source: str) -> Iterator[Tag | str]:
    """Tags and text of `source` in order; comments and the insides of scripts left out.

    Linear in the length: a tag that never ends gives the rest as plain words.
    """
    at = 0
    while (opening := source.find("<", at)) >= 0:
        if opening > at:
            yield unescape(source[at:opening])
        if usual := _USUAL_TAG.match(source, opening):
            tag = Tag(usual[2].lower(), bool(usual[1]), usual[3])
            end = usual.end() - 1
        elif (name := _NAME.match(source, opening + 1)) is None:
            at = _after_no_tag(source, opening)
            if at == opening + 1:
                yield "<"
            continue
        else:
            end = _tag_end(source, name.end())
            if end < 0:
                yield unescape(_ANY_TAG.sub(" ", source[opening:]))
                return
            tag = Tag(name[0].lstrip("/").lower(), name[0][0] == "/", source[name.end() : end])
        yield tag
        at = end + 1
        if tag.name in _RAW and not tag.closing:
            at = _raw_end(source, at, tag.name)
            if tag.name not in _UNSEEN:
                yield unescape(source[end + 1 : at])
    if at < len(source):
        yield unescape(source[at:])


def _after_no_tag(source: str, opening: int) -> int:
    """Where to read on after a `<` that opens no tag: behind a comment, or just behind the `<`."""
    if source.startswith("<!--", opening):
        end = source.find("-->", opening + 2)
        return len(source) if end < 0 else end + 3
    if source[opening + 1 : opening + 2] in ("!", "?", "/"):
        end = source.find(">", opening)
        return len(source) if end < 0 else end + 1
    return opening + 1


def _raw_end(source: str, at: int, name: str) -> int:
    ending = _RAW_END[name].search(source, at)
    return ending.start() if ending else len(source)


@dataclass
class _Skip:
    """An element whose content is left out, until its end tag."""

    name: str = ""
    open: int = 0

    def covers(self, token: Tag | str) -> bool:
        if not self.open:
            return False
        if isinstance(token, Tag) and token.name == self.name:
            self.open += -1 if token.closing else 1
        return True


@dataclass
class _Writer:
    """Collects words into lines; `depth` is how deep in blockquotes we are."""

    lines: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    depth: int = 0
    preformatted: int = 0

    def text(self, text: str) -> None:
        if not self.preformatted:
            self.words.append(text)
            return
        first, *others = text.replace("\r\n", "\n").split("\n")
        self.words.append(first)
        for line in others:
            self.end_line(blank_too=True)
            self.words.append(line)

    def end_line(self, *, blank_too: bool = False) -> None:
        line = "".join(self.words)
        line = line.rstrip() if self.preformatted else _SPACE.sub(" ", line).strip()
        self.words.clear()
        if line or blank_too:
            self.lines.append("> " * min(self.depth, 10) + line if self.depth else line)

    def end_paragraph(self) -> None:
        self.end_line()
        mark = (">" + " >" * (min(self.depth, 10) - 1)) if self.depth else ""
        if self.lines and self.lines[-1].strip(" >"):
            self.lines.append(mark)


def is_quote(tag: Tag) -> bool:
    """Whether an element is a container into which a mail program puts the older mail."""
    if tag.closing or tag.name not in ("blockquote", "div"):
        return False
    attributes = tag.attributes()
    classes = set(attributes.get("class", "").lower().split())
    if tag.name == "blockquote" and attributes.get("type", "").lower() == "cite":
        return True
    return bool(classes & _QUOTE_CLASSES) or attributes.get("id", "").lower() in _QUOTE_IDS


def ends_new_words(tag: Tag) -> bool:
    """Whether a mail program marks with this element that all that follows is older."""
    if tag.closing or tag.name not in ("div", "hr", "span"):
        return False
    return tag.attributes().get("id", "").lower().removeprefix("x_") in _END_IDS


def has_quote(source: str) -> bool:
    """Whether the HTML may hold a quote container that some mail program left."""
    return _QUOTE_HINT.search(source, 0, LONGEST_HTML) is not None


def _is_hidden(tag: Tag) -> bool:
    if "isplay" not in tag.source and "ISPLAY" not in tag.source:
        return False
    return bool(_HIDDEN.search(tag.attributes().get("style", "")))


def _write(tag: Tag, out: _Writer) -> None:
    """What one tag does to the layout of the words."""
    if tag.name == "br":
        out.end_line(blank_too=True)
    elif tag.name in _CELL and not tag.closing:
        out.words.append("\t" if out.preformatted else "  ")
    elif tag.name == "img" and not tag.closing:
        out.text(tag.attributes().get("alt", "")[:200])
    elif tag.name in _PARAGRAPH:
        out.end_line()
        if tag.name == "blockquote" and tag.closing:
            out.depth = max(0, out.depth - 1)
        out.end_paragraph()
    elif tag.name in _LINE:
        out.end_line()
    if tag.name == "li" and not tag.closing:
        out.words.append("- ")
    if tag.name == "blockquote" and not tag.closing:
        out.depth += 1
    elif tag.name == "pre":
        out.preformatted = max(0, out.preformatted + (-1 if tag.closing else 1))


def html_to_text(source: str, *, quotes: bool = True) -> str:
    """The words a reader of this HTML sees, in lines; blockquotes as `> ` lines.

    With `quotes=False` the containers of older mails are left out. Reads at most 2 MB.
    """
    out = _Writer()
    skip = _Skip()
    for token in tokens(source[:LONGEST_HTML]):
        if skip.covers(token):
            continue
        if isinstance(token, str):
            out.text(token)
            continue
        if not quotes and ends_new_words(token):
            break
        if _leaves_out(token, quotes):
            out.end_line()
            skip = _Skip(token.name, 1)
        else:
            _write(token, out)
    out.end_line()
    return _BLANK_LINES.sub("\n\n", clean("\n".join(out.lines))).strip("\n")


def _leaves_out(tag: Tag, quotes: bool) -> bool:
    if tag.closing or tag.name in VOID or tag.source.endswith("/"):
        return False
    return _is_hidden(tag) or (not quotes and is_quote(tag))
