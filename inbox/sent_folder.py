"""The Sent folder: where we leave a copy of each answer, and look for proof of the unknown ones."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet

from inbox import deliveries
from inbox.failpoints import failpoint
from inbox.imap import ImapError, ImapSession
from inbox.mailboxes import MailboxError, imap_session
from inbox.models import Mailbox, OutboundMessage

log = structlog.get_logger("muster.outbox")

PROVE_FOR = timedelta(minutes=15)
COPY_FOR = timedelta(hours=24)
_SOON = timedelta(seconds=30)
_BATCH = 20
_FOUND = "Found in the Sent folder."


def anything_due(at: datetime) -> bool:
    """Tells whether a copy is to be made or a proof to be looked for."""
    return _to_copy(at).exists() or _to_prove(at).exists()


def copy_sent(mailbox: Mailbox, *, at: datetime) -> int:
    """Adds due copies to the Sent folder, unless they are there; gives how many were looked at.

    A failure is tried again for a day and changes nothing about the mail being sent.
    """
    held = _hold(_to_copy(at).filter(mailbox=mailbox), "copy_due_at", at=at)
    if not held:
        return 0
    waiting = list(held)
    try:
        with imap_session(mailbox) as session:
            folder = _sent_folder(mailbox, session)
            while waiting:
                _copy(session, folder, waiting[0])
                del waiting[0]
    except (ImapError, MailboxError) as error:
        log.warning("no copy in Sent", mailbox=mailbox.pk, error=type(error).__name__)
        _copy_later(waiting, at=at)
    return len(held)


def prove_unknown(mailbox: Mailbox, *, at: datetime) -> int:
    """Looks for due unknown mails in the Sent folder; gives how many were looked for.

    Found means sent. What is not found within 15 minutes waits for a person to decide.
    """
    held = _hold(_to_prove(at).filter(mailbox=mailbox), "due_at", at=at)
    if not held:
        return 0
    found: set[int] = set()
    try:
        if mailbox.imap_url:
            with imap_session(mailbox) as session:
                found = _found(mailbox, session, held)
    except (ImapError, MailboxError) as error:
        log.warning("no look into Sent", mailbox=mailbox.pk, error=type(error).__name__)
    for outbound in held:
        if outbound.pk in found:
            deliveries.end_unknown(outbound, _FOUND, at=at)
        else:
            _look_later(outbound, at=at)
    return len(held)


def _to_copy(at: datetime) -> "QuerySet[OutboundMessage]":
    return OutboundMessage.objects.filter(copy_due_at__lte=at, mailbox__is_active=True)


def _to_prove(at: datetime) -> "QuerySet[OutboundMessage]":
    return OutboundMessage.objects.filter(
        state=OutboundMessage.State.UNKNOWN, due_at__lte=at, mailbox__is_active=True
    )


def _hold(
    rows: "QuerySet[OutboundMessage]", due_field: str, *, at: datetime
) -> list[OutboundMessage]:
    """Claims some rows by moving their due time, so that one worker does each of them."""
    if not rows.exists():  # asked first: a claim takes SQLite's write lock
        return []
    with transaction.atomic():
        held = list(
            rows.order_by(due_field, "pk")
            .select_related("mailbox")
            .select_for_update(skip_locked=True, of=("self",))[:_BATCH]
        )
        mine = OutboundMessage.objects.filter(pk__in=[outbound.pk for outbound in held])
        mine.update(**{due_field: at + deliveries.HOLD})
    return held


def _copy(session: ImapSession, folder: str, outbound: OutboundMessage) -> None:
    assert outbound.sent_at is not None
    if folder and not session.find_message_id(folder, outbound.message_id):
        session.append(folder, bytes(outbound.content), at=outbound.sent_at)
        failpoint("send.after_append")
    OutboundMessage.objects.filter(pk=outbound.pk).update(copy_due_at=None)


def _found(mailbox: Mailbox, session: ImapSession, held: Sequence[OutboundMessage]) -> set[int]:
    folder = _sent_folder(mailbox, session)
    if not folder:
        return set()
    return {one.pk for one in held if session.find_message_id(folder, one.message_id)}


def _sent_folder(mailbox: Mailbox, session: ImapSession) -> str:
    """The folder that was chosen for this mailbox, else what the server marks or names so."""
    return mailbox.sent_folder or session.special_folder("\\Sent")


def _copy_later(waiting: Sequence[OutboundMessage], *, at: datetime) -> None:
    """The first, which perhaps made the server fail, waits longest, so that the others pass it."""
    for number, outbound in enumerate(waiting):
        since = outbound.sent_at or at
        pause = deliveries.wait(since, at, least=2 * _SOON, most=timedelta(hours=1))
        due_at = at + (pause if number == 0 else _SOON) if at - since < COPY_FOR else None
        not_copied = OutboundMessage.objects.filter(pk=outbound.pk, copy_due_at__isnull=False)
        not_copied.update(copy_due_at=due_at)


def _look_later(outbound: OutboundMessage, *, at: datetime) -> None:
    since = outbound.finished_at or at
    can_be_found = outbound.mailbox is not None and outbound.mailbox.imap_url != ""
    look_again = can_be_found and at - since < PROVE_FOR
    still = OutboundMessage.objects.filter(pk=outbound.pk, state=OutboundMessage.State.UNKNOWN)
    still.update(due_at=at + deliveries.PROOF_EVERY if look_again else None)
