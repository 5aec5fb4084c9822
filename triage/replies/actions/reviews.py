"""Reading an answer before it goes: opened by one colleague, decided once, never in silence."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from inbox.failpoints import failpoint
from inbox.models import Message
from triage.accounts.models import User
from triage.accounts.policy import Act, Actor, Subject, may
from triage.audit.actions import Doer, new_operation, record
from triage.queues.actions import NotAllowed, Refused, give_back, open_again
from triage.queues.models import Ticket
from triage.replies.actions.releasing import (
    AlreadyDecided,
    AnswerWithdrawn,
    NewMail,
    latest_email,
    locked_ticket,
    release,
    take_up_again,
    usable_version,
)
from triage.replies.models import Reply, Review, ReviewMode
from triage.replies.review_queries import (
    readable_by,
    review_mode,
    subject_of_review,
    undecided,
)
from triage.replies.reviewing import HOLD, PRAISE, READING, TO_MEND, is_hold
from triage.volunteers.actions import count_review
from triage.volunteers.queries import actor_for

APPROVED_TO_SENT = timedelta(seconds=20)  # as after Send: the writer may still take it back
MOST_AT_ONCE = 100
Decision = Review.Decision
Reason = Review.Reason


class BeingRead(Refused):
    """A colleague has it open."""

    sentence = _("A colleague is reading this answer right now.")


class NeedsReason(Refused):
    """An answer was to go back without saying why."""

    sentence = _("Please choose what should be mended.")


@dataclass(frozen=True, kw_only=True)
class ApprovedAtOnce:
    """What approving many at once did: how many go out, how many had to go back."""

    approved: int
    returned: int


def ask_for_review(
    *, reply: Reply, why: Review.Why, seen: Message, has_own_words: bool, at: datetime
) -> Review:
    """Puts a finished answer where a colleague reads it; within submit, which leaves the event.

    While answers are held for two minutes only, this one is too.
    """
    reply.state, reply.seen_message = Reply.State.IN_REVIEW, seen
    reply.save(update_fields=["state", "seen_message"])
    until = at + HOLD if _is_hold(at) else None
    return Review.objects.create(
        reply=reply, why=why, has_own_words=has_own_words, asked_at=at, holds_until=until
    )


def open_next(*, by: Actor, at: datetime) -> Review | None:
    """Gives the answer that waits longest to be read into these hands, for five minutes.

    Who has one open gets that one. None when nothing waits for them. Raises NotAllowed.
    """
    if not may(by, Act.REPLY_REVIEW):
        raise NotAllowed
    opened = undecided().filter(reader_id=by.id)
    if mine := opened.filter(read_until__gte=at).first():
        return mine
    free = readable_by(by).filter(Q(read_until=None) | Q(read_until__lt=at))
    try:
        with transaction.atomic():
            opened.update(reader=None, read_until=None)
            for review in free.order_by("asked_at", "pk")[:MOST_AT_ONCE]:
                if _open(review, free, by=by, at=at):
                    return Review.objects.get(pk=review.pk)
    except IntegrityError:  # review_one_open_per_reader: the other tab was first
        return opened.first()
    return None


def put_down(*, by: Actor, at: datetime) -> None:
    """Lets somebody else read what this person has open; nothing happens when it is nothing."""
    with transaction.atomic():
        for review in undecided().filter(reader_id=by.id):
            Review.objects.filter(pk=review.pk, reader_id=by.id).update(
                reader=None, read_until=None
            )
            record(action="review.put_down", by=by, at=at, subject=review)


def _open(review: Review, free: "QuerySet[Review]", *, by: Actor, at: datetime) -> bool:
    if not free.filter(pk=review.pk).update(reader_id=by.id, read_until=at + READING):
        return False
    record(action="review.open", by=by, at=at, subject=review, detail={"reply": review.reply_id})
    return True


def approve(
    *,
    review_id: int,
    by: Actor,
    at: datetime,
    reason: Review.Reason | None = None,
    note: str = "",
    operation_id: str = "",
) -> Review:
    """Lets an answer go, with a kind word (`reason` of praise) if there is one.

    When the person wrote again meanwhile, or the approved words were withdrawn, it goes back to its
    writer instead: the review that comes back says RETURNED and why. Raises NotAllowed, BeingRead,
    AlreadyDecided.
    """
    with transaction.atomic():
        review, ticket = _for_decision(review_id, by=by, at=at)
        problem = _let_go(review.reply, ticket, due_at=at + APPROVED_TO_SENT, at=at)
        if problem is not None:
            _send_back(review, ticket, problem, "", by=by, at=at, operation_id=operation_id)
        else:
            praise = reason if reason in PRAISE else None
            _decide(review, Decision.APPROVED, praise, note, decided_by=by.id, at=at)
            detail = {"reply": review.reply_id, "outbound": review.reply.outbound_id}
            record(
                action="review.approve",
                by=by,
                at=at,
                subject=review,
                detail=detail,
                operation_id=operation_id,
            )
            count_review(user_id=review.reply.author_id, approved=True, by=by, at=at)
        failpoint("review.before_commit")
    failpoint("review.after_commit")
    return review


def approve_unedited(*, by: Actor, at: datetime) -> ApprovedAtOnce:
    """Lets every waiting answer go that is the approved words alone, for a supervisor.

    What a colleague has open stays with them. Each is a decision of its own under one operation.
    """
    if not may(by, Act.BOARD_STEER):
        raise NotAllowed
    operation_id = new_operation()
    free = Q(read_until=None) | Q(read_until__lt=at) | Q(reader_id=by.id)
    waiting = readable_by(by).filter(free, has_own_words=False).order_by("asked_at", "pk")
    decided = [
        _approve_if_still_there(review_id, by=by, at=at, operation_id=operation_id)
        for review_id in list(waiting.values_list("pk", flat=True)[:MOST_AT_ONCE])
    ]
    return ApprovedAtOnce(
        approved=decided.count(Decision.APPROVED), returned=decided.count(Decision.RETURNED)
    )


def _approve_if_still_there(review_id: int, *, by: Actor, at: datetime, operation_id: str) -> str:
    try:
        return approve(review_id=review_id, by=by, at=at, operation_id=operation_id).decision
    except Refused:  # a colleague was quicker with this one
        return ""


def return_(
    *, review_id: int, reason: Review.Reason, by: Actor, at: datetime, note: str = ""
) -> Review:
    """Gives an answer back to its writer with what to mend; it is a draft again.

    The email goes back into their hands if they hold no other and may still answer it; otherwise
    it waits in its place with the draft kept. Raises NeedsReason, NotAllowed, BeingRead,
    AlreadyDecided.
    """
    if reason not in TO_MEND:
        raise NeedsReason
    with transaction.atomic():
        review, ticket = _for_decision(review_id, by=by, at=at)
        _send_back(review, ticket, reason, note, by=by, at=at)
        count_review(user_id=review.reply.author_id, approved=False, by=by, at=at)
        failpoint("review.before_commit")
    failpoint("review.after_commit")
    return review


def end_review_by_author(*, reply: Reply, by: Actor, at: datetime) -> None:
    """Ends the review of an answer that its writer takes back; within undo, under its lock."""
    for review in undecided().filter(reply=reply):
        _decide(review, Decision.TAKEN_BACK, None, "", decided_by=by.id, at=at)


def set_review_mode(*, mode: ReviewMode.Mode, sample_every: int, by: Actor, at: datetime) -> None:
    """Sets how answers are read before they go. Raises NotAllowed.

    With `always` what is held for two minutes waits for its reader instead.
    """
    if not may(by, Act.BOARD_STEER):
        raise NotAllowed
    with transaction.atomic():
        chosen = {"mode": mode, "sample_every": sample_every}
        row, _made = ReviewMode.objects.update_or_create(pk=1, defaults=chosen)
        if mode == ReviewMode.Mode.ALWAYS:
            undecided().update(holds_until=None)
        record(action="review.mode", by=by, at=at, subject=row, detail=chosen)


def begin_holds(*, by: Doer, at: datetime) -> int:
    """Gives everything that waits to be read two minutes more, once nobody has the time to read.

    Says how many answers it was.
    """
    if not _is_hold(at):
        return 0
    with transaction.atomic():
        held = undecided().filter(holds_until=None).update(holds_until=at + HOLD)
        if held:
            record(action="review.hold", by=by, at=at, detail={"count": held})
    return held


def send_unread(*, review_id: int, by: Doer, at: datetime) -> bool:
    """Lets an answer go whose two minutes are over; False when somebody reads or decided it.

    When the person wrote again meanwhile, or the words were withdrawn, it goes back instead.
    """
    with transaction.atomic():
        review, ticket = _locked(review_id)
        is_over = review.holds_until is not None and review.holds_until <= at
        if review.decided_at is not None or not is_over or _is_read(review, at=at):
            return False
        problem = _let_go(review.reply, ticket, due_at=at, at=at)
        if problem is not None:
            _send_back(review, ticket, problem, "", by=by, at=at)
        else:
            _decide(review, Decision.SENT_UNREAD, None, "", decided_by=None, at=at)
            detail = {"reply": review.reply_id, "outbound": review.reply.outbound_id}
            record(action="review.send_unread", by=by, at=at, subject=review, detail=detail)
        failpoint("review.before_commit")
    failpoint("review.after_commit")
    return True


def _is_hold(at: datetime) -> bool:
    oldest = undecided().order_by("asked_at").values_list("asked_at", flat=True).first()
    return is_hold(review_mode().mode, oldest_asked_at=oldest, at=at)


def _is_read(review: Review, *, at: datetime) -> bool:
    return review.read_until is not None and review.read_until >= at


def _locked(review_id: int) -> tuple[Review, Ticket]:
    """The review as it stands under its ticket's lock; raises AlreadyDecided for none."""
    found = Review.objects.filter(pk=review_id).values_list("reply__ticket_id", flat=True).first()
    if found is None:
        raise AlreadyDecided
    ticket = locked_ticket(found)
    return Review.objects.select_related("reply").get(pk=review_id), ticket


def _for_decision(review_id: int, *, by: Actor, at: datetime) -> tuple[Review, Ticket]:
    review, ticket = _locked(review_id)
    if not may(by, Act.REPLY_REVIEW, subject_of_review(review, ticket, by=by)):
        raise NotAllowed
    if review.decided_at is not None:
        raise AlreadyDecided
    if review.reader_id != by.id and _is_read(review, at=at):
        raise BeingRead
    if review.reader_id != by.id and not may(by, Act.EMAIL_BROWSE):
        raise NotAllowed  # a helper decides what they opened, and sees nothing else
    return review, ticket


def _let_go(
    reply: Reply, ticket: Ticket, *, due_at: datetime, at: datetime
) -> Review.Reason | None:
    """Releases the answer as it was written, or gives why it cannot go any more."""
    try:
        seen = latest_email(reply.seen_message_id or 0, ticket)
        usable_version(reply.version_id or 0)
        release(reply=reply, seen=seen, ticket=ticket, due_at=due_at, at=at)
    except NewMail:
        return Reason.WROTE_AGAIN
    except AnswerWithdrawn:
        return Reason.WITHDRAWN
    return None


def _decide(
    review: Review,
    decision: Review.Decision,
    reason: Review.Reason | None,
    note: str,
    *,
    decided_by: int | None,
    at: datetime,
) -> None:
    review.decision, review.reason, review.note = decision, reason or "", note.strip()[:500]
    review.decided_by_id, review.decided_at = decided_by, at
    review.save(update_fields=["decision", "reason", "note", "decided_by", "decided_at"])


def _send_back(
    review: Review,
    ticket: Ticket,
    reason: Review.Reason,
    note: str,
    *,
    by: Doer,
    at: datetime,
    operation_id: str = "",
) -> None:
    decided_by = by.id if isinstance(by, Actor) else None
    _decide(review, Decision.RETURNED, reason, note, decided_by=decided_by, at=at)
    reply = review.reply
    take_up_again(reply=reply, at=at)
    if _may_go_on(reply.author_id, ticket, at=at):
        is_theirs = give_back(ticket=ticket, holder_id=reply.author_id, at=at)
    else:
        is_theirs = False
        open_again(ticket_id=ticket.pk, by=by, at=at, cause="returned")
    detail = {"reply": reply.pk, "reason": reason.value, "with_author": is_theirs}
    record(
        action="review.return",
        by=by,
        at=at,
        subject=review,
        detail=detail,
        operation_id=operation_id,
    )


def _may_go_on(user_id: int, ticket: Ticket, *, at: datetime) -> bool:
    """Whether the writer is there to answer it: their time runs, no break, no lane of others."""
    author = actor_for(User.objects.get(pk=user_id), at=at)
    is_away = author.helping is not None and author.helping.state not in {"ready", "active"}
    subject = Subject(kind="ticket", holder_id=user_id, is_lane=ticket.queue.is_lane)
    return not is_away and may(author, Act.EMAIL_ANSWER, subject)
