"""One process that claims as fast as it can, on one connection, when told to.

`python -m triage.benchmarks.claimers` reads a line of JSON per round from standard input:
`{"kind": "limit" or "product", "first": id of the first person, "count": claims}`, and prints one:
`{"seconds", "ends": [...], "given": [...]}`. Each claim is of another person, who keeps it.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

import django

django.setup()

from django.db import connection  # noqa: E402

from triage.accounts.policy import Actor, Helping, Trust  # noqa: E402
from triage.queues import leases  # noqa: E402
from triage.queues.actions import claim_next  # noqa: E402

# A copy of the ticket's table with all its indexes, and nothing of the product around it.
LIMIT_TABLE = """
CREATE TABLE limit_ticket (LIKE queues_ticket INCLUDING DEFAULTS INCLUDING INDEXES);
INSERT INTO limit_ticket SELECT * FROM queues_ticket;
CREATE INDEX limit_in_order ON limit_ticket (promise_at, id)
  WHERE state = 'open' AND holder_id IS NULL;
VACUUM ANALYZE limit_ticket
"""
_RAW_CLAIM = """
UPDATE limit_ticket SET holder_id = %s, held_since = %s, held_until = %s
WHERE id = (
  SELECT id FROM limit_ticket WHERE state = 'open' AND holder_id IS NULL
  ORDER BY promise_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
Claim = Callable[[int, datetime], int | None]


def claim_as_limit(person: int, at: datetime) -> int | None:
    """The least that a claim can be: one prepared statement, committed by itself."""
    from psycopg import Cursor

    with Cursor(connection.connection) as cursor:
        cursor.execute(_RAW_CLAIM, (person, at, leases.first_until(at)), prepare=True)
        row = cursor.fetchone()
    return row[0] if row else None


def claim_as_product(person: int, at: datetime) -> int | None:
    """What a helper's press does below the web server."""
    ticket = claim_next(by=_helper(person, at), at=at)
    return ticket.pk if ticket else None


def _helper(person: int, at: datetime) -> Actor:
    helping = Helping(
        until=leases.longest_until(at),
        state="active",
        level="all-hands",
        briefed=True,
        trust=Trust.TRUSTED,
        languages=("en", "de"),
    )
    return Actor(id=person, name=f"Person {person}", at=at, helping=helping)


CLAIMS: dict[str, Claim] = {"limit": claim_as_limit, "product": claim_as_product}


def main() -> None:
    """Makes the table of the limit, or does one round for each line that comes in."""
    connection.ensure_connection()
    if sys.argv[1:] == ["make-limit"]:
        for statement in LIMIT_TABLE.split(";"):
            connection.connection.execute(statement)
        return
    for line in sys.stdin:
        order = json.loads(line)
        sys.stdout.write(json.dumps(_round(**order)) + "\n")
        sys.stdout.flush()


def _round(*, kind: str, first: int, count: int) -> dict[str, object]:
    claim, at = CLAIMS[kind], datetime.now(UTC)  # noqa: TID251 - a clock of the measurement's edge
    ends, given = [], []
    start = time.perf_counter()
    for person in range(first, first + count):
        given.append(claim(person, at))
        ends.append(time.perf_counter() - start)
    return {"seconds": ends[-1], "ends": ends, "given": given}


if __name__ == "__main__":
    main()
