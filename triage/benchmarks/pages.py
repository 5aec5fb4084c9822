"""The screens at a million messages: how many statements each takes, and how long they run.

A PostgreSQL of its own is filled by set-based statements, first with few rows, then with many;
at both sizes the same pages are opened in turns with a row of statements that do nothing.
"""

import json
from statistics import median
from typing import Any

from triage.benchmarks.frame import Measured, Size, Tell
from triage.benchmarks.place import Place, on_postgresql

FULL, SMALL = 1_000_000, 1_000
PEOPLE = 1_500
ROUNDS = 15
PAGES = ("desk", "board", "people", "audit")
SEARCH = "search"
MOST_QUERIES, MOST_SQL_MS, MOST_GROWTH = 12, 20, 1.5
_VISITOR = ("-m", "triage.benchmarks.visitor")


def measure(size: Size, tell: Tell) -> Measured:
    """Measures the pages at a thousand messages and at `rows` (a million) of them."""
    rows, rounds = size.rows or FULL, size.rounds or ROUNDS
    few = min(SMALL, max(100, rows // 10))
    people = PEOPLE if rows >= FULL else 50
    with on_postgresql() as place:
        tell(f"filling {few:,} messages and {people:,} people")
        place.run(*_VISITOR, "fill", "0", str(few), str(people))
        small = _visit(place, rounds, tell)
        tell(f"filling {rows:,} messages")
        place.run(*_VISITOR, "fill", str(few), str(rows), "0")
        large = _visit(place, rounds, tell)
    return Measured(
        rounds=rounds,
        limit={"queries": MOST_QUERIES, "sql_ms": MOST_SQL_MS, "growth": MOST_GROWTH}
        | {"empty_statements_ms": round(large["idle"]["sql_ms"], 2)},
        product={
            "messages": rows,
            "people": people,
            **{f"{name}_queries": large[name]["queries"] for name in (*PAGES, SEARCH)},
            **{f"{name}_sql_ms": round(large[name]["sql_ms"], 2) for name in (*PAGES, SEARCH)},
            **{f"{name}_sql_ms_at_{few}": round(small[name]["sql_ms"], 2) for name in PAGES},
            **{f"{name}_sql_ms_best": round(large[name]["best"], 2) for name in (*PAGES, SEARCH)},
            **{f"{name}_slowest": large[name]["slowest"] for name in (*PAGES, SEARCH)},
        },
        ratios={
            "max_queries": max(large[name]["queries"] for name in PAGES),
            "max_sql_ms": round(max(large[name]["sql_ms"] for name in PAGES), 2),
            "search_max_sql_ms": round(large[SEARCH]["sql_ms"], 2),
            "growth_1m_over_1k": round(
                max(large[name]["sql_ms"] / small[name]["sql_ms"] for name in PAGES), 2
            ),
        },
    )


def _visit(place: Place, rounds: int, tell: Tell) -> dict[str, dict[str, Any]]:
    """Opens every page `rounds` times; gives the most statements and the middle time of each."""
    tell("opening the pages")
    visits: list[dict[str, Any]] = json.loads(place.run(*_VISITOR, "visit", str(rounds)))
    names = {visit["page"] for visit in visits}
    return {name: _summed([visit for visit in visits if visit["page"] == name]) for name in names}


def _summed(visits: list[dict[str, Any]]) -> dict[str, Any]:
    slowest = max(visits, key=lambda visit: float(visit["slowest_ms"]))
    return {
        "queries": max(visit["queries"] for visit in visits),
        "sql_ms": median(visit["sql_ms"] for visit in visits),
        "best": min(visit["sql_ms"] for visit in visits),
        "slowest": f"{slowest['slowest_ms']:.1f} ms: {slowest['slowest']}",
    }
