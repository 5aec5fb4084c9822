"""The outbox: every mail we send is a row first, leaves once, and its end is always known."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from inbox import deliveries, sending, sent_folder
from inbox.frozen import Letter, NotAnAddress, answer_subject, freeze
from inbox.jobs import ring
from inbox.models import Conversation, Mailbox, OutboundMessage, SendingPause

_PRIORITY = {
    OutboundMessage.Kind.STAFF: 0,
    OutboundMessage.Kind.ANSWER: 5,
    OutboundMessage.Kind.ACKNOWLEDGEMENT: 5,
}


class NoSender(NotAnAddress):
    """There is no address of ours from which this mail could leave."""


def queue_mail(
    *,
    mailbox: Mailbox | None,
    conversation: Conversation | None,
    recipient: str,
    sender_name: str,
    subject: str,
    text: str,
    in_reply_to: str,
    references: Sequence[str],
    kind: OutboundMessage.Kind,
    due_at: datetime,
    at: datetime,
    auto_submitted: bool = False,
    priority: int | None = None,
) -> OutboundMessage:
    """Gives the new row of one mail to one recipient, its bytes and Message-ID fixed for good.

    Call it in the transaction of what the mail is about. A mailbox that cannot send (`import`)
    sends through the first that can. An answer's subject gets its "Re: " here. Message-IDs stand
    without angle brackets. Raises NotAnAddress, or NoSender for mail that was only imported.
    """
    if mailbox is None or not mailbox.smtp_url:
        mailbox = sending_mailbox() or mailbox
    sender = mailbox.address if mailbox else parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if "@" not in sender:
        raise NoSender("There is no mailbox yet that can send. An admin can add one.")
    is_answer = kind != OutboundMessage.Kind.STAFF
    letter = Letter(
        sender=sender,
        sender_name=sender_name,
        recipient=recipient,
        subject=answer_subject(subject) if is_answer else subject,
        text=text,
        in_reply_to=in_reply_to,
        references=references,
        auto_submitted=_auto_submitted(in_reply_to) if auto_submitted else "",
    )
    frozen = freeze(letter, at=at)
    outbound = OutboundMessage.objects.create(
        kind=kind,
        mailbox=mailbox,
        conversation=conversation,
        sender=frozen.sender,
        recipient=frozen.recipient,
        subject=frozen.subject,
        message_id=frozen.message_id,
        content=frozen.content,
        content_sha256=hashlib.sha256(frozen.content).hexdigest(),
        priority=_PRIORITY[kind] if priority is None else priority,
        due_at=due_at,
        created_at=at,
    )
    ring("send")
    return outbound


def sending_mailbox() -> Mailbox | None:
    """Gives the mailbox that sends what has none of its own: the first that works, else any."""
    able = Mailbox.objects.filter(~Q(smtp_url=""), is_active=True).order_by("pk")
    return able.filter(send_failing_since=None).first() or able.first()


def withdraw(*, outbound_id: int, at: datetime) -> bool:
    """Takes back a mail whose undo window still runs; false when it is too late."""
    waiting = OutboundMessage.objects.filter(
        pk=outbound_id, state=OutboundMessage.State.QUEUED, attempts=0, due_at__gt=at
    )
    state = OutboundMessage.State.WITHDRAWN
    return bool(waiting.update(state=state, due_at=None, finished_at=at))


def resolve_unknown(*, outbound_id: int, went_out: bool, at: datetime) -> bool:
    """Writes a person's decision about an unknown mail; false when it is no longer unknown.

    What did not go out is sent again: the same bytes, the same Message-ID.
    """
    with transaction.atomic():
        unknown = OutboundMessage.objects.select_related("mailbox").filter(
            pk=outbound_id, state=OutboundMessage.State.UNKNOWN
        )
        outbound = unknown.first()
        if outbound is None:
            return False
        if went_out:
            return deliveries.end_unknown(outbound, "A person found that it went out.", at=at)
        ring("send")
        queued = {"due_at": at, "finished_at": None, "settle_due_at": None}
        return bool(unknown.update(state=OutboundMessage.State.QUEUED, **queued))


def pause_all(*, by_name: str, at: datetime) -> bool:
    """Holds every mail but those to our own staff, from this moment; false when it was paused.

    A mail that a server is taking at this moment still goes.
    """
    try:
        with transaction.atomic():
            SendingPause.objects.create(paused_at=at, paused_by_name=by_name)
    except IntegrityError:
        return False
    return True


def resume_all(*, by_name: str, at: datetime) -> bool:
    """Lets mail leave again; false when nothing was paused."""
    paused = SendingPause.objects.filter(ended_at__isnull=True)
    ring("send")
    return bool(paused.update(ended_at=at, ended_by_name=by_name))


def pause() -> SendingPause | None:
    """Gives the pause that holds all mail now, None while mail leaves as usual."""
    return SendingPause.objects.filter(ended_at__isnull=True).first()


def send(*, at: datetime) -> int:
    """Step: sends what is due, copies what was sent, and looks for proof of what is unknown.

    Gives how many mails were tried, copied or looked for. Mailboxes are served side by side: one
    that does not answer delays no other.
    """
    _give_a_mailbox()
    if not (deliveries.ready(at).exists() or sent_folder.anything_due(at)):
        return 0
    mailboxes = list(Mailbox.objects.filter(is_active=True).exclude(smtp_url="", imap_url=""))
    return sending.serve(mailboxes, at=at)


def _give_a_mailbox() -> None:
    """Mail from before there was a mailbox that can send goes through the first that can."""
    orphans = OutboundMessage.objects.filter(
        Q(mailbox=None) | Q(mailbox__smtp_url=""),
        state=OutboundMessage.State.QUEUED,
        due_at__isnull=False,
    )
    if orphans.exists() and (mailbox := sending_mailbox()):
        orphans.update(mailbox=mailbox)


def _auto_submitted(in_reply_to: str) -> str:
    return "auto-replied" if in_reply_to else "auto-generated"
