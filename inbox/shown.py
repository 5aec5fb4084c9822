"""What of a mail is shown, what is attached to it, and which pictures belong into its HTML."""

import hashlib
import html as _html
from dataclasses import dataclass, field

from inbox import charsets, headers, parts, plaintext, sanitise
from inbox.headers import Headers
from inbox.parts import Part

STATUS_TYPES = frozenset(("message/delivery-status", "message/global-delivery-status"))
_SHOWN_TYPES = frozenset(("text/plain", "text/html", "text/enriched", "text/richtext"))
_NEVER_SHOWN = frozenset(("text/x-amp-html", "text/watch-html"))
_STUB_WORDS = 30


@dataclass(frozen=True)
class Attachment:
    """A file in a mail; `part_index` finds it again, `inline` when the mail shows it itself."""

    part_index: int
    filename: str
    content_type: str
    size: int
    sha256: str
    inline: bool


@dataclass
class Shown:
    """One shown piece: its words, and its HTML where it came as such."""

    plain: str
    html: str = ""
    enclosed: bool = False


@dataclass
class Words:
    """Walks the tree once: what is shown, what is attached, which pictures belong into the HTML."""

    notes: set[str]
    shown: list[Shown] = field(default_factory=list)
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

    def _pieces(self, part: Part, root: Part, *, enclosed: bool) -> list[Shown]:
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
        if part.content_type in STATUS_TYPES:
            return [Shown(plaintext.clean(self._decoded(part)), enclosed=enclosed)]
        if self._is_shown(part, root):
            return [self._leaf(part, enclosed=enclosed)]
        if not enclosed and part.content_type not in _NEVER_SHOWN:
            self._attach(part)
        return []

    def _is_shown(self, part: Part, root: Part) -> bool:
        if part.content_type not in _SHOWN_TYPES or part.disposition.startswith("attachment"):
            return False
        return not part.name or part is root

    def _best(self, part: Part, root: Part, *, enclosed: bool) -> list[Shown]:
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
        return [Shown(words, html, enclosed)]

    def _is_stub(self, words: str, rich_words: str) -> bool:
        """Whether the plain version only says that there is another one."""
        if not words.strip():
            return True
        rich_count = len(rich_words[:20_000].split())
        return rich_count > _STUB_WORDS and len(words[:20_000].split()) * 5 < rich_count

    def _leaf(self, part: Part, *, enclosed: bool) -> Shown:
        text = self._decoded(part)
        if part.content_type != "text/plain":
            if len(text) > plaintext.LONGEST_HTML:
                self.notes.add("html-cut")
                text = text[: plaintext.LONGEST_HTML]
            return Shown(plaintext.html_to_text(text), plaintext.clean(text), enclosed)
        if part.parameters.get("format", "").lower() == "flowed":
            text = unflow(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
        return Shown(plaintext.clean(text), "", enclosed)

    def _decoded(self, part: Part) -> str:
        limit = plaintext.LONGEST_HTML * 2
        text, guessed = charsets.decode(part.content(limit), part.parameters.get("charset", ""))
        if guessed:
            self.notes.add("charset-guessed")
        return text

    def _enclosed_mail(self, part: Part, root: Part, *, enclosed: bool) -> list[Shown]:
        """An enclosed mail is a file to download, and its words follow ours."""
        if not enclosed:
            self._attach(part)
        if root.content_type == "multipart/report" or not part.children:
            return []
        inner = part.children[0]
        top = "\n".join(_shown_field(inner.headers, name) for name in ("From", "Date", "Subject"))
        below = self._pieces(inner, inner, enclosed=True)
        return [Shown(f"---------- Forwarded message ----------\n{top}", "", True), *below]

    def _attach(self, part: Part) -> None:
        content = part.content()
        content_id = part.content_id
        if (
            content_id
            and len(content) <= sanitise.LARGEST_IMAGES_BYTES
            and sanitise.image_type(content)
        ):
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
