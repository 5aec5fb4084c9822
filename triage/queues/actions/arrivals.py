"""Emails that reach the queues: a batch opens, re-opens and moves tickets in few statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Count

from inbox.models import Conversation, Message
from triage.queues import counters, routing
from triage.queues.actions.claims import put_down
from triage.queues.actions.outcomes import ASKING
from triage.queues.hardship import EMAILS, EXPERIENCED, hard_because
from triage.queues.lines import LineKey
from triage.queues.models import Queue, Ticket
from triage.queues.places import key_of, line_ids
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
    language: str = ""
    tone: str = "neutral"
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
    places: list[tuple[Ticket, LineKey]] = field(default_factory=list)
    deltas: list[counters.Delta] = field(default_factory=list)


@dataclass(frozen=True)
class _Around:
    """What a plan looks up: the queues by key, and how often who wrote without an answer."""

    queues: dict[str, Queue]
    unanswered: dict[int, int]


_WRITTEN = [
    *("queue", "line", "urgency", "state", "promise_at", "opened_at", "closed_at", "lapses"),
    *("reopenings", "hard_because", "routed_version", "holder", "held_since", "held_until"),
]


def open_tickets(*, arrived: Sequence[Arrived], at: datetime) -> Opened:
    """Gives each conversation of the batch its open ticket: new, open again, or as it stood.

    An email in a conversation that already waits keeps the older place; one that is being answered
    is opened when that answer is settled. A phrase of risk or a correction moves the ticket; who
    wrote three times without an answer goes to the experienced. Seven statements whatever the
    size. Call it inside the transaction that takes the messages over; it leaves no event of its
    own, the batch does.
    """
    conversation_ids = sorted({arrival.conversation_id for arrival in arrived})
    # One conversation in two batches at once: the later one waits here and then finds the ticket.
    locked = Conversation.objects.filter(pk__in=conversation_ids).order_by("pk")
    list(locked.select_for_update(no_key=True).values_list("pk", flat=True))
    tickets = {
        ticket.conversation_id: ticket
        for ticket in Ticket.objects.filter(conversation_id__in=conversation_ids)
        .order_by("pk")
        .select_related("line")
        .select_for_update(of=("self",))
    }
    around = _Around(
        queues={queue.key: queue for queue in Queue.objects.all()},
        unanswered=_wrote_often(conversation_ids),
    )
    changes = _Changes()
    for conversation_id, arrivals in _by_conversation(arrived):
        _plan(changes, tickets.get(conversation_id), arrivals, around, at=at)
    _write(changes, at=at)
    return Opened(len(changes.new), len(changes.reopened), len(changes.moved))


def _wrote_often(conversation_ids: Collection[int]) -> dict[int, int]:
    """How many unanswered emails there are, where there are many in one conversation."""
    asking = Message.objects.filter(
        conversation_id__in=conversation_ids, kind__in=ASKING, outcome__isnull=True
    )
    counted = asking.order_by().values_list("conversation_id").annotate(emails=Count("pk"))
    return dict(counted.filter(emails__gte=EMAILS))


def _by_conversation(arrived: Iterable[Arrived]) -> Iterable[tuple[int, list[Arrived]]]:
    together: dict[int, list[Arrived]] = defaultdict(list)
    for arrival in sorted(arrived, key=lambda each: each.message_id):
        together[arrival.conversation_id].append(arrival)
    return together.items()


def _plan(
    changes: _Changes,
    ticket: Ticket | None,
    arrivals: list[Arrived],
    around: _Around,
    *,
    at: datetime,
) -> None:
    fresh = [arrival for arrival in arrivals if not arrival.again]
    deciding = next((each for each in arrivals if each.route.by_risk), arrivals[-1])
    queue = around.queues.get(deciding.route.queue_key) or around.queues[routing.UNSORTED]
    if ticket is None or ticket.state == Ticket.State.CLOSED:
        if fresh:
            _open(changes, ticket, fresh, deciding, queue, at=at)
            _spare_newcomers(changes, changes.places[-1][0], around)
    elif deciding.again or deciding.route.by_risk:
        _move(changes, ticket, queue, deciding, at=at)
        _spare_newcomers(changes, ticket, around)
    elif ticket.conversation_id in around.unanswered and not ticket.hard_because:
        changes.moved.append(ticket)
        changes.places.append((ticket, key_of(ticket.line)))
        _spare_newcomers(changes, ticket, around)


def _open(
    changes: _Changes,
    ticket: Ticket | None,
    fresh: list[Arrived],
    deciding: Arrived,
    queue: Queue,
    *,
    at: datetime,
) -> None:
    """A new ticket, or a closed one that keeps nothing of its former place."""
    since = min(min(arrival.received_at for arrival in fresh), at)
    changed = changes.reopened if ticket else changes.new
    reopenings = ticket.reopenings + 1 if ticket else 0
    ticket = ticket or Ticket(conversation_id=fresh[0].conversation_id)
    ticket.queue = queue
    ticket.urgency = deciding.route.urgency
    ticket.state = Ticket.State.OPEN
    ticket.opened_at = since
    ticket.promise_at = routing.promised_at(
        received_at=since, at=at, promise_minutes=queue.promise_minutes
    )
    ticket.closed_at = None
    ticket.lapses = 0
    ticket.reopenings = reopenings
    ticket.hard_because = ""
    ticket.routed_version = deciding.classification_version
    changed.append(ticket)
    changes.places.append((ticket, _key(queue, deciding)))
    changes.deltas += [counters.waiting(queue.pk, 1), counters.came_in(queue.pk)]


def _move(
    changes: _Changes, ticket: Ticket, queue: Queue, deciding: Arrived, *, at: datetime
) -> None:
    """Into another queue, place kept, and no danger is forgotten.

    Who holds it keeps it, but for a lane: there it leaves their hands, with the draft kept.
    """
    was_held = ticket.holder_id is not None
    if queue.is_lane and queue.pk != ticket.queue_id and ticket.holder_id is not None:
        put_down(user_id=ticket.holder_id, at=at)
        ticket.holder = ticket.held_since = ticket.held_until = None
    if ticket.state == Ticket.State.OPEN:
        before = counters.held if was_held else counters.waiting
        after = counters.held if ticket.holder_id is not None else counters.waiting
        changes.deltas += [before(ticket.queue_id, -1), after(queue.pk, 1)]
    ticket.queue = queue
    ticket.urgency = min(ticket.urgency, deciding.route.urgency)
    ticket.routed_version = deciding.classification_version
    changes.moved.append(ticket)
    changes.places.append(
        (ticket, replace(_key(queue, deciding), needs_trust=ticket.line.needs_trust))
    )


def _key(queue: Queue, arrival: Arrived) -> LineKey:
    return LineKey(queue_id=queue.pk, language=arrival.language, tone=arrival.tone)


def _spare_newcomers(changes: _Changes, ticket: Ticket, around: _Around) -> None:
    """Sends who wrote often, or came back often, to somebody experienced."""
    unanswered = around.unanswered.get(ticket.conversation_id, 0)
    because = hard_because(unanswered=unanswered, reopenings=ticket.reopenings)
    if because is None:
        return
    ticket.hard_because = because
    _same, key = changes.places.pop()
    changes.places.append(
        (ticket, replace(key, needs_trust=max(key.needs_trust, int(EXPERIENCED))))
    )


def _write(changes: _Changes, *, at: datetime) -> None:
    ids = line_ids(key for _ticket, key in changes.places)
    for ticket, key in changes.places:
        ticket.line_id = ids[key]
    Ticket.objects.bulk_create(changes.new)
    Ticket.objects.bulk_update(changes.reopened + changes.moved, _WRITTEN)
    counters.add(changes.deltas, at=at)
