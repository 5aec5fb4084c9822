"""How facts are quoted: `{{fact:key}}` becomes the value that holds now. Pure rules, one pass."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from triage.incidents.models import FactVersion

State = FactVersion.State
Change = FactVersion.Change
_QUOTE = re.compile(r"\{\{ ?fact: ?([^{}\n]{1,60}?) ?\}\}")


@dataclass(frozen=True, kw_only=True)
class Version:
    """As much of one answer to a fact's question as decides what is quoted."""

    number: int
    state: str
    change: str
    value: str


def holding(versions: Sequence[Version]) -> Version | None:
    """Gives the version that is quoted now; None while the answer is not known.

    A proposal waits for a second person. One that contradicts takes the older answer out of every
    text at once: what is known to be wrong is not said while somebody looks for the second person.
    """
    for version in sorted(versions, key=lambda each: each.number, reverse=True):
        if version.state == State.CONFIRMED:
            return version
        if version.state == State.UNKNOWN or version.change == Change.CONTRADICTED:
            return None
    return None


def value_of(versions: Sequence[Version]) -> str:
    """Gives the words that stand in a text for this fact now."""
    version = holding(versions)
    return version.value if version else _("we do not know this yet")


def keys_in(text: str) -> list[str]:
    """Gives the keys of the facts that a text quotes, in order."""
    return _QUOTE.findall(text)


def unknown_keys(texts: Iterable[str], known: Iterable[str]) -> list[str]:
    """Gives the quoted keys that no fact has, each once, in order."""
    there = set(known)
    quoted = dict.fromkeys(key for text in texts for key in keys_in(text))
    return [key for key in quoted if key not in there]


def fill(text: str, values: Mapping[str, str]) -> str:
    """Gives the text with its facts filled in once; a key without a value stays as it is."""
    return _QUOTE.sub(lambda found: values.get(found.group(1), found.group()), text)
