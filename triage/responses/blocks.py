"""How the words of a version are read and filled: locked text, slots for people, a few names.

`[[greeting]]`, `[[own line]]` and `[[sign-off]]` are slots; `{{customer_name}}`, `{{helper_name}}`
and `{{update_page}}` are variables; everything else is locked. Filling is one pass: nothing that
is filled in is ever read again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from triage.responses import own_words

VARIABLES = frozenset({"customer_name", "helper_name", "update_page"})
_VARIABLE = re.compile(r"\{\{ ?([a-z_]+) ?\}\}")
_SLOT = re.compile(r"\[\[ ?([^\[\]\n]{1,40}?) ?\]\]")


class BlockError(Exception):
    """Words that cannot become an answer; the message is one sentence for the person typing.

    `slot` is the name of the slot it is about, "" for the version itself.
    """

    def __init__(self, sentence: str, *, slot: str = "") -> None:
        super().__init__(sentence)
        self.slot = slot


class MissingSlot(BlockError):
    """A slot that must be filled is empty."""


class TooLong(BlockError):
    """A slot holds more than it may."""


class Forbidden(BlockError):
    """A slot holds what no answer may: a foreign link, a card number."""


class MissingVariable(BlockError):
    """The version names something that is not known here."""


@dataclass(frozen=True)
class Locked:
    """Words exactly as they were approved, with variables still in them."""

    text: str


@dataclass(frozen=True)
class Slot:
    """A place that the person fills; `max_length` in characters."""

    name: str
    label: str | Promise
    max_length: int
    optional: bool = False
    multiline: bool = False


Block = Locked | Slot

SLOTS: Mapping[str, Slot] = {
    slot.name: slot
    for slot in (
        Slot("greeting", gettext_lazy("Greeting"), 80),
        Slot("own line", gettext_lazy("Your own line"), 400, optional=True, multiline=True),
        Slot("sign-off", gettext_lazy("Sign-off"), 160, multiline=True),
    )
}


def parse(body: str) -> tuple[Block, ...]:
    """Gives the parts of a version in order; what looks like a slot but is none stays locked."""
    parts: list[Block] = []
    locked = ""
    for position, piece in enumerate(_SLOT.split(_unix(body))):
        slot = SLOTS.get(piece.lower()) if position % 2 else None
        if slot is None:
            locked += f"[[{piece}]]" if position % 2 else piece
            continue
        parts += [Locked(locked)] if locked else []
        parts.append(slot)
        locked = ""
    return tuple([*parts, Locked(locked)] if locked else parts)


def render(
    blocks: Sequence[Block],
    slots: Mapping[str, str],
    variables: Mapping[str, str],
    *,
    base_url: str = "",
) -> str:
    """Gives the text that leaves: locked words as approved, slots as typed, variables filled.

    `slots` is by slot name; names without a slot are ignored. Links in slots are allowed to
    `base_url` only. Raises MissingSlot, TooLong, Forbidden or MissingVariable, each a BlockError.
    """
    text = "".join(
        fill(block.text, variables)
        if isinstance(block, Locked)
        else _typed(block, slots.get(block.name, ""), base_url)
        for block in blocks
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def fill(text: str, variables: Mapping[str, str]) -> str:
    """Gives locked text with its variables filled in once; raises MissingVariable.

    Only the names in VARIABLES are variables: `{{7*7}}` stays as it is.
    """

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in VARIABLES:
            return found.group()
        if not variables.get(name):
            raise MissingVariable(
                _("This answer needs something that is not known here (%(name)s). "
                  "Please choose another one.") % {"name": name}
            )  # fmt: skip
        return variables[name]

    return _VARIABLE.sub(value, text)


def faults(body: str) -> list[str]:
    """Gives what keeps these words from being a version, a sentence each; none for sound words."""
    named = [name.lower() for name in _SLOT.findall(body)]
    unknown = sorted({name for name in named if name not in SLOTS})
    twice = sorted({name for name in named if name in SLOTS and named.count(name) > 1})
    strangers = sorted({name for name in _VARIABLE.findall(body) if name not in VARIABLES})
    found = [] if body.strip() else [_("An answer needs some words.")]
    found += [_("[[%(name)s]] is no slot.") % {"name": name} for name in unknown]
    found += [_("[[%(name)s]] stands there twice.") % {"name": name} for name in twice]
    found += [_("{{%(name)s}} is not known.") % {"name": name} for name in strangers]
    if own_words.card_numbers(body):
        found.append(_("There is a card number in it."))
    return found


def _typed(slot: Slot, typed: str, base_url: str) -> str:
    text = own_words.tidy(typed, multiline=slot.multiline)
    if not text and not slot.optional:
        raise MissingSlot(_("Please fill in: %(slot)s") % {"slot": slot.label}, slot=slot.name)
    if len(text) > slot.max_length:
        raise TooLong(
            _("%(slot)s may have at most %(most)s characters; it has %(count)s.")
            % {"slot": slot.label, "most": slot.max_length, "count": len(text)},
            slot=slot.name,
        )
    if links := own_words.foreign_links(text, base_url=base_url):
        raise Forbidden(
            _("Please take out the web or email address “%(words)s”.") % {"words": links[0]},
            slot=slot.name,
        )
    if own_words.card_numbers(text):
        raise Forbidden(_("Please take out the card number."), slot=slot.name)
    return text


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
