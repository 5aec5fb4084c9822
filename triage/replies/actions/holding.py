"""The holding answer: it says that an email is in good hands, and is never how one ends."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from inbox.frozen import NotAnAddress
from inbox.models import Message, OutboundMessage
from inbox.outbox import queue_mail
from triage.accounts.models import User
from triage.accounts.policy import Actor
from triage.audit.actions import record
from triage.queues.models import HandOver
from triage.replies import composing
from triage.responses import blocks
from triage.responses.models import ResponseVersion
from triage.responses.queries import holding_answer


def acknowledge(
    *, hand_over_id: int, by: Actor, at: datetime, operation_id: str = ""
) -> OutboundMessage | None:
    """Gives the holding answer now on its way to who wrote, once for each hand-over.

    None when there is none to send: it went already, no holding answer is approved, there is no
    address, or the latest email looks as if a machine wrote it (RFC 3834).
    """
    with transaction.atomic():
        rows = HandOver.objects.select_related("ticket__conversation__mailbox")
        handed = rows.select_for_update(of=("self",)).get(pk=hand_over_id)
        latest = handed.ticket.conversation.messages.order_by("-pk").first()
        if handed.acknowledgement_id is not None or latest is None or _is_automatic(latest):
            return None
        version = holding_answer(language=latest.language or "en")
        sent = _send(handed, latest, version, by=by, at=at) if version else None
        if sent is None or version is None:
            return None
        handed.acknowledgement = sent
        handed.save(update_fields=["acknowledgement", "acknowledged_with"])
        detail = {"hand_over": handed.pk, "version": version.pk, "outbound": sent.pk}
        record(
            action="reply.acknowledge",
            by=by,
            at=at,
            subject=handed.ticket,
            detail=detail,
            operation_id=operation_id,
        )
        return sent


def _is_automatic(message: Message) -> bool:
    return message.automatic or message.kind != Message.Kind.PERSON


def _send(
    handed: HandOver, latest: Message, version: ResponseVersion, *, by: Actor, at: datetime
) -> OutboundMessage | None:
    conversation, author = handed.ticket.conversation, User.objects.get(pk=by.id)
    slots = composing.suggested(conversation, author, language=version.response.language)
    names = composing.variables_of(conversation, author)
    asked = latest.message_id
    try:
        with transaction.atomic():
            handed.acknowledged_with = blocks.render(
                blocks.parse(version.body), slots, names, base_url=settings.MUSTER_BASE_URL
            )
            return queue_mail(
                mailbox=conversation.mailbox,
                conversation=conversation,
                recipient=conversation.customer_address,
                sender_name=composing.signed_name(author),
                subject=latest.subject or conversation.subject,
                text=handed.acknowledged_with,
                in_reply_to=asked,
                references=[*latest.references, asked] if asked else [],
                kind=OutboundMessage.Kind.ACKNOWLEDGEMENT,
                due_at=at,
                at=at,
                auto_submitted=True,
            )
    except (NotAnAddress, blocks.BlockError):
        return None
