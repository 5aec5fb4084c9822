"""How emails end: answered, covered, needing no reply, undeliverable; and how they open again."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from inbox.models import Message
from triage.accounts.policy import Act, Actor, may
from triage.audit.actions import Doer, record
from triage.classification.models import Classification
from triage.queues import counters, routing
from triage.queues.actions.claims import NotHeld, check_may_answer, put_down
from triage.queues.hardship import EXPERIENCED, hard_because
from triage.queues.lines import LineKey
from triage.queues.models import Outcome, Queue, Ticket, Urgency
from triage.queues.places import line_id

ASKING = (Message.Kind.PERSON, Message.Kind.LIST)  # what a person answers; the rest is machine mail


def unanswered(conversation_id: int) -> list[Message]:
    """Gives the emails of a conversation that have not ended yet, oldest first."""
    asking = Message.objects.filter(conversation_id=conversation_id, kind__in=ASKING)
    return list(asking.filter(outcome__isnull=True).order_by("pk"))


def start_answering(*, ticket: Ticket, by: Actor, at: datetime) -> None:
    """An answer is on its way: nobody holds the email any more, nobody else is given it.

    Call it inside the transaction of the answer, with the ticket's row locked; the answer's own
    event tells of it.
    """
    check_may_answer(ticket, by=by)
    Ticket.objects.filter(pk=ticket.pk).update(
        state=Ticket.State.ANSWERING, holder=None, held_since=None, held_until=None
    )
    put_down(user_id=by.id, at=at)
    counters.add([counters.held(ticket.queue_id, -1), counters.went_out(ticket.queue_id)], at=at)


def finish(
    *,
    ticket_id: int,
    seen_message_id: int,
    outbound_id: int,
    kind: Outcome.Kind = Outcome.Kind.ANSWERED,
    by: Doer,
    by_name: str,
    at: datetime,
) -> None:
    """The answer went out: the latest email its writer saw is answered, the earlier are covered.

    What came in after that is open: the ticket waits again with that email's own promise,
    otherwise it is closed. With kind UNDELIVERABLE all of them are that. On repeat nothing happens.
    """
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)
        messages = unanswered(ticket.conversation_id)
        seen = [message for message in messages if message.pk <= seen_message_id]
        _end(seen, kind=kind, outbound_id=outbound_id, by_name=by_name, at=at)
        if kind == Outcome.Kind.ANSWERED:
            counters.add([counters.sent(ticket.queue_id)], at=at)
        if ticket.state == Ticket.State.ANSWERING:
            _close_or_wait(ticket, messages[len(seen) :], at=at)
        detail = {"outbound": outbound_id, "kind": kind.value, "messages": len(seen)}
        record(action="ticket.finish", by=by, at=at, subject=ticket, detail=detail)


def mark_undeliverable(*, outbound_id: int, by: Doer, at: datetime) -> int:
    """An answer came back: what it had answered or covered is undeliverable; gives how many."""
    with transaction.atomic():
        ended = Outcome.objects.filter(outbound_id=outbound_id)
        changed = ended.exclude(kind=Outcome.Kind.UNDELIVERABLE).update(
            kind=Outcome.Kind.UNDELIVERABLE, at=at
        )
        if changed:
            detail = {"outbound": outbound_id, "messages": changed}
            record(action="message.undeliverable", by=by, at=at, detail=detail)
    return changed


def open_again(*, ticket_id: int, by: Doer, at: datetime, cause: str) -> None:
    """The answer did not go out: the person waits again where they stood, ahead of later ones."""
    with transaction.atomic():
        answering = Ticket.objects.filter(pk=ticket_id, state=Ticket.State.ANSWERING)
        ticket = answering.select_for_update(of=("self",)).first()
        if ticket is None:
            return
        answering.update(state=Ticket.State.OPEN)
        counters.add(
            [counters.waiting(ticket.queue_id, 1), counters.went_out(ticket.queue_id, -1)], at=at
        )
        record(action="ticket.open_again", by=by, at=at, subject=ticket, detail={"cause": cause})


def no_reply_needed(*, ticket_id: int, reason: Outcome.Reason, by: Actor, at: datetime) -> None:
    """Ends all open emails of the conversation without an answer, for a reason of the closed list.

    For who holds it, or a supervisor while nobody answers it. Raises NotHeld, NotAllowed.
    """
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)
        if ticket.state != Ticket.State.OPEN:
            raise NotHeld
        if not may(by, Act.BOARD_STEER):
            check_may_answer(ticket, by=by)
        messages = unanswered(ticket.conversation_id)
        Outcome.objects.bulk_create(
            Outcome(
                message=message,
                kind=Outcome.Kind.NO_REPLY_NEEDED,
                reason=reason,
                by_name=by.name,
                at=at,
            )
            for message in messages
        )
        Ticket.objects.filter(pk=ticket.pk).update(
            state=Ticket.State.CLOSED,
            closed_at=at,
            holder=None,
            held_since=None,
            held_until=None,
        )
        if ticket.holder_id:
            put_down(user_id=ticket.holder_id, at=at)
        delta = counters.held if ticket.holder_id else counters.waiting
        counters.add([delta(ticket.queue_id, -1), counters.went_out(ticket.queue_id)], at=at)
        detail = {"reason": reason.value, "messages": len(messages)}
        record(action="ticket.no_reply_needed", by=by, at=at, subject=ticket, detail=detail)


def end_as_machine_mail(*, messages: Iterable[Message], by: Doer, at: datetime) -> None:
    """Bounces and automatic answers end by themselves, in one statement, within a batch."""
    Outcome.objects.bulk_create(
        (
            Outcome(message=message, kind=Outcome.Kind.MACHINE, by_name=by.name, at=at)
            for message in messages
        ),
        ignore_conflicts=True,
    )


def _end(
    seen: Sequence[Message], *, kind: Outcome.Kind, outbound_id: int, by_name: str, at: datetime
) -> None:
    earlier = Outcome.Kind.COVERED if kind == Outcome.Kind.ANSWERED else kind
    Outcome.objects.bulk_create(
        Outcome(
            message=message,
            kind=kind if message is seen[-1] else earlier,
            outbound_id=outbound_id,
            by_name=by_name,
            at=at,
        )
        for message in seen
    )


def _close_or_wait(ticket: Ticket, later: Sequence[Message], *, at: datetime) -> None:
    if not later:
        Ticket.objects.filter(pk=ticket.pk).update(state=Ticket.State.CLOSED, closed_at=at)
        return
    queue, key, urgency = _place_of(later[-1], otherwise=ticket.queue_id)
    because = hard_because(unanswered=len(later))
    if because:
        key = replace(key, needs_trust=int(EXPERIENCED))
    since = min(later[0].received_at, at)
    promise_at = routing.promised_at(
        received_at=since, at=at, promise_minutes=queue.promise_minutes
    )
    Ticket.objects.filter(pk=ticket.pk).update(
        state=Ticket.State.OPEN,
        queue=queue,
        line_id=line_id(key),
        urgency=urgency,
        opened_at=since,
        promise_at=promise_at,
        lapses=0,
        hard_because=because or "",
    )
    counters.add([counters.waiting(queue.pk, 1), counters.came_in(queue.pk)], at=at)


def _place_of(message: Message, *, otherwise: int) -> tuple[Queue, LineKey, Urgency]:
    """Where a later email waits; the ticket's own queue until the sorter has looked at it."""
    said = Classification.objects.filter(message=message).first()
    route = said and routing.route(
        label=said.label,
        confident=said.confident,
        subject=message.subject,
        text=message.new_text or message.text,
    )
    queue = Queue.objects.filter(key=route.queue_key).first() if route else None
    queue = queue or Queue.objects.get(pk=otherwise)
    tone = said.tone if said else Classification.Tone.NEUTRAL
    key = LineKey(queue_id=queue.pk, language=message.language, tone=tone)
    return queue, key, route.urgency if route else Urgency.NORMAL
