"""Thanking everybody who helped, each with their own numbers, at the moment their time ends."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime

from django.utils.translation import gettext as _

from inbox.frozen import NotAnAddress
from inbox.outbox import NoSender
from triage.audit.actions import Doer
from triage.incidents.models import Incident
from triage.notices.email import queue_staff_mail
from triage.replies.helped import Helped, helped_since
from triage.volunteers.actions import note_numbers
from triage.volunteers.queries import who_took_part


def thank_everybody(
    *,
    incident: Incident,
    user_ids: Collection[int],
    by: Doer,
    at: datetime,
    operation_id: str,
) -> int:
    """Keeps what each of these people did and mails it to them with our thanks; gives how many.

    Call it in the transaction that ended their time. Who only joined, and never promised or
    answered, gets no mail.
    """
    numbers = helped_since(since=incident.opened_at, user_ids=user_ids)
    note_numbers(
        incident=incident,
        numbers={
            user_id: (found.answers, found.people, found.minutes)
            for user_id, found in numbers.items()
        },
        by=by,
        at=at,
        operation_id=operation_id,
    )
    took_part = who_took_part(incident_id=incident.pk, user_ids=user_ids)
    return sum(
        _mail(email, numbers.get(user_id, Helped()), incident.name, at)
        for user_id, email in took_part
    )


def _mail(email: str, found: Helped, incident: str, at: datetime) -> bool:
    with suppress(NotAnAddress, NoSender):
        queue_staff_mail(
            recipient=email, subject=_("Thank you"), text=letter(found, incident), at=at
        )
        return True
    return False


def letter(found: Helped, incident: str) -> str:
    """Gives the words of thanks to one helper."""
    lines = [
        _("Your helping time has ended: %(incident)s.") % {"incident": incident},
        found.in_words() or _("You were there, ready to help. That counted."),
        _("What you wrote is kept, and it is safe with the team. What you read stays with you."),
        _("Take a good break. Thank you."),
    ]
    return "\n\n".join(lines) + "\n"
