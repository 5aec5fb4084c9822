"""Heads of the chain noted outside the database: one small file a day, found again by anybody.

Whoever can write to the database can cut the end of the chain off and nobody would see it; a head
that lies elsewhere gives it away.
"""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from triage.audit.chain import START, Head

_WRITTEN = re.compile(r"\b(\d+):([0-9a-f]{64})\b")


class NoHead(ValueError):
    """The words hold no head; the message says how one is written."""


def heads_in(words: str) -> list[Head]:
    """Gives every head written in these words as SEQUENCE:HASH, as in our mails and files.

    Raises NoHead when there is none.
    """
    found = [Head(sequence=int(number), hash=code) for number, code in _WRITTEN.findall(words)]
    if not found:
        raise NoHead("write it as audit_verify printed it, SEQUENCE:HASH, or name a file with one")
    return found


def write_head(head: Head, *, folder: Path, at: datetime) -> bool:
    """Writes the day's head into a file of its own; False when this day has one already.

    Of several workers one writes it. An empty chain is written too: it had begun by then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{at.astimezone(UTC):%Y-%m-%d}.json"
    told = {"head": str(head), "noted_at": at.astimezone(UTC).isoformat()}
    try:
        with open(path, "x", encoding="utf-8") as file:
            file.write(json.dumps(told) + "\n")
    except FileExistsError:
        return False
    return True


def noted_heads(folder: Path) -> Sequence[Head]:
    """Gives every head in the folder, oldest first; none where the folder is missing."""
    words = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.json")))
    found = heads_in(words) if _WRITTEN.search(words) else []
    return [head for head in found if head.hash != START]
