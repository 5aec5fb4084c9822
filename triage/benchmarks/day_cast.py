"""Who helps and who writes on a simulated day, drawn from a seed: no tables, no clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TypeVar

from triage.accounts.policy import Trust

T = TypeVar("T")
_ARRIVING = timedelta(hours=6)
_COMING = timedelta(hours=1)
_SUPPORT_SHARE = 0.04
_WRITES_AGAIN = 0.04
# Label, tone, share of the emails.
_ABOUT = (
    ("data_concern", "neutral", 40),
    ("password_reset", "neutral", 25),
    ("angry", "angry", 17),
    ("other", "neutral", 12),
    ("praise", "praise", 6),
)
_LANGUAGES = (("en", 70), ("de", 12), ("es", 8), ("", 8), ("fr", 2))
_SPOKEN = (((), 25), (("en",), 45), (("en", "de"), 14), (("en", "es"), 12), (("en", "fr"), 4))
_TRUST = ((Trust.NEWCOMER, 70), (Trust.TRUSTED, 24), (Trust.EDITOR, 6))
_WORDS = (
    ("Did they get my card number? I am worried.", 985),
    ("You will hear from my lawyer on Monday.", 8),
    ("I am a reporter for the Morning Post.", 4),
    ("I do not know how to go on. I want to die.", 3),
)


@dataclass(frozen=True, kw_only=True)
class Helper:
    """One person who comes to help; `leaves_after` claims they are gone without a word."""

    number: int
    is_support: bool
    comes_after: timedelta
    languages: tuple[str, ...]
    trust: Trust
    minutes_per_email: float
    leaves_after: int | None


@dataclass(frozen=True, kw_only=True)
class Writer:
    """One person who writes, once or twice, and what it is about."""

    number: int
    writes_after: timedelta
    again_after: timedelta | None
    label: str
    tone: str
    language: str
    words: str


def helpers(people: int, *, vanish: float, random: Random) -> list[Helper]:
    """Gives the people who help: a few of the steady team, who stay, and the others."""
    support = max(1, round(people * _SUPPORT_SHARE))
    return [_helper(number, number < support, vanish, random) for number in range(people)]


def _helper(number: int, is_support: bool, vanish: float, random: Random) -> Helper:
    leaves = not is_support and random.random() < vanish
    return Helper(
        number=number,
        is_support=is_support,
        comes_after=_COMING * random.random(),
        languages=() if is_support else _drawn(_SPOKEN, random),
        trust=Trust.REVIEWER if is_support else _drawn(_TRUST, random),
        minutes_per_email=random.lognormvariate(1.6, 0.4),
        leaves_after=random.randint(1, 20) if leaves else None,
    )


def writers(mails: int, *, random: Random) -> Iterator[Writer]:
    """Gives the people who write, most of them early in the day; `mails` is all their emails."""
    left, number = mails, 0
    while left > 0:
        again = left > 1 and random.random() < _WRITES_AGAIN
        label, tone = _drawn([((label, tone), share) for label, tone, share in _ABOUT], random)
        yield Writer(
            number=number,
            writes_after=_ARRIVING * random.random() ** 1.5,
            again_after=timedelta(minutes=random.uniform(20, 240)) if again else None,
            label=label,
            tone=tone,
            language=_drawn(_LANGUAGES, random),
            words=_drawn(_WORDS, random),
        )
        left -= 1 + again
        number += 1


def _drawn(weighted: Sequence[tuple[T, int]], random: Random) -> T:
    values = [value for value, _weight in weighted]
    return random.choices(values, [weight for _value, weight in weighted])[0]
