"""Every mail as one line of JSON, for those who count or look from outside."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Exists, Min, OuterRef

from inbox.models import Arrival, Message

_CHUNK = 500


def lines(*, since: datetime | None) -> Iterator[dict[str, Any]]:
    """Gives each message, then each mail that waits to be read or was set aside, oldest first.

    `since` leaves out what was received before. The same bytes are told once.
    """
    messages = Message.objects.select_related(
        "classification", "outcome", "conversation__ticket__queue"
    ).prefetch_related("attachments")
    told = Arrival.objects.filter(raw_sha256=OuterRef("raw_sha256"), message__isnull=False)
    arrivals = Arrival.objects.filter(
        ~Exists(told),
        message__isnull=True,
        state__in=[Arrival.State.STORED, Arrival.State.QUARANTINED, Arrival.State.DISCARDED],
    )
    if since is not None:
        messages = messages.filter(received_at__gte=since)
        arrivals = arrivals.filter(internal_date__gte=since)
    for message in messages.order_by("pk").iterator(chunk_size=_CHUNK):
        yield _message_line(message)
    first = arrivals.values("raw_sha256").annotate(first=Min("pk")).values("first")
    for arrival in Arrival.objects.filter(pk__in=first).order_by("pk").iterator(_CHUNK):
        yield _arrival_line(arrival)


def _message_line(message: Message) -> dict[str, Any]:
    return {
        "id": f"message-{message.pk}",
        "raw_sha256": message.raw_sha256,
        "raw_size": message.raw_size,
        "state": "parsed",
        "reason": "",
        "message_id": message.message_id,
        "subject": message.subject,
        "from_address": message.from_address,
        "from_name": message.from_name,
        "date": message.date and message.date.isoformat(),
        "received_at": message.received_at.isoformat(),
        "text": message.text,
        "new_text": message.new_text,
        "has_html": bool(message.html),
        "attachments": [
            {
                "filename": attachment.filename,
                "content_type": attachment.content_type,
                "size": attachment.size,
                "sha256": attachment.sha256,
            }
            for attachment in message.attachments.all()
        ],
        "kind": message.kind,
        "channel": message.channel,
        "language": message.language,
        "conversation_id": message.conversation_id,
        **_sorted(message),
    }


def _sorted(message: Message) -> dict[str, Any]:
    classification = _related(message, "classification")
    ticket = _related(message.conversation, "ticket")
    outcome = _related(message, "outcome")
    return {
        "label": classification and classification.label,
        "topic": classification and classification.topic,
        "tone": classification and classification.tone,
        "queue": ticket and ticket.queue.key,
        "outcome": outcome and outcome.kind,
    }


def _related(row: Any, name: str) -> Any:  # noqa: ANN401 - whichever row stands on the other side
    try:
        return getattr(row, name)
    except ObjectDoesNotExist:
        return None


def _arrival_line(arrival: Arrival) -> dict[str, Any]:
    """What is known of a mail that nobody could look into yet: its bytes and when they came."""
    waits = arrival.state == Arrival.State.STORED
    unread = dict.fromkeys(("message_id", "subject", "from_address", "from_name"), "")
    return {
        "id": f"arrival-{arrival.pk}",
        "raw_sha256": arrival.raw_sha256,
        "raw_size": arrival.size,
        "state": "waiting" if waits else "quarantined",
        "reason": arrival.reason,
        **unread,
        "date": None,
        "received_at": arrival.internal_date.isoformat(),
        "text": "",
        "new_text": "",
        "has_html": False,
        "attachments": [],
        "kind": "person",
        "channel": "email",
        "language": "",
        "conversation_id": None,
        "label": None,
        "topic": None,
        "tone": None,
        "queue": None,
        "outcome": None,
    }
