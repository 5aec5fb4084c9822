"""What the support team reads: who wrote, in which conversation, how it came, what we said."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from inbox.models import Attachment, Conversation, Message
from triage.accounts.policy import Act, Actor, Subject, may
from triage.queues.lanes import hand_overs_of, lane_subject, notes_of
from triage.queues.models import (
    HandBackReason,
    HandOver,
    HandOverReason,
    LaneNote,
    Queue,
    Ticket,
)
from triage.queues.serving import served_by
from triage.replies.models import Reply

PAGE = 50
# A conversation longer than this is shown from its newest email back.
LONGEST_SHOWN = 100


@dataclass(frozen=True, kw_only=True)
class Line:
    """One conversation in the list; `state` is that of its ticket, empty while nobody sorted it."""

    id: int
    customer_name: str
    customer_address: str
    subject: str
    words: str
    last_received_at: datetime
    emails: int
    state: str
    queue_key: str
    queue_name: str
    label: str


@dataclass(frozen=True, kw_only=True)
class ShownEmail:
    """One email of the person, and how it came: into which mailbox, how many times."""

    id: int
    sender: str
    text: str
    new_text: str
    has_html: bool
    automatic: bool
    received_at: datetime
    attachments: tuple[Attachment, ...]
    mailbox: str
    times: int


@dataclass(frozen=True, kw_only=True)
class Page:
    """One conversation: its emails and our answers, oldest first."""

    conversation: Conversation
    ticket: Ticket | None
    label: str
    emails: tuple[ShownEmail, ...]
    answers: tuple[Reply, ...]
    claims: Conversation | None


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What stands beside a conversation about lanes, as one person may see it."""

    ticket_id: int
    lane: str
    due_at: datetime | None
    hand_overs: tuple[HandOver, ...]
    may_hand_over: bool
    may_hand_back: bool
    may_note: bool
    notes: tuple[LaneNote, ...]
    over_reasons = HandOverReason.choices
    back_reasons = HandBackReason.choices


def visible_to(actor: Actor) -> QuerySet[Conversation]:
    """Gives the conversations this person may browse: lanes only to those who serve them."""
    rows = Conversation.objects.all()
    if actor.has("supervisor"):
        return rows
    served = served_by(actor.id, is_support=True)
    foreign = Q(ticket__queue__kind=Queue.Kind.LANE) & ~Q(ticket__queue__in=served)
    return rows.exclude(foreign)


def list_page(
    *, actor: Actor, before_id: int | None, only_open: bool, address: str
) -> tuple[Line, ...]:
    """Gives up to 50 conversations, the newest first, in three statements.

    `before_id` is the last one of the page before; `address` narrows to one sender.
    """
    rows = visible_to(actor).select_related("ticket__queue")
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    if only_open:
        rows = rows.filter(Q(ticket__state=Ticket.State.OPEN) | Q(ticket__isnull=True))
    if address:
        rows = rows.filter(customer_address=address.strip().lower())
    newest = Message.objects.filter(conversation=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    chosen = list(
        rows.annotate(newest=Subquery(newest), emails=Count("messages")).order_by("-pk")[:PAGE]
    )
    messages = Message.objects.select_related("classification").in_bulk(
        [row.newest for row in chosen if row.newest]
    )
    return tuple(_line(row, messages[row.newest], row.emails) for row in chosen if row.newest)


def _line(conversation: Conversation, newest: Message, emails: int) -> Line:
    ticket = _ticket(conversation)
    return Line(
        id=conversation.pk,
        customer_name=conversation.customer_name,
        customer_address=conversation.customer_address,
        subject=conversation.subject,
        words=" ".join(newest.new_text[:400].split())[:160],
        last_received_at=newest.received_at,
        emails=emails,
        state=ticket.state if ticket else "",
        queue_key=ticket.queue.key if ticket else "",
        queue_name=ticket.queue.name if ticket else "",
        label=_label(newest),
    )


def _ticket(conversation: Conversation) -> Ticket | None:
    try:
        return conversation.ticket
    except ObjectDoesNotExist:
        return None


def _label(message: Message) -> str:
    try:
        said = message.classification
    except ObjectDoesNotExist:
        return ""
    return said.label if said.confident else "unsorted"


def subject_of(conversation: Conversation, *, actor: Actor, at: datetime) -> Subject:
    """Gives the conversation as the policy sees it: who holds it now, and whose lane it is in."""
    ticket = _ticket(conversation)
    if ticket is None:
        return Subject(kind="conversation")
    held = ticket.held_until is not None and ticket.held_until > at
    is_lane = ticket.queue.kind == Queue.Kind.LANE
    serves = is_lane and ticket.queue_id in served_by(actor.id, is_support=actor.has("support"))
    return Subject(
        kind="conversation",
        holder_id=ticket.holder_id if held else None,
        is_lane=is_lane,
        serves=frozenset({actor.id}) if serves else frozenset(),
    )


def page_of(conversation: Conversation) -> Page:
    """Gives the conversation's page, in five statements."""
    newest = (
        Message.objects.filter(conversation=conversation)
        .select_related("mailbox", "classification", "claims_to_continue")
        .prefetch_related("attachments")
        .annotate(times=Count("arrivals"))
        .order_by("-received_at", "-pk")[:LONGEST_SHOWN]
    )
    messages = list(reversed(newest))
    ticket = _ticket(conversation)
    answers = Reply.objects.filter(ticket=ticket, state=Reply.State.RELEASED)
    return Page(
        conversation=conversation,
        ticket=ticket,
        label=_label(messages[-1]) if messages else "",
        emails=tuple(_shown(message) for message in messages),
        answers=tuple(answers.select_related("author", "outbound").order_by("released_at")),
        claims=next((row.claims_to_continue for row in messages if row.claims_to_continue), None),
    )


def beside_of(conversation: Conversation, *, actor: Actor) -> Beside | None:
    """Gives what stands beside a conversation about lanes, in four statements at most."""
    ticket = _ticket(conversation)
    if ticket is None:
        return None
    subject = lane_subject(ticket, by=actor)
    is_open = ticket.state == Ticket.State.OPEN
    may_note = may(actor, Act.LANE_NOTE, subject)
    return Beside(
        ticket_id=ticket.pk,
        lane=ticket.queue.name if subject.is_lane else "",
        due_at=ticket.promise_at if subject.is_lane and is_open else None,
        hand_overs=hand_overs_of(ticket.pk),
        may_hand_over=is_open and may(actor, Act.LANE_HAND_OVER, subject),
        may_hand_back=is_open and may(actor, Act.LANE_HAND_BACK, subject),
        may_note=may_note,
        notes=notes_of(ticket) if may_note else (),
    )


def _shown(message: Message) -> ShownEmail:
    return ShownEmail(
        id=message.pk,
        sender=message.from_name or message.from_address,
        text=message.text,
        new_text=message.new_text,
        has_html=bool(message.html),
        automatic=message.automatic,
        received_at=message.received_at,
        attachments=tuple(message.attachments.all()),
        mailbox=message.mailbox.address,
        times=getattr(message, "times", 1),
    )
