"""What people read of the lanes: who is in them, what is late, and the notes of their own."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Prefetch, Subquery

from triage.accounts.models import User
from triage.accounts.policy import Actor, Subject
from triage.queues import counters
from triage.queues.models import Counter, HandOver, LaneNote, Queue, QueueMembership, Ticket
from triage.queues.serving import served_by


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One lane: how many wait and until when the first was promised word, and its people."""

    id: int
    key: str
    name: str
    waiting: int
    promised_at: datetime | None
    promise_minutes: int
    members: tuple[User, ...]
    named: User | None
    stand_in: User | None

    @property
    def names_nobody(self) -> bool:
        """Tells whether its emails go to supervisors, because nobody is named."""
        return self.named is None and self.stand_in is None


@dataclass(frozen=True, kw_only=True)
class ExportedNote:
    """A note that its lane lets leave."""

    id: int
    ticket_id: int
    lane: str
    author: str
    text: str
    at: datetime


def lanes(*, at: datetime) -> tuple[Lane, ...]:
    """Gives every lane, in four statements whatever their number."""
    heads = Ticket.objects.filter(queue=OuterRef("pk"), state="open", holder__isnull=True)
    heads = heads.order_by("promise_at", "pk")
    members = QueueMembership.objects.select_related("user").order_by("user__name", "user_id")
    rows = (
        Queue.objects.filter(kind=Queue.Kind.LANE)
        .select_related("named", "stand_in")
        .prefetch_related(Prefetch("memberships", queryset=members))
        .annotate(promised_at=Subquery(heads.values("promise_at")[:1]))
    )
    counted = counters.read(at=at)
    return tuple(
        Lane(
            id=row.pk,
            key=row.key,
            name=row.name,
            waiting=counted[row.pk, Counter.Measure.WAITING],
            promised_at=row.promised_at,
            promise_minutes=row.promise_minutes,
            members=tuple(membership.user for membership in row.memberships.all()),
            named=row.named,
            stand_in=row.stand_in,
        )
        for row in rows
    )


def lane_subject(ticket: Ticket, *, by: Actor) -> Subject:
    """Gives an email as the policy sees it: in a lane or not, and whether they are of it."""
    if not ticket.queue.is_lane:
        return Subject(kind="ticket", holder_id=ticket.holder_id)
    served = served_by(by.id, is_support=by.has("support"), is_supervisor=by.has("supervisor"))
    mine = QueueMembership.objects.filter(queue_id=ticket.queue_id, user_id=by.id)
    own = frozenset({by.id})
    return Subject(
        kind="ticket",
        holder_id=ticket.holder_id,
        is_lane=True,
        serves=own if ticket.queue_id in served else frozenset(),
        members=own if mine.exists() else frozenset(),
    )


def hand_overs_of(ticket_id: int) -> tuple[HandOver, ...]:
    """Gives how an email went to lanes, oldest first, with the people."""
    rows = HandOver.objects.filter(ticket_id=ticket_id)
    rows = rows.select_related("lane", "by", "ended_by", "acknowledgement")
    return tuple(rows.defer("acknowledgement__content").order_by("pk"))


def notes_of(ticket: Ticket) -> tuple[LaneNote, ...]:
    """Gives the notes of the lane in which an email is; for its members alone."""
    rows = LaneNote.objects.filter(ticket=ticket, lane_id=ticket.queue_id)
    return tuple(rows.select_related("author").order_by("pk"))


def notes_for_export(
    *, since: datetime | None = None, until: datetime | None = None
) -> tuple[ExportedNote, ...]:
    """Gives the notes that their lanes let leave, oldest first; within these times, if given."""
    rows = LaneNote.objects.filter(in_export=True)
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    return tuple(
        ExportedNote(
            id=note.pk,
            ticket_id=note.ticket_id,
            lane=note.lane.name,
            author=note.author.get_full_name(),
            text=note.text,
            at=note.at,
        )
        for note in rows.select_related("lane", "author").order_by("pk")
    )
