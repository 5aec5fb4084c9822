"""Someone may be in danger: the email goes to Safety at once, before everything else."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from triage.accounts.policy import Act, Actor, may
from triage.audit.actions import record
from triage.queues import routing
from triage.queues.actions.claims import NotHeld, check_may_answer
from triage.queues.actions.handing_on import hand_over
from triage.queues.lines import LineKey
from triage.queues.models import Queue, Ticket, Urgency
from triage.queues.places import key_of


def raise_danger(*, ticket_id: int, by: Actor, at: datetime) -> None:
    """Sends an email to Safety, first of all; its draft is kept, and an alert says so (notices).

    For who holds it, or a supervisor. Once it is there nothing more happens, so pressing again is
    safe. Raises NotHeld, NotAllowed.
    """
    with transaction.atomic():
        tickets = Ticket.objects.select_related("line", "queue").select_for_update(of=("self",))
        ticket = tickets.filter(pk=ticket_id).first()
        if ticket is None or ticket.state == Ticket.State.CLOSED:
            raise NotHeld
        if ticket.queue.key == routing.SAFETY and ticket.urgency == Urgency.DANGER:
            return
        if not may(by, Act.BOARD_STEER):
            check_may_answer(ticket, by=by)
        holder_id, from_queue = ticket.holder_id, ticket.queue_id
        hand_over(ticket=ticket, key=safety(ticket), at=at, marks={"urgency": Urgency.DANGER})
        detail = {"from_queue": from_queue, "holder": holder_id}
        record(action="ticket.raise_danger", by=by, at=at, subject=ticket, detail=detail)


def safety(ticket: Ticket) -> LineKey:
    """Gives the line of Safety in which this email would wait."""
    return replace(key_of(ticket.line), queue_id=Queue.objects.get(key=routing.SAFETY).pk)
