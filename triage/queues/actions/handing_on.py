"""When one person cannot go on alone: passing an email on, and asking someone experienced."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from triage.accounts.policy import Act, Actor, may
from triage.audit.actions import record
from triage.queues import counters, routing
from triage.queues.actions.claims import NotAllowed, NotHeld, Refused, check_may_answer
from triage.queues.models import PassedOn, PassReason, Question, Queue, Ticket


class NothingWritten(Refused):
    """A question or an answer without words."""

    sentence = _("Please write a line first.")


class AlreadyAnswered(Refused):
    """Somebody else answered the question first."""

    sentence = _("Someone has answered this already.")


def pass_on(*, ticket_id: int, reason: PassReason, by: Actor, at: datetime) -> None:
    """Hands the email to others, place and draft kept; it does not come back to this person.

    What needs access, is too hard or looks dangerous goes to the lane that can help. Raises
    NotHeld, NotAllowed.
    """
    with transaction.atomic():
        ticket = held_ticket(ticket_id, by=by)
        lane = routing.PASSED_TO.get(reason)
        target = Queue.objects.get(key=lane).pk if lane else ticket.queue_id
        PassedOn.objects.update_or_create(
            ticket=ticket, user_id=by.id, defaults={"reason": reason, "at": at}
        )
        Ticket.objects.filter(pk=ticket.pk).update(
            holder=None, held_since=None, held_until=None, queue_id=target
        )
        counters.add([counters.held(ticket.queue_id, -1), counters.waiting(target, 1)], at=at)
        detail = {"reason": reason.value, "from_queue": ticket.queue_id, "to_queue": target}
        record(action="ticket.pass_on", by=by, at=at, subject=ticket, detail=detail)


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
    ticket = Ticket.objects.select_for_update(of=("self",)).filter(pk=ticket_id).first()
    if ticket is None:
        raise NotHeld
    check_may_answer(ticket, by=by)
    return ticket


def _words(text: str) -> str:
    words = text.strip()[:2000]
    if not words:
        raise NothingWritten
    return words
