"""When one person cannot go on alone: passing an email on, and asking someone experienced."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from triage.accounts.policy import Act, Actor, may
from triage.audit.actions import record
from triage.queues import counters, routing
from triage.queues.actions.claims import (
    NotAllowed,
    NotHeld,
    Refused,
    check_may_answer,
    put_down,
)
from triage.queues.hardship import trust_after_too_hard
from triage.queues.lines import LineKey, language_after_pass
from triage.queues.models import (
    Pace,
    PassedOn,
    PassReason,
    Question,
    Queue,
    Ticket,
    Urgency,
)
from triage.queues.places import key_of, line_id


class NothingWritten(Refused):
    """A question or an answer without words."""

    sentence = _("Please write a line first.")


class AlreadyAnswered(Refused):
    """Somebody else answered the question first."""

    sentence = _("Someone has answered this already.")


def pass_on(*, ticket_id: int, reason: PassReason, by: Actor, at: datetime) -> None:
    """Hands the email to others, place and draft kept; it does not come back to this person.

    What is not in their language goes to those who speak it, what is too hard to someone more
    experienced, what needs access or looks dangerous to the lane that can help; after one that
    upset, the next is a kind one if any waits. Raises NotHeld, NotAllowed.
    """
    with transaction.atomic():
        ticket = held_ticket(ticket_id, by=by)
        PassedOn.objects.update_or_create(
            ticket=ticket, user_id=by.id, defaults={"reason": reason, "at": at}
        )
        if reason == PassReason.UPSETS_ME:
            Pace.objects.filter(pk=by.id).update(wants_kind=True)
        key = _place_after(reason, ticket, by=by)
        hand_over(ticket=ticket, key=key, at=at, marks=_marks_of(reason))
        detail = {
            "reason": reason.value,
            "from_queue": ticket.queue_id,
            "to_queue": key.queue_id,
        }
        record(action="ticket.pass_on", by=by, at=at, subject=ticket, detail=detail)


def hand_over(*, ticket: Ticket, key: LineKey, at: datetime, marks: Mapping[str, object]) -> None:
    """Takes an email into this line, out of its holder's hands if there is one; draft kept.

    Call it inside a transaction, with the ticket's row locked.
    """
    if ticket.holder_id is not None:
        put_down(user_id=ticket.holder_id, at=at)
    Ticket.objects.filter(pk=ticket.pk).update(
        holder=None,
        held_since=None,
        held_until=None,
        queue_id=key.queue_id,
        line_id=line_id(key),
        **marks,
    )
    if ticket.state == Ticket.State.OPEN:
        delta = counters.waiting if ticket.holder_id is None else counters.held
        counters.add([delta(ticket.queue_id, -1), counters.waiting(key.queue_id, 1)], at=at)


def _place_after(reason: PassReason, ticket: Ticket, *, by: Actor) -> LineKey:
    key = key_of(ticket.line)
    lane = routing.PASSED_TO.get(reason)
    if lane:
        return replace(key, queue_id=Queue.objects.get(key=lane).pk)
    if reason == PassReason.TOO_HARD:
        return replace(key, needs_trust=trust_after_too_hard(by=by, needed=key.needs_trust))
    if reason == PassReason.LANGUAGE:
        detected = ticket.conversation.messages.order_by("-pk").values_list("language", flat=True)
        language = language_after_pass(
            by=by, line_language=key.language, detected=detected.first() or ""
        )
        return replace(key, language=language)
    return key


def _marks_of(reason: PassReason) -> dict[str, object]:
    if reason == PassReason.TOO_HARD:
        return {"hard_because": Ticket.Hard.TOO_HARD}
    if reason == PassReason.DANGEROUS:
        return {"urgency": Urgency.DANGER}
    return {}


def ask_a_pro(*, ticket_id: int, text: str, by: Actor, at: datetime) -> Question:
    """Gives the question as it stands on the board; the email stays with the person.

    Raises NothingWritten, NotHeld, NotAllowed.
    """
    words = _words(text)
    with transaction.atomic():
        ticket = held_ticket(ticket_id, by=by)
        question = Question.objects.create(
            ticket=ticket, asked_by_id=by.id, asked_at=at, text=words
        )
        record(action="question.ask", by=by, at=at, subject=question, detail={"ticket": ticket.pk})
        return question


def answer_question(*, question_id: int, text: str, by: Actor, at: datetime) -> None:
    """Answers a helper's question, once. Raises NotAllowed, NothingWritten, AlreadyAnswered."""
    if not may(by, Act.QUESTION_ANSWER):
        raise NotAllowed
    words = _words(text)
    with transaction.atomic():
        unanswered = Question.objects.filter(pk=question_id, answered_at__isnull=True)
        if not unanswered.update(answer=words, answered_by_id=by.id, answered_at=at):
            raise AlreadyAnswered
        question = Question.objects.get(pk=question_id)
        detail = {"ticket": question.ticket_id}
        record(action="question.answer", by=by, at=at, subject=question, detail=detail)


def held_ticket(ticket_id: int, *, by: Actor) -> Ticket:
    """Gives the locked ticket that `by` holds and may answer; raises NotHeld, NotAllowed."""
    tickets = Ticket.objects.select_related("line", "queue").select_for_update(of=("self",))
    ticket = tickets.filter(pk=ticket_id).first()
    if ticket is None:
        raise NotHeld
    check_may_answer(ticket, by=by)
    return ticket


def _words(text: str) -> str:
    words = text.strip()[:2000]
    if not words:
        raise NothingWritten
    return words
