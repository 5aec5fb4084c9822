"""The end of an answer: what became of its mail is written into the books of the queues."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, transaction

from inbox.failpoints import failpoint
from inbox.models import Message, OutboundMessage
from triage.audit.actions import Step
from triage.queues.actions import Refused, finish, mark_undeliverable, open_again
from triage.queues.models import Outcome
from triage.replies.actions import begin_holds, send_unread
from triage.replies.models import Reply
from triage.replies.review_queries import undecided

log = structlog.get_logger("muster.settle")

State = OutboundMessage.State
BATCH = 100
TRY_AGAIN = timedelta(minutes=1)
WAIT_FOR_SENT = timedelta(hours=1)
_STEP = Step("settle")
_CLOCK = Step("lapse")


def settle(*, at: datetime) -> int:
    """Writes how finished mails ended into outcomes and tickets; says how many it looked at.

    Sent: the emails it answered have their outcome and the conversation is closed, or open when
    newer mail came. Rejected: open again in its place. Unknown: nothing, until proof or a person
    decides. Bounced: undeliverable. One that fails is tried again in a minute and delays no other.
    """
    due = OutboundMessage.objects.filter(settle_due_at__lte=at).order_by("settle_due_at", "pk")
    outbound_ids = list(due.values_list("pk", flat=True)[:BATCH])
    for outbound_id in outbound_ids:
        try:
            _settle(outbound_id, at=at)
        except DatabaseError as error:
            log.warning("not settled", outbound=outbound_id, error=type(error).__name__)
            late = OutboundMessage.objects.filter(pk=outbound_id, settle_due_at__isnull=False)
            late.update(settle_due_at=at + TRY_AGAIN)
    return len(outbound_ids)


def _settle(outbound_id: int, *, at: datetime) -> None:
    with transaction.atomic():
        due = OutboundMessage.objects.filter(pk=outbound_id, settle_due_at__isnull=False)
        outbound = due.select_for_update(skip_locked=True).only("pk", "state").first()
        if outbound is None:
            return
        reply = Reply.objects.select_related("author").filter(outbound_id=outbound_id).first()
        if reply is not None:
            _write_end(reply, outbound, at=at)
        due.update(settle_due_at=None)
        failpoint("settle.before_commit")
    failpoint("settle.after_commit")


def _write_end(reply: Reply, outbound: OutboundMessage, *, at: datetime) -> None:
    if outbound.state == State.SENT:
        _finish(reply, outbound, Outcome.Kind.ANSWERED, at=at)
    elif outbound.state == State.REJECTED:
        open_again(ticket_id=reply.ticket_id, by=_STEP, at=at, cause="rejected")
    elif outbound.state == State.BOUNCED:
        _finish(reply, outbound, Outcome.Kind.UNDELIVERABLE, at=at)
        mark_undeliverable(outbound_id=outbound.pk, by=_STEP, at=at)


def _finish(reply: Reply, outbound: OutboundMessage, kind: Outcome.Kind, *, at: datetime) -> None:
    """Ends what its writer saw; an answer that is settled already has nothing left to end."""
    if Outcome.objects.filter(outbound_id=outbound.pk).exists() or reply.seen_message_id is None:
        return
    finish(
        ticket_id=reply.ticket_id,
        seen_message_id=reply.seen_message_id,
        outbound_id=outbound.pk,
        kind=kind,
        by=_STEP,
        by_name=reply.author.get_full_name(),
        at=at,
    )


def let_go_unread(*, at: datetime) -> int:
    """Part of the step lapse: answers that nobody had the time to read go out; says how many.

    Once the oldest has waited ten minutes all that wait are held for two minutes more; what a
    colleague has open stays with them. One that fails delays no other.
    """
    begin_holds(by=_CLOCK, at=at)
    over = undecided().filter(holds_until__lte=at).order_by("holds_until", "pk")
    gone = 0
    for review_id in list(over.values_list("pk", flat=True)[:BATCH]):
        try:
            gone += send_unread(review_id=review_id, by=_CLOCK, at=at)
        except (DatabaseError, Refused) as error:
            log.warning("not let go", review=review_id, error=type(error).__name__)
            undecided().filter(pk=review_id).update(holds_until=at + TRY_AGAIN)
    return gone


def take_bounces(bounces: Sequence[Message], *, at: datetime) -> set[int]:
    """Marks the mails of ours that came back, in two statements; settle then writes their end.

    Gives the ids of bounces that came before we know that our mail was sent: these are to be
    looked at again. A stranger's bounce names none of ours and changes nothing.
    """
    named = {message_id for bounce in bounces for message_id in bounce.bounce_of}
    if not named:
        return set()
    ours = OutboundMessage.objects.filter(message_id__in=named)
    state_of = dict(ours.values_list("message_id", "state"))
    came_back = ours.filter(state__in=[State.SENT, State.UNKNOWN])
    came_back.update(state=State.BOUNCED, due_at=None, finished_at=at, settle_due_at=at)
    unfinished = {key for key, state in state_of.items() if state in (State.QUEUED, State.SENDING)}
    return {
        bounce.pk
        for bounce in bounces
        if unfinished.intersection(bounce.bounce_of) and at - bounce.created_at < WAIT_FOR_SENT
    }
