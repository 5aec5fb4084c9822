"""The answers that Muster ships, for the first hour: words for people, checked like code."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("en", "de", "es", "fr")


@dataclass(frozen=True, kw_only=True)
class Starter:
    """One shipped answer; `key` ends with its language."""

    key: str
    name: str
    note: str
    label: str
    language: str
    body: str
    is_holding: bool = False


def starters() -> Iterator[Starter]:
    """Gives every shipped answer, language by language."""
    for language in LANGUAGES:
        shelf = tomllib.loads((Path(__file__).parent / f"{language}.toml").read_text("utf-8"))
        for key, answer in shelf.items():
            yield Starter(key=f"{key}-{language}", language=language, **answer)
