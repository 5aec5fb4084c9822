"""Who is next for this person: the one statement behind "Help the next person".

It looks at the head of each line that the person may serve (as lines.py says), chooses the line
whose head is to be answered first, and takes that line's first email which nobody else is taking.
Both looks walk the partial index ticket_in_order_of_claiming.
"""

import json
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from triage.accounts.policy import Actor
from triage.audit.actions import record
from triage.audit.statements import event_values, insert_event
from triage.queues import counters, leases
from triage.queues.lines import NOT_THEIRS
from triage.queues.models import Ticket
from triage.queues.pace import BREAK, FURIOUS_IN_ROW

_CLAIMED = "ticket.claim"
# Never an email that this person passed on.
_WAITS = """
{t}.state = 'open' AND {t}.holder_id IS NULL
AND {t}.id NOT IN (SELECT p.ticket_id FROM queues_passedon p WHERE p.user_id = %(user)s)
"""
_CHOSEN = "EXISTS (SELECT 1 FROM queues_queuemembership m WHERE m.user_id = %(user)s)"
_WANTS_KIND = "COALESCE((SELECT p.wants_kind FROM queues_pace p WHERE p.user_id = %(user)s), FALSE)"
# A break ends the row.
_FURIOUS_IN_ROW = (
    "COALESCE((SELECT p.furious_in_row FROM queues_pace p "
    "WHERE p.user_id = %(user)s AND p.active_at > %(paused)s), 0)"
)
_SPEAKS = (
    "%(languages_listed)s = 0 OR l.language = '' OR {among} "
    f"OR (l.language = '{NOT_THEIRS}' AND %(languages_listed)s > 1)"
)
_SPEAKS_OF = {
    "postgresql": _SPEAKS.format(among="l.language = ANY(%(languages)s)"),
    "sqlite": _SPEAKS.format(among="l.language IN (SELECT value FROM json_each(%(languages)s))"),
}
_HEAD = f"""
SELECT {{columns}} FROM queues_ticket h
WHERE h.line_id = l.id AND {_WAITS.format(t="h")}
ORDER BY h.urgency, h.promise_at, h.id LIMIT 1
"""  # noqa: S608 - made of our own words alone
_HEAD_OF = {
    "postgresql": "CROSS JOIN LATERAL ({}) head".format(
        _HEAD.format(columns="h.urgency, h.promise_at, h.id")
    ),
    "sqlite": "JOIN queues_ticket head ON head.id = ({})".format(_HEAD.format(columns="h.id")),
}
# In order: danger before anything; a kind one after one that upset; no third furious one in a row
# while anything else waits; chosen queues before the others of a small team; then risk, promise
# and age. What a rule spares people is still given when nothing else waits: nobody is stranded.
_BEST_LINE = f"""
SELECT l.id
FROM queues_line l
JOIN queues_queue q ON q.id = l.queue_id
{{head}}
LEFT JOIN queues_queuemembership mine ON mine.queue_id = q.id AND mine.user_id = %(user)s
WHERE q.paused_at IS NULL
  AND l.needs_trust <= %(trust)s
  AND ({{speaks}})
  AND (q.kind = 'open' OR %(is_support)s = 1 OR %(is_supervisor)s = 1)
  AND (mine.id IS NOT NULL
    OR (%(serves_all)s = 1 AND q.kind = 'open')
    OR (NOT {_CHOSEN} AND q.kind = 'open')
    OR (%(is_supervisor)s = 1 AND q.kind = 'lane'
      AND q.named_id IS NULL AND q.stand_in_id IS NULL))
ORDER BY head.urgency > 0,
  ({_WANTS_KIND} AND l.tone <> 'praise'),
  (l.tone = 'angry' AND ({_WANTS_KIND}
    OR (%(takes_furious)s = 0 AND {_FURIOUS_IN_ROW} >= {FURIOUS_IN_ROW}))),
  (mine.id IS NULL AND {_CHOSEN}),
  head.urgency, head.promise_at, head.id
LIMIT 1
"""  # noqa: S608
_NEXT = f"""
SELECT t.id FROM queues_ticket t
WHERE t.line_id = ({_BEST_LINE}) AND {_WAITS.format(t="t")}
  AND NOT EXISTS (SELECT 1 FROM queues_ticket held WHERE held.holder_id = %(user)s)
ORDER BY t.urgency, t.promise_at, t.id LIMIT 1
"""  # noqa: S608
_TAKE = "UPDATE queues_ticket SET holder_id = %(user)s, held_since = %(at)s, held_until = %(until)s"
_KEEP_PACE = """
INSERT INTO queues_pace AS pace (user_id, furious_in_row, wants_kind, working_since, active_at)
SELECT %(user)s, CASE WHEN l.tone = 'angry' THEN 1 ELSE 0 END, FALSE, %(at)s, %(at)s
FROM queues_line l WHERE l.id = {line}
ON CONFLICT (user_id) DO UPDATE SET
  furious_in_row = excluded.furious_in_row
    * CASE WHEN pace.active_at <= %(paused)s THEN 1 ELSE pace.furious_in_row + 1 END,
  wants_kind = FALSE,
  working_since = CASE WHEN pace.active_at <= %(paused)s THEN %(at)s ELSE pace.working_since END,
  active_at = excluded.active_at
"""
_COLUMNS = [(field.attname, str(field.column)) for field in Ticket._meta.concrete_fields]
_PARTS_OF = {
    vendor: {"head": _HEAD_OF[vendor], "speaks": _SPEAKS_OF[vendor]} for vendor in _HEAD_OF
}
_POSTGRESQL = f"""
WITH taken AS (
  {_TAKE}
  WHERE id = ({_NEXT.format(**_PARTS_OF["postgresql"])} FOR UPDATE SKIP LOCKED)
  RETURNING {", ".join(column for _name, column in _COLUMNS)}
), counted AS (
  INSERT INTO queues_counterdelta (queue_id, measure, hour, amount)
  SELECT taken.queue_id, change.measure, %(now_hour)s, change.amount
  FROM taken, (VALUES ('waiting', -1), ('held', 1)) AS change (measure, amount)
), paced AS (
  {_KEEP_PACE.format(line="(SELECT line_id FROM taken)")}
), told AS (
  {insert_event(table="taken", subject="id", number="queue_id")}
)
SELECT * FROM taken
"""  # noqa: S608
_SQLITE = f"{_TAKE} WHERE id = ({_NEXT.format(**_PARTS_OF['sqlite'])}) RETURNING id"


def take_next(*, by: Actor, at: datetime) -> Ticket | None:
    """Gives the next email, now in this person's hands, counted and recorded, or None.

    In a small team they help in every open queue, those chosen for them first. None for who holds
    one already, too. A transaction of its own, and one statement on PostgreSQL. Raises
    IntegrityError when the same person claims twice at the same moment.
    """
    if connection.vendor == "postgresql":
        told = event_values(action=_CLAIMED, by=by, at=at, subject_kind="ticket", number="queue")
        return _take_on_postgresql({**_values(by, at), **told})
    with transaction.atomic():
        ticket = _take_on_sqlite(_for_sqlite(_values(by, at)), at=at)
        if ticket is not None:
            record(action=_CLAIMED, by=by, at=at, subject=ticket, detail={"queue": ticket.queue_id})
    return ticket


def someone_waits(*, by: Actor, at: datetime) -> bool:
    """Tells whether an email is there after all, locked for a moment by others who then left it."""
    statement = _BEST_LINE.format(**_PARTS_OF[connection.vendor])
    values = _values(by, at)
    if connection.vendor == "sqlite":
        values = _for_sqlite(values)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() is not None


def _values(by: Actor, at: datetime) -> dict[str, Any]:
    helping = by.helping
    languages = [] if by.has("support") or helping is None else list(helping.languages)
    return {
        "user": by.id,
        "at": at,
        "until": leases.first_until(at),
        "paused": at - BREAK,
        "now_hour": counters.NOW,
        "trust": int(by.trust),
        "is_support": int(by.has("support")),
        "is_supervisor": int(by.has("supervisor")),
        "serves_all": int(by.ceremony.everyone_serves_every_queue),
        "takes_furious": int(helping is not None and helping.takes_furious),
        "languages": languages,
        "languages_listed": len(languages),
    }


def _take_on_postgresql(values: Mapping[str, Any]) -> Ticket | None:
    """One trip, committed by itself; prepared, because planning takes longer than doing it."""
    from psycopg import Cursor  # the driver is there only where it is used

    connection.ensure_connection()
    with (
        transaction.atomic() if connection.in_atomic_block else nullcontext(),
        connection.wrap_database_errors,
        Cursor(connection.connection) as cursor,
    ):
        row = cursor.execute(_POSTGRESQL, values, prepare=True).fetchone()
    if row is None:
        return None
    return Ticket.from_db(connection.alias, [name for name, _column in _COLUMNS], row)


def _for_sqlite(values: Mapping[str, Any]) -> dict[str, Any]:
    adapt = connection.ops.adapt_datetimefield_value
    times = {name: adapt(values[name]) for name in ("at", "until", "paused", "now_hour")}
    return {**values, **times, "languages": json.dumps(values["languages"])}


def _take_on_sqlite(values: Mapping[str, Any], *, at: datetime) -> Ticket | None:
    with connection.cursor() as cursor:
        row = cursor.execute(_SQLITE, values).fetchone()
        if row is None:
            return None
        ticket = Ticket.objects.get(pk=row[0])
        cursor.execute(_KEEP_PACE.format(line="%(line)s"), {**values, "line": ticket.line_id})
    counters.add([counters.waiting(ticket.queue_id, -1), counters.held(ticket.queue_id, 1)], at=at)
    return ticket
