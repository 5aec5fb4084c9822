"""A letter to all our own people: written down at once, its mails written by the step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Count, Q

from inbox.claims import claim_due
from inbox.frozen import NotAnAddress
from inbox.models import OutboundMessage
from inbox.outbox import NoSender
from triage.notices.email import queue_staff_mail
from triage.notices.models import Notice, Recipient

log = structlog.get_logger("muster.notices")

BATCH = 100
HOLD = timedelta(minutes=2)
# After login codes and alerts, which cannot wait for a thousand letters; before answers.
PRIORITY = 1
State = OutboundMessage.State


def write_letters(*, at: datetime) -> int:
    """Writes the mails of the recipients that are due, each exactly once; gives how many were due.

    Without a mailbox that can send they wait; an address that is none is given up.
    """
    due = Recipient.objects.filter(due_at__isnull=False).select_related("notice")
    batch = claim_due(due, at=at, limit=BATCH, hold=HOLD)
    written = 0
    for recipient in batch:
        try:
            _write(recipient, at=at)
            written += 1
        except NoSender:
            log.warning("no mailbox can send a notice", notice=recipient.notice_id)
            break
    return written


def _write(recipient: Recipient, *, at: datetime) -> None:
    with transaction.atomic():
        mine = Recipient.objects.filter(pk=recipient.pk, due_at__isnull=False, outbound=None)
        if not mine.update(due_at=None):
            return
        mail = _mail(recipient, at=at)
        if mail is not None:
            Recipient.objects.filter(pk=recipient.pk).update(outbound=mail)


def _mail(recipient: Recipient, *, at: datetime) -> OutboundMessage | None:
    try:
        return queue_staff_mail(
            recipient=recipient.address,
            subject=recipient.notice.subject,
            text=recipient.notice.text,
            at=at,
            priority=PRIORITY,
        )
    except NoSender:
        raise
    except NotAnAddress:
        log.warning("no address", recipient=recipient.pk)
        return None


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How far a letter is: its recipients, and those whose mail waits, has left, or failed."""

    notice: Notice
    people: int
    queued: int
    sent: int
    failed: int


def deliveries(incident_id: int) -> list[Delivery]:
    """Gives the letters to our own people, newest first, in one statement."""
    notices = Notice.objects.filter(incident_id=incident_id).annotate(
        people=Count("recipients"),
        sent=_count(Q(recipients__outbound__state=State.SENT)),
        failed=_count(
            Q(recipients__outbound__state__in=[State.REJECTED, State.BOUNCED, State.WITHDRAWN])
            | Q(recipients__outbound__isnull=True, recipients__due_at__isnull=True)
        ),
    )
    return [
        Delivery(
            notice=notice,
            people=notice.people,
            queued=notice.people - notice.sent - notice.failed,
            sent=notice.sent,
            failed=notice.failed,
        )
        for notice in notices.select_related("by").order_by("-pk")
    ]


def _count(condition: Q) -> Count:
    return Count("recipients", filter=condition)


def distinct_addresses(addresses: Iterable[str]) -> list[str]:
    """Gives each address once, whatever its case, in order."""
    return list({address.casefold(): address for address in addresses if address}.values())
