"""What a briefing is made of: paragraphs in five sections, each internal or public. Pure rules."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from triage.incidents.models import BriefingParagraph

Section = BriefingParagraph.Section
# What everybody may read; what never to say and what to do are for helpers.
PUBLIC_SECTIONS = (Section.HAPPENED, Section.KNOWN, Section.UNKNOWN)
_OPEN_PLACE = re.compile(r"\[[^\[\]\n]{1,80}\]")


@dataclass(frozen=True, kw_only=True)
class Words:
    """One paragraph before it is saved: its section, its text, and whether it is public."""

    section: str
    text: str
    is_public: bool = False


def paragraphs_of(texts: Mapping[str, str]) -> list[Words]:
    """Gives the paragraphs of texts by section: `known` for helpers, `known_public` for everybody.

    A blank line parts paragraphs; a section's public ones come first.
    """
    return [
        Words(section=section.value, text=text, is_public=is_public)
        for section in Section
        for is_public, name in ((True, f"{section.value}_public"), (False, section.value))
        for text in _parted(texts.get(name, ""))
    ]


def texts_of(paragraphs: Sequence[Words]) -> dict[str, str]:
    """Gives the texts that `paragraphs_of` would part into these, by section."""
    together: dict[str, list[str]] = {}
    for paragraph in paragraphs:
        name = f"{paragraph.section}_public" if paragraph.is_public else paragraph.section
        together.setdefault(name, []).append(paragraph.text)
    return {name: "\n\n".join(texts) for name, texts in together.items()}


def open_places(text: str) -> list[str]:
    """Gives the places of the skeleton that nobody has filled in yet, such as "[when]"."""
    return _OPEN_PLACE.findall(text)


def _parted(text: str) -> list[str]:
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n"))
    return [part.strip() for part in parts if part.strip()]
