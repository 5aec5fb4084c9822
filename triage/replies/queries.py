"""What the desk and the board read of answers."""

from dataclasses import dataclass
from datetime import datetime

from inbox.models import OutboundMessage
from triage.replies.composer import Composer, composer
from triage.replies.greetings import short_name
from triage.replies.models import Reply
from triage.replies.own_day import OwnDay, Undoable, own_day

__all__ = [
    "Composer",
    "OwnDay",
    "SentAnswer",
    "Undoable",
    "composer",
    "own_day",
    "sent_by",
]

State = OutboundMessage.State


@dataclass(frozen=True, kw_only=True)
class SentAnswer:
    """One of a person's own answers. `state` is that of its mail; every one can be seen."""

    id: int
    customer_name: str
    subject: str
    text: str
    released_at: datetime
    state: str
    sent_at: datetime | None
    server_words: str


def sent_by(
    *, user_id: int, before_id: int | None = None, limit: int = 50
) -> tuple[SentAnswer, ...]:
    """Gives a person's own answers, latest first; `before_id` ends the page before."""
    rows = Reply.objects.filter(author_id=user_id, state=Reply.State.RELEASED)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    rows = rows.select_related("outbound", "ticket__conversation").defer("outbound__content")
    return tuple(
        SentAnswer(
            id=row.pk,
            customer_name=short_name(row.ticket.conversation.customer_name),
            subject=row.outbound.subject,
            text=row.text,
            released_at=row.released_at,
            state=row.outbound.state,
            sent_at=row.outbound.sent_at,
            server_words=row.outbound.server_words,
        )
        for row in rows.order_by("-pk")[:limit]
        if row.outbound and row.released_at
    )
