"""Rows of the desk: queues, emails that wait, and people who answer them."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import count

from django.apps import apps

from inbox.models import Conversation, Mailbox, Message
from triage.accounts.models import RoleGrant, User
from triage.accounts.policy import Actor
from triage.queues import counters
from triage.queues.lines import LineKey
from triage.queues.models import Line, Queue, Ticket
from triage.queues.places import line_id
from triage.responses.models import Response, ResponseVersion

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
_numbers = count(1)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def queue(key: str = "other") -> Queue:
    """The standard queue of this name; made again where a test emptied the tables."""
    if not Queue.objects.filter(key=key).exists():
        import_module("triage.queues.migrations.0002_standard_queues").ensure_queues(apps, None)
    return Queue.objects.get(key=key)


def user(name: str, *roles: str) -> User:
    """A person with standing roles."""
    person, _made = User.objects.get_or_create(
        email=f"{name.lower()}@example.org",
        defaults={"name": name, "shown_name": name, "created_at": NOON},
    )
    for role in roles:
        RoleGrant.objects.get_or_create(user=person, role=role, defaults={"granted_at": NOON})
    return person


def actor(name: str, *roles: str, at: datetime = NOON) -> Actor:
    """That person at one moment; support unless told otherwise."""
    roles = roles or ("support",)
    return Actor(id=user(name, *roles).pk, name=name, at=at, roles=frozenset(roles))


def mailbox() -> Mailbox:
    box, _made = Mailbox.objects.get_or_create(
        address="help@example.org", defaults={"kind": "import", "created_at": NOON}
    )
    return box


def conversation(address: str = "dana@example.net", name: str = "Dana R.") -> Conversation:
    return Conversation.objects.create(
        customer_address=address,
        customer_name=name,
        subject="Did they get my card number?",
        mailbox=mailbox(),
        opened_at=NOON,
    )


def message(
    of: Conversation | None = None, *, received_at: datetime = NOON, **more: object
) -> Message:
    """One email of a person, already looked at unless `due_at` is given."""
    of = of or conversation()
    number = next(_numbers)
    fields: dict[str, object] = {
        "conversation": of,
        "mailbox": of.mailbox,
        "raw_sha256": f"{number:064x}",
        "raw_size": 1000,
        "content_sha256": f"{number:064x}",
        "message_id": f"{number}@example.net",
        "subject": of.subject,
        "from_address": of.customer_address,
        "received_at": received_at,
        "text": "Do these people have my card number?",
        "new_text": "Do these people have my card number?",
        "kind": Message.Kind.PERSON,
        "language": "en",
        "created_at": received_at,
    }
    return Message.objects.create(**{**fields, **more})


def line(of: Queue, **more: object) -> Line:
    """The line of this queue for `language`, `needs_trust` and `tone`, plain unless given."""
    return Line.objects.get(pk=line_id(LineKey(queue_id=of.pk, **more)))  # type: ignore[arg-type]


def ticket(
    key: str = "other",
    *,
    promise_at: datetime = NOON,
    language: str = "",
    tone: str = "neutral",
    needs_trust: int = 0,
    **more: object,
) -> Ticket:
    """One email that waits in a queue, counted there."""
    its = message(received_at=min(promise_at, NOON))
    its_queue = queue(key)
    waiting = Ticket.objects.create(
        conversation=its.conversation,
        queue=its_queue,
        line=line(its_queue, language=language, tone=tone, needs_trust=needs_trust),
        promise_at=promise_at,
        opened_at=its.received_at,
        **more,
    )
    counters.add([counters.waiting(waiting.queue_id, 1)], at=NOON)
    return waiting


BODY = (
    "[[greeting]]\n\nYour card number was not reached.\n\n[[own line]]\n\nWith care,\n[[sign-off]]"
)


def version(
    body: str = BODY, *, label: str = "other", language: str = "en", state: str = "approved"
) -> ResponseVersion:
    """A version of an answer, written by Wim and approved by Leo."""
    number = next(_numbers)
    response = Response.objects.create(
        key=f"answer-{number}", name=f"Answer {number}", label=label, language=language
    )
    return ResponseVersion.objects.create(
        response=response,
        number=1,
        state=state,
        body=body,
        author=user("Wim", "support"),
        written_at=NOON,
        approved_by=user("Leo", "approver"),
        approved_at=NOON,
    )
