"""The promise, counted: every mail that reached us, and what became of it."""

from collections import Counter as Tally
from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    QuerySet,
    Sum,
    Value,
    When,
)

from inbox.models import Arrival, Folder, Mailbox, Message, OutboundMessage
from triage.queues.flow import flow
from triage.queues.forecast import Forecast
from triage.queues.models import Outcome, Queue, Ticket
from triage.replies.models import Reply

UNPLACED = "unplaced"
# Two names for what the arrivals say; the keys beside them come from messages and outcomes.
_PARSED, _RAW = "arrivals parsed", "arrivals raw"
_State = Arrival.State
_SET_ASIDE = [_State.QUARANTINED, _State.DISCARDED]


@dataclass(frozen=True)
class MailboxBooks:
    """One mailbox in arrivals; `missing` is listed but not fetched."""

    address: str
    on_server: int
    before_start: int
    seen: int
    stored: int
    quarantined: int
    missing: int


@dataclass(frozen=True)
class MessageBooks:
    """Distinct mails: what came, and where each of them is now."""

    received: int
    waiting: int
    machine: int
    open: int
    answered: int
    covered: int
    answered_elsewhere: int
    handed_over: int
    no_reply_needed: int
    undeliverable: int
    quarantined: int


@dataclass(frozen=True)
class ReplyBooks:
    """Our answers by where they are."""

    draft: int
    in_review: int
    queued: int
    sending: int
    sent: int
    rejected: int
    unknown: int
    bounced: int


@dataclass(frozen=True)
class Ledger:
    """All books at one moment; `unexplained` is what does not add up."""

    mailboxes: tuple[MailboxBooks, ...]
    messages: MessageBooks
    unexplained: int
    replies: ReplyBooks
    oldest_open_at: datetime | None
    forecast: Forecast | None

    def to_json(self) -> dict[str, Any]:
        """The object that `ledger --json` prints: times as ISO 8601."""
        told = asdict(self)
        told["forecast"] = told["forecast"] or {"clear_at": None, "low": None, "high": None}
        return {key: _plain(value) for key, value in told.items()}


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    return value


def ledger(*, at: datetime) -> Ledger:
    """Counts everything now."""
    messages, unexplained = _messages()
    return Ledger(
        mailboxes=_mailboxes(),
        messages=messages,
        unexplained=unexplained,
        replies=_replies(),
        oldest_open_at=_oldest_open(),
        forecast=flow(at=at).forecast(waiting=messages.open + messages.handed_over),
    )


def _mailboxes() -> tuple[MailboxBooks, ...]:
    counts: dict[int, Tally[str]] = defaultdict(Tally)
    rows = Arrival.objects.filter(folder__is_current=True).values_list("folder__mailbox", "state")
    for mailbox_id, state, count in rows.annotate(count=Count("pk")).order_by():
        counts[mailbox_id][state] += count
    before = dict(
        Folder.objects.filter(is_current=True)
        .values_list("mailbox")
        .annotate(before=Sum("before_start"))
        .order_by()
    )
    boxes = Mailbox.objects.order_by("address").values_list("pk", "address")
    return tuple(_books(address, before.get(pk, 0), counts[pk]) for pk, address in boxes)


def _books(address: str, before_start: int, states: Tally[str]) -> MailboxBooks:
    stored = states[_State.STORED] + states[_State.PARSED]
    set_aside = sum(states[state] for state in _SET_ASIDE)
    seen = stored + set_aside + states[_State.LISTED]
    return MailboxBooks(
        address=address,
        on_server=before_start + seen,
        before_start=before_start,
        seen=seen,
        stored=stored,
        quarantined=set_aside,
        missing=seen - stored - set_aside,
    )


def _messages() -> tuple[MessageBooks, int]:
    """Counts arrivals and messages apart, in one statement and so at one moment.

    A mail without a place, a place without a mail, and a mail in two places all show up as
    unexplained.
    """
    counts: Tally[str] = Tally()
    parts = [_arrived(), _raw_only(), _ended(), _not_ended(), *_waiting_raw()]
    for name, count in parts[0].union(*parts[1:], all=True):
        counts[name] += count
    received = counts.pop(_PARSED, 0) + counts.pop(_RAW, 0)
    unplaced = counts.pop(UNPLACED, 0)
    unexplained = unplaced + abs(received - unplaced - counts.total())
    names = [name for name in MessageBooks.__dataclass_fields__ if name != "received"]
    placed = {name: counts.pop(name, 0) for name in names}
    return MessageBooks(received=received, **placed), unexplained + counts.total()


_Counted = QuerySet[Any, tuple[str, int]]


def _counted(rows: QuerySet[Any], name: Any, what: Count) -> _Counted:  # noqa: ANN401 - expression
    named = rows.annotate(books_name=name).values("books_name").order_by()
    counted: _Counted = named.annotate(books_count=what).values_list("books_name", "books_count")
    return counted


def _text(name: str) -> Value:
    return Value(name, output_field=CharField())


def _arrived() -> _Counted:
    parsed = Arrival.objects.filter(message__isnull=False)
    return _counted(parsed, _text(_PARSED), Count("message_id", distinct=True))


def _without_message() -> QuerySet[Arrival]:
    """Deliveries of bytes that no message stands for, also not through another delivery."""
    same_bytes = Arrival.objects.filter(raw_sha256=OuterRef("raw_sha256"), message__isnull=False)
    return Arrival.objects.filter(~Exists(same_bytes), message__isnull=True).exclude(raw_sha256="")


def _raw_only() -> _Counted:
    return _counted(_without_message(), _text(_RAW), Count("raw_sha256", distinct=True))


def _waiting_raw() -> list[_Counted]:
    """Bytes of which one delivery waits are waiting, whatever became of another delivery."""
    raws = Count("raw_sha256", distinct=True)
    waits = Arrival.objects.filter(raw_sha256=OuterRef("raw_sha256"), state=_State.STORED)
    waiting = _without_message().filter(state=_State.STORED)
    set_aside = _without_message().filter(~Exists(waits), state__in=_SET_ASIDE)
    return [
        _counted(waiting, _text("waiting"), raws),
        _counted(set_aside, _text("quarantined"), raws),
    ]


def _ended() -> _Counted:
    return _counted(Outcome.objects.all(), F("kind"), Count("pk"))


def _not_ended() -> _Counted:
    active = [Ticket.State.OPEN, Ticket.State.ANSWERING]
    place = Case(
        When(due_at__isnull=False, then=_text("waiting")),
        When(
            conversation__ticket__state__in=active,
            conversation__ticket__queue__kind=Queue.Kind.LANE,
            then=_text("handed_over"),
        ),
        When(conversation__ticket__state__in=active, then=_text("open")),
        default=_text(UNPLACED),
    )
    return _counted(Message.objects.filter(outcome__isnull=True), place, Count("pk"))


def _replies() -> ReplyBooks:
    counts: Tally[str] = Tally()
    for state, outbound, count in (
        Reply.objects.values_list("state", "outbound__state").annotate(count=Count("pk")).order_by()
    ):
        counts[outbound if state == Reply.State.RELEASED else state] += count
    assert set(OutboundMessage.State.values) | {"draft", "in_review"} >= set(counts)
    return ReplyBooks(**{name: counts[name] for name in ReplyBooks.__dataclass_fields__})


def _oldest_open() -> datetime | None:
    message = Message.objects.filter(outcome__isnull=True).aggregate(at=Min("received_at"))["at"]
    waiting = Arrival.objects.filter(state=_State.STORED).aggregate(at=Min("internal_date"))["at"]
    return min((moment for moment in (message, waiting) if moment), default=None)
