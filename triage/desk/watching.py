"""Reads for the open answer page: a few small statements, asked again every few seconds."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from inbox.models import Message
from triage.accounts.policy import Actor
from triage.audit.models import AuditEvent
from triage.desk.leaving import Left, Way, how_it_left
from triage.desk.pulse import Email, Kind, Note, OpenPage, Pulse, notes
from triage.queues import leases
from triage.queues.actions.outcomes import ASKING
from triage.queues.models import Question, QueueMembership, Ticket
from triage.replies.greetings import short_name
from triage.responses.models import ResponseVersion
from triage.responses.queries import USABLE


def pulse(page: OpenPage, *, by: Actor, at: datetime) -> Pulse:
    """Gives what is new for the open page of `by`: one statement while they hold the email.

    Of an email that is not theirs it tells only how it left them.
    """
    email = _email(page, user_id=by.id, at=at)
    if email is None:
        left = _left(page.ticket_id, user_id=by.id)
        return Pulse(email=None, left=left, notes=(Note(Kind.LEFT),))
    said = notes(page, email, helping=by.helping, at=at)
    is_moved = any(note.kind is Kind.MOVED for note in said)
    queues = _next_queues(by.id) if is_moved else ()
    return Pulse(email=email, left=None, notes=said, next_queues=queues)


def _next_queues(user_id: int) -> tuple[str, ...]:
    chosen = QueueMembership.objects.filter(user_id=user_id).order_by("queue__position")
    return tuple(chosen.values_list("queue__name", flat=True))


def _email(page: OpenPage, *, user_id: int, at: datetime) -> Email | None:
    asking = Message.objects.filter(conversation=OuterRef("conversation"), kind__in=ASKING)
    answered = Question.objects.filter(ticket=OuterRef("pk"), answered_at__isnull=False)
    solved = answered.order_by().values("ticket").annotate(number=Count("pk")).values("number")
    chosen = ResponseVersion.objects.filter(USABLE, pk=page.version_id or 0)
    moves = AuditEvent.objects.filter(
        action="queues.serve", subject_kind="user", subject_id=str(user_id)
    )
    since = moves.filter(at__gt=OuterRef("held_since")).order_by("-pk")
    held = Ticket.objects.filter(pk=page.ticket_id, holder_id=user_id, held_until__gte=at)
    row = (
        held.annotate(
            latest=Subquery(asking.order_by("-pk").values("pk")[:1]),
            solved=Coalesce(Subquery(solved), 0),
            usable=Exists(chosen),
            moved=Coalesce(Subquery(since.values("pk")[:1]), 0),
        )
        .values_list(
            *("held_since", "held_until", "latest", "usable", "solved", "moved"),
            "conversation__customer_name",
        )
        .first()
    )
    if row is None:
        return None
    held_since, held_until, latest, usable, number, moved, name = row
    return Email(
        held_until=held_until,
        held_at_most_until=leases.longest_until(held_since),
        latest_message_id=latest,
        is_usable=usable,
        solved=number,
        customer_name=short_name(name),
        moved=moved,
    )


def _left(ticket_id: int, *, user_id: int) -> Left:
    if Ticket.objects.filter(pk=ticket_id, holder_id=user_id).exists():
        return Left(way=Way.TIME_OVER)  # over, and not yet taken back by the step
    return how_it_left(ticket_id=ticket_id, user_id=user_id)
