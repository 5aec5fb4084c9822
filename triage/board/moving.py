"""What a move of people would change, before anybody makes it."""

from dataclasses import dataclass
from datetime import datetime

from triage.accounts.models import User
from triage.board.numbers import numbers
from triage.board.page import ShownProposal, loads, shown
from triage.queues import counters
from triage.queues.flow import flow, movable_ids
from triage.queues.models import Counter, Queue
from triage.queues.proposals import effect

NAMES_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The effect of a move, and who would go; `short` says that fewer are there than asked for."""

    proposal: ShownProposal
    names: tuple[str, ...]
    more: int
    short: bool


@dataclass(frozen=True, kw_only=True)
class OpenQueue:
    """A queue that people can be moved to, with how many wait in it."""

    id: int
    name: str
    waiting: int


def open_queues(*, at: datetime) -> tuple[OpenQueue, ...]:
    """Gives the queues that anybody can be moved to, in two statements."""
    sums = counters.read(at=at)
    return tuple(
        OpenQueue(id=queue.pk, name=queue.name, waiting=sums[queue.pk, Counter.Measure.WAITING])
        for queue in Queue.objects.filter(kind=Queue.Kind.OPEN)
    )


def preview(*, giver: int, taker: int, people: int, at: datetime) -> Preview | None:
    """Gives what moving so many people would change; None when nobody there can be moved."""
    user_ids = movable_ids(queue_id=giver, at=at)[:people]
    by_id = {load.queue_id: load for load in loads(numbers(flow=flow(at=at), in_review={}))}
    if not user_ids or giver not in by_id or taker not in by_id or giver == taker:
        return None
    shown_users = User.objects.in_bulk(user_ids[:NAMES_SHOWN])
    return Preview(
        proposal=shown(effect(by_id[giver], by_id[taker], len(user_ids)), at=at),
        names=tuple(shown_users[key].get_full_name() for key in user_ids[:NAMES_SHOWN]),
        more=max(0, len(user_ids) - NAMES_SHOWN),
        short=len(user_ids) < people,
    )
