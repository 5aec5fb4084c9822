"""From an email to sentences of folded words: what every feature of the sorter is made of."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from inbox.language import detect
from inbox.plaintext import html_to_text
from inbox.quoting import new_text

READING = 1
"""Raise it when the same text would be read differently: older models are refused then."""

MAX_CHARACTERS = 20_000
"""What is read of one email; what a person asks stands long before that."""

MAX_SENTENCES = 400
MAX_WORD = 40

_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>()]{1,64}@[^\s@<>()]{1,190}")
_MONEY = re.compile(
    r"[$€£]\s?\d[\d.,]{0,20}|\d[\d.,]{0,20}\s?(?:[$€£]|(?:eur|usd|gbp)\b)", re.IGNORECASE
)
_WRAPPED = re.compile(r"(?<=[^\n]{50}[^\s.!?…:])[ \t]*\n(?=[ \t]*[^\W\d_])")
_END = re.compile(r"(?<=[.!?…])[\"')\]]*\s+|\n+")
_WORD = re.compile(
    r"[^\W_]+(?:['’´`][^\W_]+)*|[\U0001f300-\U0001faff\u2639-\u263b\u2764]|[:;]-?[()]"
)
_APOSTROPHE = re.compile(r"['’´`]")
_ELISION = re.compile(r"\b(?:[ldjmtscn]|qu|jusqu|lorsqu|puisqu)['’´`](?=\w{3})", re.IGNORECASE)
_STRETCHED = re.compile(r"(.)\1{2,}")
_DIGITS = re.compile(r"\d+")
_REPLY = re.compile(
    r"^\s*(?:re|aw|antw(?:ort)?|rv|sv|fwd?|wg|tr|réf)\s*(?:\[\d+\])?\s*:", re.IGNORECASE
)
_HIDDEN = {
    ord(mark): None for mark in "\u00ad\u200b\u200c\u2060\ufeff\u202a\u202b\u202c\u202d\u202e"
}
_UNREADABLE = "\ufffd"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its words as features see them, as people see them, and how it was said."""

    words: tuple[str, ...]
    surface: tuple[str, ...]
    exclamations: int = 0
    questions: int = 0
    shouted: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """One email as the sorter reads it; `sentences` is empty when there is nothing to read."""

    sentences: tuple[Sentence, ...]
    language: str = ""


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """The word without case, accents, apostrophes, exact digits and stretched letters."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = _DIGITS.sub("0", _APOSTROPHE.sub("", plain))
    return _STRETCHED.sub(r"\1\1", plain)


def split_elisions(text: str) -> str:
    """The text without the French articles and pronouns that lean on the next word."""
    return _ELISION.sub(" ", text)


def is_reply(subject: str) -> bool:
    """Whether the subject line answers or forwards, so that its words are someone else's."""
    return _REPLY.match(subject) is not None


def own_words(subject: str, body: str, html: str = "", *, is_new_text: bool = False) -> str:
    """What this person newly wrote: the subject of a fresh email, then the new text.

    Quotes, signatures and HTML are cut by inbox's modules; `is_new_text` says that they were.
    """
    if not is_new_text:
        body = new_text(body, html)
    elif not body.strip() and html:
        body = html_to_text(html)
    if is_reply(subject):
        subject = ""
    return f"{subject.strip()}\n\n{body}"[:MAX_CHARACTERS].strip()


def read(
    subject: str, body: str, html: str = "", language: str = "", *, is_new_text: bool = False
) -> Reading:
    """An email as the sorter sees it; the language is detected where none is given."""
    text = own_words(subject, body, html, is_new_text=is_new_text)
    return Reading(sentences(text), language.split("-")[0].lower() or detect(text))


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text that hold at least one word; hard-wrapped lines are joined."""
    if text.count(_UNREADABLE) * 10 > len(text):
        return ()
    plain = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).translate(_HIDDEN)
    plain = _LINK.sub(" xlink ", plain)
    plain = _MONEY.sub(" xmoney ", _ADDRESS.sub(" xaddress ", plain))
    plain = _WRAPPED.sub(" ", split_elisions(plain))
    found = (_sentence(part) for part in _END.split(plain))
    return tuple(_first(MAX_SENTENCES, (part for part in found if part.words)))


def _sentence(part: str) -> Sentence:
    surface = tuple(word for word in _WORD.findall(part) if len(word) <= MAX_WORD)
    return Sentence(
        words=tuple(fold(word) for word in surface),
        surface=surface,
        exclamations=part.count("!"),
        questions=part.count("?") + part.count("¿"),
        shouted=sum(1 for word in surface if len(word) > 2 and word.isupper()),
    )


def _first(count: int, found: Iterator[Sentence]) -> Iterator[Sentence]:
    return (part for part, _ in zip(found, range(count), strict=False))
