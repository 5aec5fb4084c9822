"""Emails that reach the queues: a batch opens, re-opens and moves tickets in few statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from inbox.models import Conversation
from triage.queues import counters, routing
from triage.queues.models import Queue, Ticket
from triage.queues.routing import Route


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """One email that asks for a person: where it is to wait, and whether it was looked at before.

    `again` is an email whose classification was corrected: it moves its ticket and opens none.
    """

    message_id: int
    conversation_id: int
    received_at: datetime
    route: Route
    classification_version: int
    again: bool = False


@dataclass(frozen=True)
class Opened:
    """What a batch did, in tickets."""

    opened: int = 0
    reopened: int = 0
    moved: int = 0


@dataclass
class _Changes:
    """What a batch is going to write."""

    new: list[Ticket] = field(default_factory=list)
    reopened: list[Ticket] = field(default_factory=list)
    moved: list[Ticket] = field(default_factory=list)
    deltas: list[counters.Delta] = field(default_factory=list)


_WRITTEN = ["queue", "state", "promise_at", "opened_at", "closed_at", "lapses", "routed_version"]


def open_tickets(*, arrived: Sequence[Arrived], at: datetime) -> Opened:
    """Gives each conversation of the batch its open ticket: new, open again, or as it stood.

    An email in a conversation that already waits keeps the older place; one that is being answered
    is opened when that answer is settled. A phrase of risk or a correction moves the ticket. Five
    statements whatever the size. Call it inside the transaction that takes the messages over; it
    leaves no event of its own, the batch does.
    """
    conversation_ids = sorted({arrival.conversation_id for arrival in arrived})
    # One conversation in two batches at once: the later one waits here and then finds the ticket.
    locked = Conversation.objects.filter(pk__in=conversation_ids).order_by("pk")
    list(locked.select_for_update(no_key=True).values_list("pk", flat=True))
    tickets = {
        ticket.conversation_id: ticket
        for ticket in Ticket.objects.filter(conversation_id__in=conversation_ids)
        .order_by("pk")
        .select_for_update()
    }
    queues = {queue.key: queue for queue in Queue.objects.all()}
    changes = _Changes()
    for conversation_id, arrivals in _by_conversation(arrived):
        _plan(changes, tickets.get(conversation_id), arrivals, queues, at=at)
    _write(changes, at=at)
    return Opened(len(changes.new), len(changes.reopened), len(changes.moved))


def _by_conversation(arrived: Iterable[Arrived]) -> Iterable[tuple[int, list[Arrived]]]:
    together: dict[int, list[Arrived]] = defaultdict(list)
    for arrival in sorted(arrived, key=lambda each: each.message_id):
        together[arrival.conversation_id].append(arrival)
    return together.items()


def _plan(
    changes: _Changes,
    ticket: Ticket | None,
    arrivals: list[Arrived],
    queues: dict[str, Queue],
    *,
    at: datetime,
) -> None:
    fresh = [arrival for arrival in arrivals if not arrival.again]
    deciding = next((each for each in arrivals if each.route.by_risk), arrivals[-1])
    queue = queues.get(deciding.route.queue_key) or queues[routing.UNSORTED]
    if ticket is not None and ticket.state != Ticket.State.CLOSED:
        if deciding.again or deciding.route.by_risk:
            _move(changes, ticket, queue, deciding.classification_version)
    elif fresh:
        _open(changes, ticket, fresh, queue, deciding.classification_version, at=at)


def _open(
    changes: _Changes,
    ticket: Ticket | None,
    fresh: list[Arrived],
    queue: Queue,
    version: int,
    *,
    at: datetime,
) -> None:
    """A new ticket, or a closed one that keeps nothing of its former place."""
    since = min(min(arrival.received_at for arrival in fresh), at)
    changed = changes.reopened if ticket else changes.new
    ticket = ticket or Ticket(conversation_id=fresh[0].conversation_id)
    ticket.queue = queue
    ticket.state = Ticket.State.OPEN
    ticket.opened_at = since
    ticket.promise_at = routing.promised_at(
        received_at=since, at=at, promise_minutes=queue.promise_minutes
    )
    ticket.closed_at = None
    ticket.lapses = 0
    ticket.routed_version = version
    changed.append(ticket)
    changes.deltas += [counters.waiting(queue.pk, 1), counters.came_in(queue.pk)]


def _move(changes: _Changes, ticket: Ticket, queue: Queue, version: int) -> None:
    """Into another queue, place kept; who holds it keeps it."""
    if ticket.state == Ticket.State.OPEN:
        delta = counters.held if ticket.holder_id else counters.waiting
        changes.deltas += [delta(ticket.queue_id, -1), delta(queue.pk, 1)]
    ticket.queue = queue
    ticket.routed_version = version
    changes.moved.append(ticket)


def _write(changes: _Changes, *, at: datetime) -> None:
    Ticket.objects.bulk_create(changes.new)
    Ticket.objects.bulk_update(changes.reopened + changes.moved, _WRITTEN)
    counters.add(changes.deltas, at=at)
