"""Inside the measured installation: fills it, or opens its pages and looks at the statements.

`python -m triage.benchmarks.visitor fill FROM TO PEOPLE` or `visit ROUNDS`; prints JSON.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import django
from django.db import connection
from django.test import Client
from django.utils import timezone

_IDLE_STATEMENTS = 12
_WORDS = 160


@dataclass
class Visit:
    """One opened page: how many statements, and how long they ran on the server and back."""

    page: str
    queries: int = 0
    sql_ms: float = 0.0
    slowest_ms: float = 0.0
    slowest: str = ""

    def watch(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:  # noqa: ANN401
        """Runs one statement and counts it."""
        began = time.perf_counter()
        try:
            return execute(sql, *rest)
        finally:
            took = (time.perf_counter() - began) * 1000
            self.queries += 1
            self.sql_ms += took
            if took > self.slowest_ms:
                self.slowest_ms, self.slowest = took, " ".join(sql.split())[:_WORDS]


@contextmanager
def watched(page: str) -> Iterator[Visit]:
    """Watches the statements of this connection."""
    visit = Visit(page)
    with connection.execute_wrapper(visit.watch):
        yield visit


def visit_all(rounds: int) -> list[Visit]:
    """Opens each page once to warm up, then all of them in turns."""
    from triage.benchmarks.rows import LEAD, REVISOR, SEARCHED, SUPPORTER, login

    places = {
        "desk": (SUPPORTER, "/desk/"),
        "board": (LEAD, "/board/"),
        "people": (LEAD, "/board/people/"),
        "audit": (REVISOR, "/audit/"),
        "search": (LEAD, f"/inbox/?show=all&from={SEARCHED}"),
    }
    clients = {name: login(who) for name, (who, _) in places.items()}
    visits: list[Visit] = []
    for turn in range(rounds + 1):
        found = [_open(name, clients[name], path) for name, (_, path) in places.items()]
        found.append(_idle())
        visits += found if turn else []
    return visits


def _open(name: str, client: Client, path: str) -> Visit:
    with watched(name) as visit:
        answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
    return visit


def _idle() -> Visit:
    """As many statements as a page may have that do nothing: the way there and back."""
    with watched("idle") as visit, connection.cursor() as cursor:
        for _ in range(_IDLE_STATEMENTS):
            cursor.execute("SELECT 1")
    return visit


def main() -> None:
    """Does what the command line says."""
    django.setup()
    what, *numbers = sys.argv[1:]
    if what == "fill":
        from triage.benchmarks.rows import fill

        first, last, people = (int(number) for number in numbers)
        fill(first, last, people=people, at=timezone.now())
    else:
        visits = visit_all(int(numbers[0]))
        told = [{k: v for k, v in asdict(one).items() if k[0] != "_"} for one in visits]
        sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
