"""How fast "Help the next person" is: beside the least a claim can be, in a crowd, and in bulk."""

import json
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from statistics import median, quantiles
from typing import Any

from triage.benchmarks.frame import Measured, Size, Tell
from triage.benchmarks.place import CannotMeasure, Place, on_postgresql

CONNECTIONS = 8  # more are slower: let requests wait in the web server
CROWD = 50
ROWS = 1_000_000
SMALL_OF_ROWS = 100  # growth is from a hundredth of the rows
CLOSED_SHARE = 0.9
ROUNDS = 9
CLAIMS = 150  # of each connection in each round
FEWEST_CLAIMS = 5


@dataclass
class Claimers:
    """Processes that claim in one database, each on a connection of its own."""

    processes: list[subprocess.Popen[str]]
    people: "count[int]"
    given: list[int] = field(default_factory=list)

    def race(self, kind: str, claims: int) -> list[dict[str, Any]]:
        """Lets all of them claim at once and gives what each measured."""
        for process in self.processes:
            first = next(self.people)
            for _used in range(claims - 1):
                next(self.people)
            _say(process, {"kind": kind, "first": first, "count": claims})
        told = [_hear(process) for process in self.processes]
        if kind == "product":
            self.given += [ticket for each in told for ticket in each["given"]]
        return told


def measure(size: Size, tell: Tell) -> Measured:
    """Measures throughput, the wait in a crowd, doubles, and growth with the number of emails."""
    rows, rounds = size.rows or ROWS, size.rounds or ROUNDS
    # So few that nobody runs out of emails, not even among the fewest rows.
    claims = max(FEWEST_CLAIMS, min(CLAIMS, rows // (2 * SMALL_OF_ROWS * (rounds + 1))))
    with on_postgresql() as empty:
        crowded = _filled(empty, "crowded", rows // 10, 0, rounds * claims * 40, tell)
        rates, waits, doubles = _in_a_crowd(crowded, rounds, claims, tell)
        seconds = _as_it_grows(empty, rows, rounds, claims, tell)
    p99 = quantiles(waits, n=100)[98]
    small, large, closed = (median(seconds[name]) for name in ("small", "large", "closed"))
    return Measured(
        rounds=rounds,
        limit={"claims_per_second": _rounded(rates["limit"])},
        product={
            "claims_per_second": _rounded(rates["product"]),
            "wait_ms_at_50": {"median": round(median(waits), 2), "p99": round(p99, 2)},
            "ms_per_claim": {
                name: round(median(values) * 1000, 3) for name, values in seconds.items()
            },
            "rows": {"crowd": rows // 10, "small": rows // SMALL_OF_ROWS, "large": rows},
        },
        ratios={
            "of_raw_claim": round(
                median(
                    product / limit
                    for product, limit in zip(rates["product"], rates["limit"], strict=True)
                ),
                3,
            ),
            "p99_ms_at_50": round(p99, 2),
            "growth_1m_over_10k": round(large / small, 3),
            "growth_with_closed": round(closed / small, 3),
            "double_claims": doubles,
        },
    )


def _in_a_crowd(
    place: Place, rounds: int, claims: int, tell: Tell
) -> tuple[dict[str, list[float]], list[float], int]:
    """Claims a second of limit and product in turns, and how long each of 50 people waited."""
    rates: dict[str, list[float]] = {"limit": [], "product": []}
    waits: list[float] = []
    place.run("-m", "triage.benchmarks.claimers", "make-limit")
    with _claimers(place, CONNECTIONS) as claimers:
        for kind in ("limit", "product"):
            claimers.race(kind, FEWEST_CLAIMS)  # connects, and prepares the statement
        for number in range(rounds):
            for kind in ("limit", "product"):
                told = claimers.race(kind, claims)
                slowest = max(each["seconds"] for each in told)
                rates[kind].append(len(told) * claims / slowest)
                if kind == "product":
                    waits += [wait for each in told for wait in _waits(each["ends"])]
            tell(f"round {number + 1} of {rounds}: {rates['product'][-1]:.0f} claims a second")
        given = [ticket for ticket in claimers.given if ticket is not None]
    return rates, waits, len(given) - len(set(given))


def _waits(ends: Sequence[float]) -> Iterator[float]:
    """How long (ms) each press waited when 50 people press again at once, as in a web server.

    Each connection serves its share of them in turn: a press waits for those before it.
    """
    share = -(-CROWD // CONNECTIONS)
    return (
        (ends[number] - (ends[number - share] if number >= share else 0.0)) * 1000
        for number in range(len(ends))
    )


def _as_it_grows(
    empty: Place, rows: int, rounds: int, claims: int, tell: Tell
) -> dict[str, list[float]]:
    """Seconds for one claim, one after the other, among few, many, and many closed emails."""
    closed = round(rows * CLOSED_SHARE)
    people = (rounds + 1) * claims
    sizes = {
        "small": (rows // SMALL_OF_ROWS, 0),
        "large": (rows, 0),
        "closed": (rows - closed, closed),
    }
    places = {
        name: _filled(empty, name, waiting, done, people, tell)
        for name, (waiting, done) in sizes.items()
    }
    seconds: dict[str, list[float]] = {name: [] for name in places}
    with _many_claimers(places) as claimers:
        for each in claimers.values():
            each.race("product", claims)
        for _number in range(rounds):
            for name, each in claimers.items():
                seconds[name].append(each.race("product", claims)[0]["seconds"] / claims)
    return seconds


def _filled(empty: Place, name: str, waiting: int, closed: int, people: int, tell: Tell) -> Place:
    tell(f"filling: {waiting:,} wait, {closed:,} are closed")
    place = empty.copy(name)
    numbers = (str(number) for number in (waiting, closed, people))
    place.run("-m", "triage.benchmarks.filling", *numbers)
    return place


@contextmanager
def _claimers(place: Place, number: int) -> Iterator[Claimers]:
    processes = [place.start("-m", "triage.benchmarks.claimers") for _each in range(number)]
    try:
        yield Claimers(processes, count(1))
    finally:
        for process in processes:
            process.communicate()


@contextmanager
def _many_claimers(places: dict[str, Place]) -> Iterator[dict[str, Claimers]]:
    claimers = {
        name: Claimers([place.start("-m", "triage.benchmarks.claimers")], count(1))
        for name, place in places.items()
    }
    try:
        yield claimers
    finally:
        for each in claimers.values():
            each.processes[0].communicate()


def _say(process: "subprocess.Popen[str]", order: dict[str, object]) -> None:
    assert process.stdin is not None
    process.stdin.write(json.dumps(order) + "\n")
    process.stdin.flush()


def _hear(process: "subprocess.Popen[str]") -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise CannotMeasure("a process that claims ended before its time")
    told: dict[str, Any] = json.loads(line)
    return told


def _rounded(values: Iterable[float]) -> list[float]:
    return [round(value, 1) for value in values]
