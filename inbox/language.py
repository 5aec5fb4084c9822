"""Which language a person wrote in."""

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_CODES = """
    ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv
    nl no pl pt ro ru sk sl sv th tr uk ur vi zh
"""
LANGUAGES: tuple[str, ...] = tuple(_CODES.split())

_LOOKED_AT = 1_000
_FEWEST_LETTERS = 12
_LEAST_SHARE = 0.75
_NO_WORDS = re.compile(r"https?://\S{1,2000}|\S{1,200}@\S{1,200}|[\d_]+")


@functools.cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier


def load() -> None:
    """Read the language model now (about half a second) instead of at the first `detect`."""
    _identifier()


def detect(text: str) -> str:
    """ISO 639-1 code of the language of `text`; "" when it is too short or not clear enough.

    Looks at the first 1,000 characters, without addresses, links and digits.
    """
    words = _NO_WORDS.sub(" ", text[: _LOOKED_AT * 2])[:_LOOKED_AT]
    if sum(map(str.isalpha, words)) < _FEWEST_LETTERS:
        return ""
    language, share = _identifier().classify(words)
    return str(language) if share >= _LEAST_SHARE else ""
