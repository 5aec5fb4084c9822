"""Practice before the first email: the mails that Muster ships, and which five somebody gets."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

IN_A_ROUND = 5
ENOUGH = 4
ALWAYS = "danger"  # the lesson that every round has: what nobody may learn on the day


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One thing that could be done about a mail, and what we say to whoever chooses it."""

    text: str
    feedback: str
    is_right: bool = False


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One practice mail; exactly one of its choices is right."""

    key: str
    lesson: str
    sender: str
    subject: str
    body: str
    choices: tuple[Choice, ...]


@cache
def shipped() -> Mapping[str, Mail]:
    """Gives the mails that ship with Muster, by key."""
    shelves = sorted(Path(__file__).parent.glob("*.toml"))
    return {
        key: Mail(
            key=key,
            lesson=found["lesson"],
            sender=found["sender"],
            subject=found["subject"],
            body=found["body"].strip(),
            choices=tuple(Choice(**choice) for choice in found["choices"]),
        )
        for shelf in shelves
        for key, found in tomllib.loads(shelf.read_text("utf-8")).items()
    }


def draw(mails: Collection[Mail], *, seen: Mapping[str, int], seed: str) -> tuple[str, ...]:
    """Gives the keys of one round: what was seen least first, one of each lesson where it goes.

    `seen` counts earlier rounds by key. The same seed gives the same round.
    """
    order = sorted(mails, key=lambda mail: (seen.get(mail.key, 0), _shuffled(seed, mail.key)))
    firsts = sorted(_each_lesson(order), key=lambda mail: mail.lesson != ALWAYS)
    rest = [mail for mail in order if mail not in firsts]
    chosen = [mail.key for mail in (*firsts, *rest)][:IN_A_ROUND]
    return tuple(sorted(chosen, key=lambda key: _shuffled(f"{seed} order", key)))


def _each_lesson(order: Collection[Mail]) -> list[Mail]:
    """The first mail of each lesson."""
    firsts: dict[str, Mail] = {}
    for mail in order:
        firsts.setdefault(mail.lesson or mail.key, mail)
    return list(firsts.values())


def _shuffled(seed: str, key: str) -> str:
    return sha256(f"{seed}:{key}".encode()).hexdigest()


def is_enough(right: int, *, of: int) -> bool:
    """Tells whether so many right ones let somebody go on: all but one."""
    return right >= min(ENOUGH, of)
