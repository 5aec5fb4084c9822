"""How an email left somebody's hands without their doing, as the record tells it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet

from triage.audit.models import AuditEvent
from triage.replies.models import Reply


class Way(StrEnum):
    """The ways in which an email leaves a person who did not send it anywhere."""

    TIME_OVER = "time over"
    TAKEN = "taken"
    CALLED_BACK = "called back"
    ANSWERED = "answered"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, kw_only=True)
class Left:
    """How the email left and, where a person took it, their name."""

    way: Way
    by_name: str = ""


_WAYS = {
    "ticket.lapse": Way.TIME_OVER,
    "ticket.release": Way.TAKEN,
    "ticket.take_over": Way.TAKEN,
    "ticket.return": Way.CALLED_BACK,
}
# What a person does with an email; whoever did one of these last knows where their email is.
_TAKES = ("ticket.claim", "reply.undo")
_GIVES = (
    *("reply.submit", "ticket.leave", "ticket.pass_on"),
    *("ticket.no_reply_needed", "ticket.raise_danger"),
)
_TOLD_FOR = timedelta(minutes=30)


def how_it_left(*, ticket_id: int, user_id: int) -> Left:
    """Gives how this email last left this person, in two statements.

    Their own answer may have gone from another tab; that is told before anything older.
    """
    answered = Reply.objects.filter(ticket_id=ticket_id, author_id=user_id)
    if answered.exclude(state=Reply.State.DRAFT).exists():
        return Left(way=Way.ANSWERED)
    event = _events(ticket_id, user_id).first()
    return _left(event) if event else Left(way=Way.ELSEWHERE)


def last_one_left(*, user_id: int, at: datetime) -> Left | None:
    """Gives how the email that they took last went away; None when they know it themselves.

    For somebody who holds none now; in two statements. Told for half an hour.
    """
    own = AuditEvent.objects.filter(actor_id=str(user_id), action__in=[*_TAKES, *_GIVES])
    last = own.order_by("-id").first()
    if last is None or last.action not in _TAKES:
        return None
    ticket_id = last.detail["ticket"] if last.subject_kind == "reply" else int(last.subject_id)
    event = _events(ticket_id, user_id).filter(pk__gt=last.pk, at__gt=at - _TOLD_FOR).first()
    return _left(event) if event else None


def _events(ticket_id: int, user_id: int) -> QuerySet[AuditEvent]:
    of_ticket = AuditEvent.objects.filter(subject_kind="ticket", subject_id=str(ticket_id))
    return of_ticket.filter(action__in=_WAYS, detail__holder=user_id).order_by("-id")


def _left(event: AuditEvent) -> Left:
    way = _WAYS[event.action]
    return Left(way=way, by_name=event.actor_name if way == Way.TAKEN else "")
