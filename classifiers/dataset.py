"""Labelled emails: the ones that the project wrote and ships, and people's corrections."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifiers.labels import TONES, TOPICS

OWN = Path(__file__).parent / "data"
HELD_OUT_SHARE = 0.1


class DatasetError(Exception):
    """A line that cannot be used; the message is one sentence with file and line number."""


@dataclass(frozen=True, slots=True)
class Example:
    """One email with its right answers; `style` names the imagined writer, `trade` the house."""

    subject: str
    body: str
    topic: str
    tone: str
    language: str = ""
    style: str = ""
    trade: str = ""


def load_own() -> list[Example]:
    """The training emails that the project ships, in file and line order."""
    return [found for path in sorted(OWN.glob("*.jsonl")) for found in load(path)]


def load(path: Path) -> list[Example]:
    """The labelled emails of a JSONL file; raises DatasetError at the first bad line."""
    try:
        with path.open("rb") as lines:
            return list(_examples(path.name, lines))
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}.") from error


def split(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """The emails to train on, and of each language a tenth that is never trained on.

    Whole writers are held out, drawn by a digest of their names: as emails are added, few writers
    change sides. A language with a single writer is only trained on.
    """
    held: set[str] = set()
    for language in sorted({one.language for one in examples}):
        held |= _held_out_styles([one.style for one in examples if one.language == language])
    known = [one for one in examples if one.style not in held]
    return known, [one for one in examples if one.style in held]


def fingerprint(examples: Sequence[Example]) -> str:
    """SHA-256 over everything that training sees of these emails, in their order."""
    total = hashlib.sha256()
    for one in examples:
        line = [one.subject, one.body, one.topic, one.tone, one.language, one.style]
        total.update(json.dumps(line).encode() + b"\n")
    return total.hexdigest()


def parse_line(raw: bytes, where: str) -> dict[str, Any] | None:
    """The JSON object on a line, None for a blank one; raises DatasetError saying `where`."""
    try:
        text = raw.decode("utf-8-sig").strip()
        found = json.loads(text) if text else None
    except UnicodeDecodeError as error:
        raise DatasetError(f"{where} is not UTF-8 text.") from error
    except (ValueError, RecursionError) as error:
        raise DatasetError(f"{where} is not JSON.") from error
    if text and not isinstance(found, dict):
        raise DatasetError(f"{where} is not a JSON object.")
    return found if text else None


def text_of(line: dict[str, Any], key: str, where: str, *, default: str | None = None) -> str:
    """The text under `key`; null counts as empty, missing as `default`, anything else raises."""
    value = line.get(key, default)
    if key in line and value is None:
        return ""
    if not isinstance(value, str):
        problem = "has no" if key not in line else "has no text in"
        raise DatasetError(f'{where} {problem} "{key}".')
    return value


def answer_of(names: Sequence[str], line: dict[str, Any], key: str, where: str) -> str | None:
    """The answer under `key`, None where it is null or missing; raises for any other word."""
    return None if line.get(key) is None else _one_of(names, line, key, where)


def _examples(name: str, lines: Iterator[bytes]) -> Iterator[Example]:
    for number, raw in enumerate(lines, start=1):
        where = f"{name}, line {number},"
        line = parse_line(raw, where)
        if line is not None:
            yield _example(line, where)


def _example(line: dict[str, Any], where: str) -> Example:
    return Example(
        subject=text_of(line, "subject", where, default=""),
        body=text_of(line, "body", where),
        topic=_one_of(TOPICS, line, "topic", where),
        tone=_one_of(TONES, line, "tone", where),
        language=text_of(line, "language", where, default=""),
        style=text_of(line, "style", where, default=""),
        trade=text_of(line, "trade", where, default=""),
    )


def _one_of(names: Sequence[str], line: dict[str, Any], key: str, where: str) -> str:
    value = text_of(line, key, where)
    if value not in names:
        raise DatasetError(f'{where} has a "{key}" that is none of {", ".join(names)}.')
    return value


def _held_out_styles(styles: Sequence[str]) -> set[str]:
    sizes = Counter(styles)
    held: set[str] = set()
    for style in sorted(sizes, key=_digest)[1:]:
        if sum(sizes[name] for name in held) < len(styles) * HELD_OUT_SHARE:
            held.add(style)
    return held


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
