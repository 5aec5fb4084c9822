"""Recording an event in the very statement that does what it tells, where each trip counts.

PostgreSQL only. The event is the one that `record` would have written, digest included (ADR 0018).
"""

import json
from datetime import UTC, datetime

from triage.audit.actions import Doer

_SUBJECT, _NUMBER = "\ue000", "\ue001"  # stand where the statement fills in what it picked
_INSERT = """
INSERT INTO audit_auditevent (at, actor_id, actor_name, action, subject_kind, subject_id, detail,
  operation_id, digest)
SELECT %(event_at)s, %(event_actor_id)s, %(event_actor_name)s, %(event_action)s, %(event_kind)s,
  {subject}::text, jsonb_build_object(%(event_number)s::text, {number}), '',
  encode(sha256(convert_to(
    %(event_before)s::text || {subject} || %(event_between)s::text || {number}
      || %(event_after)s::text, 'UTF8')), 'hex')
FROM {table}
"""


def insert_event(*, table: str, subject: str, number: str) -> str:
    """Gives the SQL that records one event for each row of `table`.

    `subject` and `number` are columns of it: the subject's id, and the one number of the detail.
    The values are those of `event_values`.
    """
    return _INSERT.format(table=table, subject=f"{table}.{subject}", number=f"{table}.{number}")


def event_values(
    *, action: str, by: Doer, at: datetime, subject_kind: str, number: str
) -> dict[str, object]:
    """Gives the values of `insert_event`; `number` names the one number of the detail."""
    told = [
        at.astimezone(UTC).isoformat(),
        str(by.id),
        by.name,
        action,
        subject_kind,
        _SUBJECT,
        {number: _NUMBER},
        "",
    ]
    text = json.dumps(told, separators=(",", ":"), ensure_ascii=False)
    rest, after = text.rsplit(f'"{_NUMBER}"', 1)
    before, between = rest.rsplit(_SUBJECT, 1)
    return {
        "event_at": at,
        "event_actor_id": str(by.id),
        "event_actor_name": by.name,
        "event_action": action,
        "event_kind": subject_kind,
        "event_number": number,
        "event_before": before,
        "event_between": between,
        "event_after": after,
    }
