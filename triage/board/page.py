"""Everything the board shows at one moment, gathered in as few statements as it takes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from triage.board.attention import REVIEW, Item, attention, reviews_by_queue
from triage.board.chart import Chart, Spark, draw, spark
from triage.board.numbers import Numbers, QueueLine, numbers
from triage.queues.flow import Flow, flow
from triage.queues.forecast import people_needed
from triage.queues.proposals import Load, Proposal, propose


@dataclass(frozen=True, kw_only=True)
class ShownLine:
    """One queue's row with its small chart."""

    line: QueueLine
    spark: Spark


@dataclass(frozen=True, kw_only=True)
class ShownProposal:
    """A proposal with the moments it speaks of; None is "not in sight"."""

    move: Proposal
    clear_at: datetime | None
    else_at: datetime | None
    giver_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Page:
    """The board at one moment."""

    numbers: Numbers
    lines: tuple[ShownLine, ...]
    items: tuple[Item, ...]
    late: tuple[QueueLine, ...]
    proposals: tuple[ShownProposal, ...]
    chart: Chart

    @property
    def nothing_waits(self) -> bool:
        """Tells whether nothing needs a supervisor now."""
        return not (self.items or self.late)


def page(*, at: datetime) -> Page:
    """Gives the board at `at`."""
    items = attention(at=at)
    board = numbers(flow=flow(at=at), in_review=reviews_by_queue(items))
    return Page(
        numbers=board,
        lines=tuple(ShownLine(line=line, spark=spark(line.trend)) for line in board.queues),
        items=_review_once(items),
        late=board.late,
        proposals=tuple(shown(move, at=at) for move in propose(loads(board))),
        chart=draw(board.hours),
    )


def _review_once(items: Iterable[Item]) -> tuple[Item, ...]:
    """The answers in review of all queues are one thing to look at, not one for each."""
    told = list(items)
    reviews = [item for item in told if item.kind == REVIEW]
    others = [item for item in told if item.kind != REVIEW]
    if not reviews:
        return tuple(others)
    whole = Item(
        kind=REVIEW,
        ref=0,
        number=sum(item.number for item in reviews),
        of=sum(item.of for item in reviews),
        since=min((item.since for item in reviews if item.since), default=None),
        who="",
        words="",
    )
    return (*others, whole)


def loads(board: Numbers) -> list[Load]:
    """Gives the open queues that take part in rebalancing, with the pace of a pair of hands.

    Who serves every queue is shared out like the answers of the last hour; a queue without
    answers is taken to go at the pace of all of them.
    """
    lines = [line for line in board.queues if not (line.is_lane or line.is_paused)]
    out = sum(line.went_out_hour for line in lines)
    anywhere = board.people - sum(line.hands for line in lines)
    usual = out / max(1, board.people)
    return [_load(line, usual, max(0.0, anywhere), out, len(lines)) for line in lines]


def _load(line: QueueLine, usual: float, anywhere: float, out: int, queues: int) -> Load:
    share = line.went_out_hour / out if out else 1 / queues
    hands = line.hands + anywhere * share
    each = line.went_out_hour / hands if line.went_out_hour and hands else usual
    return Load(
        queue_id=line.id,
        name=line.name,
        waiting=line.waiting,
        came_in=line.came_in_hour,
        each=each,
        hands=hands,
        movable=line.movable,
        min_people=line.min_people,
        target_people=line.target_people,
    )


def shown(move: Proposal, *, at: datetime) -> ShownProposal:
    """Gives a proposal with clock times."""
    return ShownProposal(
        move=move,
        clear_at=_moment(move.taker_after, at),
        else_at=_moment(move.taker, at),
        giver_at=_moment(move.giver_after, at),
    )


def _moment(load: Load, at: datetime) -> datetime | None:
    return at + load.clear_in if load.is_in_sight else None


def needed(*, by: datetime, at: datetime) -> tuple[int | None, Flow]:
    """Gives how many people answer everything by a time, and the flow that says so."""
    now = flow(at=at)
    people = people_needed(
        waiting=now.open_now(),
        hours=now.flow_of(),
        people_now=now.headcount.everybody,
        by=by,
        at=at,
    )
    return people, now
