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
    """One of a person's own answers; every one can be seen.

    `state` is that of its mail, before that `draft` or `in_review`. Of a draft there are only the
    person's own words in `text`: the email may be in other hands by now.
    """

    id: int
    customer_name: str
    subject: str
    text: str
    at: datetime
    state: str
    sent_at: datetime | None
    server_words: str


def sent_by(
    *, user_id: int, before_id: int | None = None, limit: int = 50
) -> tuple[SentAnswer, ...]:
    """Gives a person's own answers, latest first; `before_id` ends the page before."""
    rows = Reply.objects.filter(author_id=user_id)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    rows = rows.select_related("outbound", "ticket__conversation").defer("outbound__content")
    return tuple(_own_answer(row) for row in rows.order_by("-pk")[:limit])


def _own_answer(row: Reply) -> SentAnswer:
    is_draft, mail = row.state == Reply.State.DRAFT, row.outbound
    conversation = row.ticket.conversation
    return SentAnswer(
        id=row.pk,
        customer_name="" if is_draft else short_name(conversation.customer_name),
        subject="" if is_draft else (mail.subject if mail else conversation.subject),
        text=row.slots.get("own line", "") if is_draft else row.text,
        at=row.released_at or row.saved_at,
        state=mail.state if mail else row.state,
        sent_at=mail.sent_at if mail else None,
        server_words=mail.server_words if mail else "",
    )
