"""A person's own day: how many they answered, and the last answer while it can be taken back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, Window

from inbox.models import OutboundMessage
from triage.accounts.models import User
from triage.queues import pace
from triage.queues.models import Pace
from triage.replies.greetings import short_name
from triage.replies.models import Reply

_JUST_NOW = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Undoable:
    """An answer that can still be taken back, until `until`."""

    reply_id: int
    customer_name: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class OwnDay:
    """How many answers somebody sent off since the day began, and the one to undo, if any.

    What a colleague reads first counts too: its writer is done with it. `is_due_a_pause` after 45
    minutes without a break.
    """

    answered: int
    undoable: Undoable | None
    is_due_a_pause: bool = False


def own_day(*, user_id: int, since: datetime, at: datetime) -> OwnDay:
    """Gives the day of one person, which began at `since`, in one statement."""
    read_first = Q(state=Reply.State.IN_REVIEW, saved_at__gte=since)
    today = Q(released_at__gte=since) | read_first
    own = Reply.objects.filter(author_id=user_id).filter(
        Q(released_at__gte=min(since, at - _JUST_NOW)) | read_first
    )
    latest = (
        own.annotate(today=Window(Count("pk", filter=today)))
        .select_related("outbound", "ticket__conversation", "author__pace")
        .defer("outbound__content")
        .order_by(F("released_at").desc(nulls_last=True))
        .first()
    )
    if latest is None:
        return OwnDay(answered=0, undoable=None)
    return OwnDay(
        answered=latest.today,
        undoable=_undoable(latest, at=at),
        is_due_a_pause=_is_due_a_pause(latest.author, at=at),
    )


def _is_due_a_pause(author: User, *, at: datetime) -> bool:
    going: Pace | None = getattr(author, "pace", None)
    if going is None or pace.has_paused(going.active_at, at=at):
        return False
    return pace.is_due_a_pause(going.working_since, at=at)


def _undoable(reply: Reply, *, at: datetime) -> Undoable | None:
    mail = reply.outbound
    if mail is None or mail.due_at is None or mail.due_at <= at:
        return None
    if mail.state != OutboundMessage.State.QUEUED or mail.attempts:
        return None
    name = short_name(reply.ticket.conversation.customer_name)
    return Undoable(reply_id=reply.pk, customer_name=name, until=mail.due_at)
