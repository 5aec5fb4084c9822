"""A supervisor takes an email that somebody holds into their own hands."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from triage.accounts.policy import Act, Actor, may
from triage.audit.actions import record
from triage.queues import leases
from triage.queues.actions.claims import NotAllowed, Refused
from triage.queues.models import Ticket


class NobodyHoldsIt(Refused):
    """It went back, or was answered, a moment ago."""

    sentence = _("Nobody holds this email any more.")


class HoldsAnother(Refused):
    """One person holds one email."""

    sentence = _("You hold another email. Please finish it or give it back first.")


def take_over(*, ticket_id: int, by: Actor, at: datetime) -> Ticket:
    """Gives the email, now held by `by`; who held it is told, and their draft is kept.

    Raises NotAllowed for who may not answer people themselves, NobodyHoldsIt, HoldsAnother.
    """
    if not (may(by, Act.BOARD_STEER) and may(by, Act.PERSON_HELP)):
        raise NotAllowed
    try:
        with transaction.atomic():
            held = Ticket.objects.filter(pk=ticket_id, holder__isnull=False)
            ticket = held.select_for_update(of=("self",)).first()
            if ticket is None:
                raise NobodyHoldsIt
            detail = {"from": ticket.holder_id, "queue": ticket.queue_id}
            ticket.holder_id, ticket.held_since = by.id, at
            ticket.held_until = leases.first_until(at)
            ticket.save(update_fields=["holder", "held_since", "held_until"])
            record(action="ticket.take_over", by=by, at=at, subject=ticket, detail=detail)
    except IntegrityError as error:  # ticket_one_per_holder
        raise HoldsAnother from error
    return ticket
