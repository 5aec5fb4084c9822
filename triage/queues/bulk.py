"""The step that moves and relabels frozen selections of emails, batch by batch, and undoes it.

Each batch commits whole: a worker that dies between two loses nothing and does nothing twice.
"""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count

from inbox.claims import claim_due
from inbox.failpoints import failpoint
from triage.audit.actions import Step, record
from triage.classification.actions import correct_all
from triage.classification.models import Classification
from triage.queues import counters
from triage.queues.models import BulkMove, BulkMoveItem, Ticket
from triage.queues.places import twins

BATCH = 200
HOLD = timedelta(minutes=2)
State = BulkMove.State
Item = BulkMoveItem.State


@dataclass
class _Batch:
    """The items of one batch by what becomes of them."""

    done: list[BulkMoveItem] = field(default_factory=list)
    held: list[BulkMoveItem] = field(default_factory=list)
    gone: list[BulkMoveItem] = field(default_factory=list)


def move(*, at: datetime) -> int:
    """Does one batch of the selection that waits longest; says how many emails it looked at."""
    due = BulkMove.objects.filter(due_at__isnull=False)
    for bulk in claim_due(due, at=at, limit=1, hold=HOLD):
        looked_at = _do_batch(bulk.pk, at=at)
        failpoint("move.after_commit")
        return max(1, looked_at)
    return 0


@transaction.atomic
def _do_batch(bulk_id: int, *, at: datetime) -> int:
    bulk = BulkMove.objects.select_for_update(of=("self",)).get(pk=bulk_id)
    if bulk.state not in (State.RUNNING, State.UNDOING):
        return 0
    is_undo = bulk.state == State.UNDOING
    of_state = Item.DONE if is_undo else Item.WAITING
    items = list(bulk.items.filter(state=of_state).order_by("pk")[:BATCH])
    batch = _sorted(bulk, items, is_undo=is_undo)
    if bulk.to_queue_id is not None:
        _put(bulk, batch.done, is_undo=is_undo, at=at)
    else:
        _relabel(bulk, batch.done, is_undo=is_undo, at=at)
    _write(batch, done=Item.UNDONE if is_undo else Item.DONE)
    if len(items) < BATCH:
        bulk.state, bulk.finished_at = (State.UNDONE if is_undo else State.DONE), at
    bulk.due_at = at if len(items) == BATCH else None
    bulk.save(update_fields=["state", "due_at", "finished_at"])
    if items:
        _tell(bulk, batch, items, is_undo=is_undo, at=at)
    failpoint("move.before_commit")
    return len(items)


def _sorted(bulk: BulkMove, items: Sequence[BulkMoveItem], *, is_undo: bool) -> _Batch:
    """Locks the emails and says which can be done: not those that are held, answered or moved."""
    ids = [item.ticket_id for item in items]
    tickets = Ticket.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))
    found = {ticket.pk: ticket for ticket in tickets}
    batch = _Batch()
    for item in items:
        ticket = found[item.ticket_id]
        item.ticket = ticket
        expected = bulk.to_queue_id if is_undo and bulk.to_queue_id else item.from_queue_id
        stays = bulk.to_queue_id is None or ticket.queue_id == expected
        if ticket.state != Ticket.State.OPEN or not stays:
            batch.gone.append(item)
        elif ticket.holder_id is not None:
            batch.held.append(item)
        else:
            batch.done.append(item)
    return batch


def _put(bulk: BulkMove, items: Sequence[BulkMoveItem], *, is_undo: bool, at: datetime) -> None:
    """Each email's place in time stays; only its queue and line change."""
    by_queue: dict[int, list[Ticket]] = defaultdict(list)
    for item in items:
        target = item.from_queue_id if is_undo else bulk.to_queue_id
        assert target is not None
        by_queue[target].append(item.ticket)
    deltas: list[counters.Delta] = []
    for queue_id, tickets in by_queue.items():
        by_line: dict[int, list[int]] = defaultdict(list)
        for ticket in tickets:
            by_line[ticket.line_id].append(ticket.pk)
            deltas += [
                counters.waiting(ticket.queue_id, -1),
                counters.waiting(queue_id, 1),
            ]
        for old, new in twins(by_line, queue_id=queue_id).items():
            Ticket.objects.filter(pk__in=by_line[old]).update(queue_id=queue_id, line_id=new)
    counters.add(deltas, at=at)


def _relabel(bulk: BulkMove, items: Sequence[BulkMoveItem], *, is_undo: bool, at: datetime) -> None:
    """The sorter's say on what is not answered yet is corrected; intake then moves the emails."""
    conversations = {item.ticket.conversation_id: item for item in items}
    said = Classification.objects.filter(
        message__conversation_id__in=conversations, message__outcome__isnull=True
    ).select_related("message")
    wanted: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in said.order_by("message_id"):
        item = conversations[row.message.conversation_id]
        if not is_undo:
            item.was_topic, item.was_tone = row.topic, row.tone
        key = (item.was_topic, item.was_tone) if is_undo else (bulk.topic, bulk.tone)
        wanted[key].append(row.message_id)
    for (topic, tone), message_ids in wanted.items():
        correct_all(
            message_ids=message_ids, topic=topic, tone=tone, by_user_id=bulk.made_by_id, at=at
        )


def _write(batch: _Batch, *, done: BulkMoveItem.State) -> None:
    for items, state in ((batch.done, done), (batch.held, Item.HELD), (batch.gone, Item.GONE)):
        for item in items:
            item.state = state
    every = [*batch.done, *batch.held, *batch.gone]
    BulkMoveItem.objects.bulk_update(every, ["state", "was_topic", "was_tone"])


def _tell(
    bulk: BulkMove, batch: _Batch, items: Sequence[BulkMoveItem], *, is_undo: bool, at: datetime
) -> None:
    """One event for the batch: how many, and between which ids they lie."""
    record(
        action="emails.move_back" if is_undo else "emails.move",
        by=Step("move"),
        at=at,
        subject=bulk,
        detail={
            "count": len(batch.done),
            "first": min(item.ticket_id for item in items),
            "last": max(item.ticket_id for item in items),
            "held": [item.ticket_id for item in batch.held],
            "gone": len(batch.gone),
            "for": bulk.made_by_id,
        },
        operation_id=f"bulk-{bulk.pk}",
    )


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a selection is, and which emails were left because somebody holds them."""

    done: int
    held: int
    gone: int
    undone: int
    waiting: int
    total: int
    held_tickets: tuple[Ticket, ...]

    @property
    def to_undo(self) -> int:
        """Gives how many were to come back."""
        return self.done + self.undone

    @property
    def looked_at(self) -> int:
        """Gives how many emails were dealt with."""
        return self.total - self.waiting


def progress(bulk: BulkMove) -> Progress:
    """Gives how far it is, in two statements."""
    counted = bulk.items.values_list("state").annotate(number=Count("pk")).order_by()
    states: Tally[str] = Tally(dict(counted))
    held = bulk.items.filter(state=Item.HELD).order_by("pk").values("ticket")[:50]
    tickets = Ticket.objects.filter(pk__in=held).select_related("conversation", "holder")
    return Progress(
        done=states[Item.DONE],
        held=states[Item.HELD],
        gone=states[Item.GONE],
        undone=states[Item.UNDONE],
        waiting=states[Item.WAITING],
        total=bulk.total,
        held_tickets=tuple(tickets),
    )
