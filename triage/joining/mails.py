"""The mails to people who are invited, or were asked to wait: our words, in templates/emails/."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from triage.accounts.models import User
from triage.notices.email import queue_staff_mail
from triage.volunteers.links import invitation_token
from triage.volunteers.models import Enlistment, JoinRequest


def mail_invitation(part: Enlistment, *, at: datetime) -> None:
    """Queues the mail with somebody's personal link."""
    context = {
        "name": part.user.name,
        "incident": part.incident.name,
        "address": personal_address(part),
        "email": part.user.email,
    }
    _mail(part.user.email, "invitation", context, at=at)


def mail_refusal(request: JoinRequest, *, at: datetime) -> None:
    """Queues the mail that says, kindly, that somebody cannot join."""
    context = {"name": request.name, "incident": request.incident.name}
    _mail(request.email, "join_refusal", context, at=at)


def mail_lent_code(person: User, *, by_name: str, at: datetime) -> None:
    """Queues the mail that tells somebody of a printed code made for their login."""
    _mail(person.email, "lent_code", {"name": person.name, "by": by_name}, at=at)


def personal_address(part: Enlistment) -> str:
    """Gives the personal link of somebody who is invited."""
    return settings.MUSTER_BASE_URL + reverse("joining:invited", args=[invitation_token(part)])


def _mail(recipient: str, name: str, context: dict[str, str], *, at: datetime) -> None:
    subject = render_to_string(f"emails/{name}_subject.txt", context).strip()
    text = render_to_string(f"emails/{name}_message.txt", context)
    queue_staff_mail(recipient=recipient, subject=subject, text=text, at=at)
