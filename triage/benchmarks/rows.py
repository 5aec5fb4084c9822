"""Rows of a large installation, written by the database itself from a series of numbers."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED
from django.test import Client

from inbox.models import Conversation, Mailbox, Message, OutboundMessage
from triage.accounts.models import RoleGrant, User
from triage.audit.models import AuditEvent, AuditSeal
from triage.classification.models import Classification
from triage.incidents.models import Incident
from triage.queues import counters
from triage.queues.models import (
    Counter,
    ForecastNote,
    Line,
    Outcome,
    Queue,
    QueueMembership,
    Ticket,
)
from triage.replies.models import Reply
from triage.responses.models import Response, ResponseVersion
from triage.volunteers.models import Enlistment

LEAD, SUPPORTER, REVISOR = "lead@example.com", "supporter@example.com", "revisor@example.com"
WRITER = "writer@example.com"
SEARCHED = "person77@example.net"
_ROLES = {
    LEAD: "supervisor",
    SUPPORTER: "support",
    REVISOR: "auditor",
    WRITER: "approver",
}
# Of ten conversations one waits, three were answered by us, the others needed no answer.
_STATE = "CASE WHEN i % 10 = 0 THEN 'open' ELSE 'closed' END"
_WORDS = "repeat('I cannot get into my account since this morning. ', 12)"


def login(email: str) -> Client:
    """Gives a browser in which this person is logged in."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(email=email))
    return client


def fill(first: int, last: int, *, people: int, at: datetime) -> None:
    """Adds the messages numbered above `first` up to `last`, and once the people around them."""
    settings.MUSTER_DEMO = False
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    if not User.objects.exists():
        _people(people, at=at)
        _answers(at=at)
    _mail(first + 1, last, at=at)
    _work(first + 1, last, at=at)
    _record(first + 1, last, at=at)
    _count(at=at)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _people(count: int, *, at: datetime) -> None:
    incident = Incident.objects.create(
        name="The breach",
        slug="the-breach",
        level="all-hands",
        known_since=at,
        opened_at=at,
        level_since=at,
        recovery_at=at + timedelta(days=1),
    )
    for email, role in _ROLES.items():
        user = User.objects.create(email=email, name=role.title(), created_at=at)
        RoleGrant.objects.create(user=user, role=role, granted_at=at)
    Mailbox.objects.create(address="help@example.org", kind="import", created_at=at)
    since = _moment(at)
    first = User.objects.latest("pk").pk
    helper = f"i + {first}"
    _series(
        User,
        (1, count),
        {
            "id": helper,
            "email": "'helper' || i || '@example.com'",
            "name": "'Helper ' || i",
            "created_at": since,
            "is_active": "true",
        },
    )
    _series(
        Enlistment,
        (1, count),
        {
            "user_id": helper,
            "incident_id": str(incident.pk),
            "state": "'active'",
            "until": _moment(at + timedelta(days=1)),
            "joined_at": since,
        },
    )
    open_queues = Queue.objects.filter(kind="open").order_by("pk").values_list("pk", flat=True)
    ids = ", ".join(str(key) for key in open_queues)
    _series(
        QueueMembership,
        (1, count),
        {"user_id": helper, "queue_id": f"(ARRAY[{ids}])[1 + i % {len(open_queues)}]"},
    )


def _answers(*, at: datetime) -> None:
    writer, lead = User.objects.get(email=WRITER), User.objects.get(email=LEAD)
    for label in ("password_reset", "data_concern", "angry", "praise", "other"):
        response = Response.objects.create(key=label, name=label.title(), label=label)
        ResponseVersion.objects.create(
            response=response,
            number=1,
            state="approved",
            body="[[greeting]]\n\nPlease see our page.\n\n[[own line]]\n\n[[sign-off]]",
            author=lead,
            written_at=at,
            approved_by=writer,
            approved_at=at,
        )


def _mail(first: int, last: int, *, at: datetime) -> None:
    box, when = str(Mailbox.objects.get().pk), _ago(at)
    address = "'person' || i || '@example.net'"
    _series(
        Conversation,
        (first, last),
        {
            "customer_address": address,
            "customer_name": "'Person ' || i",
            "subject": "'Question ' || i",
            "mailbox_id": box,
            "opened_at": when,
        },
    )
    _series(
        Message,
        (first, last),
        {
            "conversation_id": "i",
            "mailbox_id": box,
            "raw_sha256": "lpad(i::text, 64, '0')",
            "raw_size": "900",
            "content_sha256": "lpad(i::text, 64, '0')",
            "message_id": "i || '@example.net'",
            "subject": "'Question ' || i",
            "from_address": address,
            "received_at": when,
            "created_at": when,
            "text": _WORDS,
            "new_text": _WORDS,
            "kind": "'person'",
            "language": "'en'",
        },
    )
    _series(
        Classification,
        (first, last),
        {
            "message_id": "i",
            "topic": "(ARRAY['password_reset', 'data_concern', 'other'])[1 + i % 3]",
            "tone": "'neutral'",
            "label": "(ARRAY['password_reset', 'data_concern', 'other'])[1 + i % 3]",
            "confident": "true",
            "at": when,
        },
    )


def _work(first: int, last: int, *, at: datetime) -> None:
    when, lines = _ago(at), _lines()
    pick = f"1 + (i / 10) % {len(lines)}"
    _series(
        Ticket,
        (first, last),
        {
            "conversation_id": "i",
            "queue_id": f"(ARRAY[{', '.join(str(line.queue_id) for line in lines)}])[{pick}]",
            "line_id": f"(ARRAY[{', '.join(str(line.pk) for line in lines)}])[{pick}]",
            "state": _STATE,
            "promise_at": f"{when} + interval '2 hours'",
            "opened_at": when,
            "closed_at": f"CASE WHEN i % 10 = 0 THEN NULL ELSE {when} END",
        },
    )
    helpers, version = _helpers(), ResponseVersion.objects.earliest("pk")
    answered = "i % 10 IN (1, 2, 3)"
    _series(
        OutboundMessage,
        (first, last),
        {
            "kind": "'answer'",
            "state": "'sent'",
            "conversation_id": "i",
            "sender": "'help@example.org'",
            "recipient": "'person' || i || '@example.net'",
            "subject": "'Re: Question ' || i",
            "message_id": "'answer-' || i || '@example.org'",
            "content": "''::bytea",
            "content_sha256": "lpad(i::text, 64, '0')",
            "created_at": when,
            "sent_at": when,
            "finished_at": when,
        },
        where=answered,
    )
    _series(
        Reply,
        (first, last),
        {
            "ticket_id": "i",
            "state": "'released'",
            "version_id": str(version.pk),
            "slots": """'{"own line": "I am glad to help."}'::jsonb""",
            "text": _WORDS,
            "author_id": f"{helpers[0]} + i % {len(helpers)}",
            "created_at": when,
            "saved_at": when,
            "released_at": when,
            "seen_message_id": "i",
            "outbound_id": "i",
        },
        where=answered,
    )
    _series(
        Outcome,
        (first, last),
        {
            "message_id": "i",
            "kind": f"CASE WHEN {answered} THEN 'answered' ELSE 'no_reply_needed' END",
            "reason": f"CASE WHEN {answered} THEN '' ELSE 'double' END",
            "outbound_id": f"CASE WHEN {answered} THEN i END",
            "by_name": "'Support'",
            "at": when,
        },
        where="i % 10 <> 0",
    )


def _helpers() -> range:
    """The ids of those who answered, beginning with the one whose desk is opened."""
    first = User.objects.get(email=SUPPORTER).pk
    return range(first, User.objects.latest("pk").pk + 1)


def _lines() -> list[Line]:
    """One line for each open queue, and each in two languages."""
    for queue in Queue.objects.filter(kind="open"):
        for language in ("en", "de"):
            Line.objects.get_or_create(queue=queue, language=language)
    return list(Line.objects.order_by("pk"))


def _record(first: int, last: int, *, at: datetime) -> None:
    _series(
        AuditEvent,
        (first, last),
        {
            "at": _ago(at),
            "actor_id": "(i % 1500)::text",
            "actor_name": "'Helper ' || i % 1500",
            "action": "(ARRAY['ticket.claim', 'reply.submit', 'ticket.finish'])[1 + i % 3]",
            "subject_kind": "'ticket'",
            "subject_id": "i::text",
            "digest": "lpad(i::text, 64, '0')",
        },
    )
    _series(
        AuditSeal,
        (first, last),
        {
            "sequence": "i",
            "event_id": "i",
            "sealed_at": _moment(at),
            "previous_hash": "lpad((i - 1)::text, 64, '0')",
            "hash": "lpad(i::text, 64, '0')",
        },
    )


def _count(*, at: datetime) -> None:
    """What the counters would say, a season of hours, and the notes of the last day."""
    Counter.objects.all().delete()
    waiting = Ticket.objects.filter(state="open", holder=None).values_list("queue_id")
    Counter.objects.bulk_create(
        Counter(queue_id=queue_id, measure="waiting", hour=counters.NOW, value=number)
        for queue_id, number in waiting.annotate(number=models.Count("pk")).order_by()
    )
    hours = [counters.hour_of(at) - timedelta(hours=back) for back in range(24 * 90)]
    Counter.objects.bulk_create(
        Counter(queue=queue, measure=measure, hour=hour, value=100)
        for hour in hours
        for queue in Queue.objects.all()
        for measure in ("came_in", "went_out", "sent")
    )
    ForecastNote.objects.bulk_create(
        (
            ForecastNote(quarter=at - timedelta(minutes=15 * back), waiting=100, people=100)
            for back in range(100)
        ),
        ignore_conflicts=True,
    )


def _moment(at: datetime) -> str:
    return f"'{at.isoformat()}'::timestamptz"


def _ago(at: datetime) -> str:
    """The higher the number the later, two seconds apart."""
    return f"{_moment(at)} - (2000000 - i % 1000000 * 2) * interval '1 second'"


def _series(
    model: type[models.Model],
    numbers: tuple[int, int],
    values: Mapping[str, str],
    *,
    where: str = "true",
) -> None:
    """Adds a row for each number `i`: columns by SQL, the others by what the model says.

    An `id` that is not given is the number itself; the sequence goes on behind it.
    """
    columns: dict[str, str] = {}
    settled: list[Any] = []
    for column in model._meta.concrete_fields:
        name = str(column.column)
        if name in values:
            columns[name] = values[name]
        elif column.primary_key:
            columns[name] = "i"
        elif column.has_default() or not column.null:
            columns[name] = "%s"
            settled.append(column.get_db_prep_save(_default(column), connection))
    names, table = ", ".join(f'"{name}"' for name in columns), model._meta.db_table
    # A per cent sign of ours is not a place for a value.
    expressions = ", ".join(
        value if value == "%s" else value.replace("%", "%%") for value in columns.values()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {expressions} "  # noqa: S608 - our own words
            f"FROM generate_series({numbers[0]}, {numbers[1]}) AS i "
            f"WHERE {where.replace('%', '%%')}",
            settled,
        )
        if isinstance(model._meta.pk, models.AutoField):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "  # noqa: S608
                f"(SELECT max(id) FROM {table}))"
            )


def _default(column: models.Field) -> object:  # type: ignore[type-arg]
    value = column.get_default()
    if value is None or value is NOT_PROVIDED:
        return "" if isinstance(column, models.CharField | models.TextField) else 0
    return value
