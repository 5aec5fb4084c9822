"""What every benchmark is asked, and what it answers; the command knows nothing else of them."""

import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

NAMES = ("claim", "pages")  # each a module beside this one, with a function `measure`


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much to measure; None means the size that the benchmark is about."""

    rows: int | None = None
    rounds: int | None = None


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What came out: the limit of the machine and the product, taken in turns in the same run."""

    rounds: int
    limit: Mapping[str, Any]
    product: Mapping[str, Any]
    ratios: Mapping[str, float]


Tell = Callable[[str], None]  # takes a line about how far it is


def measure(name: str, size: Size, tell: Tell) -> dict[str, Any]:
    """Runs one benchmark and gives the object that `benchmark NAME --json` prints."""
    run = cast(Callable[[Size, Tell], Measured], import_module(f"triage.benchmarks.{name}").measure)
    measured = run(size, tell)
    return {
        "benchmark": name,
        "machine": machine(),
        "rounds": measured.rounds,
        "limit": dict(measured.limit),
        "product": dict(measured.product),
        "ratios": dict(measured.ratios),
    }


def machine() -> dict[str, Any]:
    """Gives what a reader of the figures must know of this machine, and nothing that names it."""
    return {
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }
