"""What a simulated day came to: pure arithmetic over what happened."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any


@dataclass
class Happened:
    """What is noted while the day goes on."""

    waits: list[timedelta] = field(default_factory=list)
    lapses: int = 0
    passed_on: Counter[str] = field(default_factory=Counter)
    people_given: set[int] = field(default_factory=set)
    three_furious: set[int] = field(default_factory=set)  # though another email waited for them
    only_furious: set[int] = field(default_factory=set)  # nothing else waited for them
    answered_by: Counter[int] = field(default_factory=Counter)
    vanished: int = 0
    idle: timedelta = timedelta()
    present: timedelta = timedelta()
    double_claims: int = 0
    clear_at: datetime | None = None


def report(
    happened: Happened, *, mails: int, stranded: int, helpers: Iterable[int], began_at: datetime
) -> dict[str, Any]:
    """Gives the object that `simulate_day --json` prints, without anything of this machine."""
    minutes = sorted(wait / timedelta(minutes=1) for wait in happened.waits)
    counts = sorted(happened.answered_by[number] for number in helpers)
    people = max(1, len(happened.people_given))
    clear = happened.clear_at
    return {
        "mails": mails,
        "conversations_answered": len(minutes),
        "stranded": stranded,
        "stranded_share": round(stranded / mails, 5) if mails else 0.0,
        "waits_minutes": {
            "median": _at(minutes, 0.5),
            "p90": _at(minutes, 0.9),
            "p99": _at(minutes, 0.99),
            "longest": _at(minutes, 1),
        },
        "lapses": happened.lapses,
        "passed_on": dict(sorted(happened.passed_on.items())),
        "people_vanished": happened.vanished,
        "fairness": {
            "three_furious_in_row_share": round(len(happened.three_furious) / people, 4),
            "three_as_nothing_else_waited_share": round(len(happened.only_furious) / people, 4),
            "answered_per_person": {
                "least": counts[0] if counts else 0,
                "median": _at(counts, 0.5),
                "most": counts[-1] if counts else 0,
            },
        },
        "idle_share": round(happened.idle / happened.present, 4) if happened.present else 0.0,
        "clear_after_minutes": round((clear - began_at) / timedelta(minutes=1)) if clear else None,
        "double_claims": happened.double_claims,
    }


def _at(values: Sequence[float], share: float) -> float:
    if not values:
        return 0.0
    return round(values[min(len(values) - 1, int(len(values) * share))], 1)
