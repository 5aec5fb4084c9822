"""System mail (login codes, invitations, alerts) takes the same way out as every other mail."""

from collections.abc import Sequence
from datetime import datetime

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from inbox.frozen import NotAnAddress
from inbox.models import OutboundMessage
from inbox.outbox import queue_mail
from triage.accounts.addresses import can_get_mail

SENDER_NAME = "Muster"


class OutboxBackend(BaseEmailBackend):
    """Django's mail as OutboundMessages of kind `staff`: first in line, one per recipient.

    The sender is the mailbox that sends, whatever the message says; only its text is taken.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Gives how many messages were queued, in one transaction; a bad address raises."""
        with transaction.atomic():
            return sum(self._queue(message) for message in email_messages)

    def _queue(self, message: EmailMessage) -> int:
        try:
            for recipient in message.recipients():
                queue_staff_mail(
                    recipient=recipient,
                    subject=str(message.subject),
                    text=str(message.body),
                    at=timezone.now(),
                )
        except NotAnAddress:
            if not self.fail_silently:
                raise
            return 0
        return 1


def queue_staff_mail(
    *, recipient: str, subject: str, text: str, at: datetime, priority: int | None = None
) -> OutboundMessage | None:
    """Gives the queued mail from Muster itself to one colleague; None for whoever has no mail.

    It leaves before everything else unless `priority` says later. Raises NotAnAddress.
    """
    if not can_get_mail(recipient):
        return None
    return queue_mail(
        mailbox=None,
        conversation=None,
        recipient=recipient,
        sender_name=SENDER_NAME,
        subject=subject,
        text=text,
        in_reply_to="",
        references=(),
        kind=OutboundMessage.Kind.STAFF,
        due_at=at,
        at=at,
        auto_submitted=True,
        priority=priority,
    )
