"""What waits to be read by a colleague, what a reader sees of it, and what its writer hears."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from inbox.models import Message
from triage.accounts.policy import Actor, Subject
from triage.queues.actions.outcomes import ASKING
from triage.queues.models import Queue, Ticket
from triage.queues.serving import served_by
from triage.replies import composing
from triage.replies.greetings import short_name
from triage.replies.models import Reply, Review, ReviewMode
from triage.replies.reviewing import PRAISE, is_hold
from triage.responses import blocks

SHOWN_EMAILS = 20
_MOST_HEARD = 20


@dataclass(frozen=True, kw_only=True)
class ReviewBacklog:
    """What waits to be read; `is_hold_mode` when answers go out by themselves after two minutes."""

    count: int
    unedited: int
    oldest_asked_at: datetime | None
    is_hold_mode: bool
    mode: str
    sample_every: int


@dataclass(frozen=True, kw_only=True)
class LetterPart:
    """A piece of the answer; `is_own` when the writer put it in place of the approved words."""

    text: str
    is_own: bool


@dataclass(frozen=True, kw_only=True)
class EmailRead:
    """One email of the person, as its reader sees it."""

    id: int
    text: str
    received_at: datetime
    is_answered: bool


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One answer in a reader's hands until `read_until`, beside the emails it answers."""

    review_id: int
    why: str
    author: str
    customer_name: str
    subject: str
    answer_name: str
    parts: tuple[LetterPart, ...]
    emails: tuple[EmailRead, ...]
    wrote_again: bool
    asked_at: datetime
    holds_until: datetime | None
    read_until: datetime


@dataclass(frozen=True, kw_only=True)
class InReview:
    """An answer of somebody that a colleague is to read; `reply_id` can be taken back."""

    reply_id: int
    customer_name: str
    asked_at: datetime
    holds_until: datetime | None


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a colleague said of an answer: to mend while it is a draft, or a kind word."""

    reply_id: int
    ticket_id: int
    customer_name: str
    reason: str
    note: str
    by_name: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What a person hears of their own answers: in review, to mend, and kind words."""

    in_review: tuple[InReview, ...]
    returned: tuple[Said, ...]
    praise: tuple[Said, ...]


def review_mode() -> ReviewMode:
    """Gives how answers are read before they go; `automatic` until a supervisor chose."""
    return ReviewMode.objects.first() or ReviewMode()


def undecided() -> "QuerySet[Review]":
    """Gives what waits to be read."""
    return Review.objects.filter(decided_at__isnull=True)


def readable_by(actor: Actor) -> "QuerySet[Review]":
    """Gives what waits for somebody like them: nothing of their own, no lane but theirs."""
    waiting = undecided().exclude(reply__author_id=actor.id)
    if actor.has("supervisor"):
        return waiting
    served = served_by(actor.id, is_support=True) if actor.has("support") else []
    in_lane = Q(reply__ticket__queue__kind=Queue.Kind.LANE)
    return waiting.exclude(in_lane & ~Q(reply__ticket__queue__in=served))


def subject_of_review(review: Review, ticket: Ticket, *, by: Actor) -> Subject:
    """Gives a review as the policy sees it."""
    is_lane = ticket.queue.is_lane
    serves = is_lane and ticket.queue_id in served_by(by.id, is_support=by.has("support"))
    return Subject(
        kind="review",
        author_id=review.reply.author_id,
        is_lane=is_lane,
        serves=frozenset({by.id}) if serves else frozenset(),
    )


def review_backlog(*, at: datetime) -> ReviewBacklog:
    """Gives how much waits to be read, from the partial index over it, in two statements."""
    waits = undecided().aggregate(
        count=Count("pk"),
        unedited=Count("pk", filter=Q(has_own_words=False)),
        oldest=Min("asked_at"),
    )
    chosen = review_mode()
    return ReviewBacklog(
        count=waits["count"],
        unedited=waits["unedited"],
        oldest_asked_at=waits["oldest"],
        is_hold_mode=is_hold(chosen.mode, oldest_asked_at=waits["oldest"], at=at),
        mode=chosen.mode,
        sample_every=chosen.sample_every,
    )


def waiting_for(actor: Actor, *, at: datetime) -> int:
    """Gives how many answers this person could open now."""
    return readable_by(actor).filter(Q(read_until=None) | Q(read_until__lt=at)).count()


def opened_by(actor: Actor, *, at: datetime) -> Reading | None:
    """Gives the answer this person has open, in six statements; None when there is none."""
    mine = readable_by(actor).filter(reader_id=actor.id, read_until__gte=at)
    review = mine.select_related(
        "reply__author", "reply__version__response", "reply__ticket__conversation"
    ).first()
    if review is None or review.read_until is None:
        return None
    reply = review.reply
    emails = _emails(reply)
    version = reply.version
    return Reading(
        review_id=review.pk,
        why=str(Review.Why(review.why).label),
        author=reply.author.get_full_name(),
        customer_name=short_name(reply.ticket.conversation.customer_name),
        subject=reply.ticket.conversation.subject,
        answer_name=version.response.name if version else "",
        parts=_parts(reply),
        emails=emails,
        wrote_again=bool(emails) and emails[-1].id != reply.seen_message_id,
        asked_at=review.asked_at,
        holds_until=review.holds_until,
        read_until=review.read_until,
    )


def _emails(reply: Reply) -> tuple[EmailRead, ...]:
    rows = Message.objects.filter(
        conversation_id=reply.ticket.conversation_id, kind__in=ASKING
    ).order_by("-pk")[:SHOWN_EMAILS]
    return tuple(
        EmailRead(
            id=row.pk,
            text=row.new_text or row.text,
            received_at=row.received_at,
            is_answered=row.pk == reply.seen_message_id,
        )
        for row in reversed(rows.only("pk", "text", "new_text", "received_at"))
    )


def _parts(reply: Reply) -> tuple[LetterPart, ...]:
    """The letter with what is its writer's own set apart; as one piece if it reads otherwise now.

    What leaves is the frozen text, so that is what is shown when names changed since.
    """
    if reply.version is None:
        return (LetterPart(text=reply.text, is_own=True),)
    conversation = reply.ticket.conversation
    own = composing.own_words(reply.slots, conversation, reply.author)
    names = composing.variables_of(conversation, reply.author)
    parts = blocks.parse(reply.version.body)
    try:
        whole = blocks.render(parts, reply.slots, names, base_url=settings.MUSTER_BASE_URL)
        shown = tuple(
            LetterPart(text=blocks.fill(part.text, names).strip(), is_own=False)
            if isinstance(part, blocks.Locked)
            else LetterPart(
                text=reply.slots.get(part.name, "").strip(),
                is_own=part.name == "own line" or own.is_edited,
            )
            for part in parts
        )
    except blocks.BlockError:
        whole, shown = "", ()
    if whole != reply.text:
        return (LetterPart(text=reply.text, is_own=True),)
    return tuple(part for part in shown if part.text)


def with_returns(replies: "QuerySet[Reply]") -> "QuerySet[Reply]":
    """Gives the replies with `returned_reason` and `returned_note` of what came back to mend."""
    last = Review.objects.filter(reply=OuterRef("pk")).order_by("-pk")
    came_back = When(
        Q(state=Reply.State.DRAFT, last_decision=Review.Decision.RETURNED), then=F("last_reason")
    )
    return replies.annotate(
        last_decision=Subquery(last.values("decision")[:1]),
        last_reason=Subquery(last.values("reason")[:1]),
        returned_note=Subquery(last.values("note")[:1]),
        returned_reason=Case(came_back, default=Value("")),
    )


def heard_by(user_id: int, *, since: datetime) -> Heard:
    """Gives what a person is to hear of their answers, in one statement.

    What a colleague is to read and what came back stands there until it is over; kind words of
    the time since `since`.
    """
    later = Review.objects.filter(reply=OuterRef("reply"), pk__gt=OuterRef("pk"))
    to_mend = Q(
        ~Exists(later),
        reply__state=Reply.State.DRAFT,
        reply__ticket__state=Ticket.State.OPEN,
        decision=Review.Decision.RETURNED,
    )
    praised = Q(Q(reason__in=PRAISE) | ~Q(note=""), decision=Review.Decision.APPROVED)
    rows = Review.objects.filter(
        Q(decided_at=None) | to_mend | (praised & Q(decided_at__gte=since)),
        reply__author_id=user_id,
    ).select_related("reply__ticket__conversation", "decided_by")
    told = list(rows.order_by("-pk")[:_MOST_HEARD])
    return Heard(
        in_review=tuple(_in_review(row) for row in reversed(told) if row.decided_at is None),
        returned=tuple(_said(row) for row in told if row.decision == Review.Decision.RETURNED),
        praise=tuple(_said(row) for row in told if row.decision == Review.Decision.APPROVED),
    )


def in_review_of(user_id: int) -> tuple[InReview, ...]:
    """Gives a person's answers that a colleague is to read, oldest first."""
    rows = undecided().filter(reply__author_id=user_id)
    rows = rows.select_related("reply__ticket__conversation").order_by("pk")
    return tuple(_in_review(row) for row in rows)


def returned_to(user_id: int, *, at: datetime) -> tuple[Said, ...]:
    """Gives what came back to a person and is still to be mended, latest first."""
    return heard_by(user_id, since=at).returned


def _in_review(row: Review) -> InReview:
    return InReview(
        reply_id=row.reply_id,
        customer_name=short_name(row.reply.ticket.conversation.customer_name),
        asked_at=row.asked_at,
        holds_until=row.holds_until,
    )


def _said(row: Review) -> Said:
    return Said(
        reply_id=row.reply_id,
        ticket_id=row.reply.ticket_id,
        customer_name=short_name(row.reply.ticket.conversation.customer_name),
        reason=str(Review.Reason(row.reason).label) if row.reason else "",
        note=row.note,
        by_name=composing.signed_name(row.decided_by) if row.decided_by else "",
        at=row.decided_at or row.asked_at,
    )
