"""Handing an email over to a lane and back, who is in a lane, and the lane's own notes."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from triage.accounts.models import RoleGrant
from triage.accounts.policy import Act, Actor, may
from triage.audit.actions import record
from triage.queues import routing
from triage.queues.actions.claims import NotAllowed, Refused
from triage.queues.actions.handing_on import NothingWritten, hand_over
from triage.queues.actions.steering import LaneIsClosed
from triage.queues.lanes import lane_subject
from triage.queues.models import (
    HandBackReason,
    HandOver,
    HandOverReason,
    LaneNote,
    Queue,
    QueueMembership,
    Ticket,
    Urgency,
)
from triage.queues.places import key_of

_ANSWERING = (RoleGrant.Role.SUPPORT, RoleGrant.Role.SUPERVISOR)


class NothingWaits(Refused):
    """The email was answered, or its answer is on its way."""

    sentence = _("This email does not wait any more: it was answered, or its answer is on its way.")


class AlreadyThere(Refused):
    """Somebody handed it over a moment ago."""

    sentence = _("This email is in that lane already.")


class SamePerson(Refused):
    """Who is named for a lane cannot stand in for themselves."""

    sentence = _("Please choose two different people, one of them as stand-in.")


def hand_to_lane(
    *, ticket_id: int, reason: HandOverReason, by: Actor, at: datetime, operation_id: str = ""
) -> HandOver:
    """Gives the email to the lane that its reason leads to; helpers see it no more at once.

    Whoever holds it loses it, with the draft kept; the lane's own clock begins. Raises NotAllowed,
    NothingWaits, AlreadyThere.
    """
    with transaction.atomic():
        ticket = _locked(ticket_id)
        if not may(by, Act.LANE_HAND_OVER, lane_subject(ticket, by=by)):
            raise NotAllowed
        lane = Queue.objects.get(key=routing.HANDED_TO[reason])
        if lane.pk == ticket.queue_id:
            raise AlreadyThere
        HandOver.objects.filter(ticket=ticket, ended_at=None).update(ended_at=at, ended_by=by.id)
        handed = HandOver.objects.create(
            ticket=ticket,
            lane=lane,
            from_queue_id=ticket.queue_id,
            reason=reason,
            by_id=by.id,
            at=at,
        )
        marks: dict[str, object] = {"promise_at": at + timedelta(minutes=lane.promise_minutes)}
        if reason == HandOverReason.DANGER:
            marks["urgency"] = Urgency.DANGER
        key = replace(key_of(ticket.line), queue_id=lane.pk)
        hand_over(ticket=ticket, key=key, at=at, marks=marks)
        detail = {"reason": reason.value, "from_queue": handed.from_queue_id, "to_queue": lane.pk}
        record(
            action="ticket.hand_to_lane",
            by=by,
            at=at,
            subject=ticket,
            detail={**detail, "holder": ticket.holder_id},
            operation_id=operation_id,
        )
    return handed


def hand_back(*, ticket_id: int, reason: HandBackReason, by: Actor, at: datetime) -> None:
    """Gives an email of a lane back to the queue it came from, in the place of its age.

    One that no queue sent goes where people look who sort. Raises NotAllowed, NothingWaits.
    """
    with transaction.atomic():
        ticket = _locked(ticket_id)
        if not may(by, Act.LANE_HAND_BACK, lane_subject(ticket, by=by)):
            raise NotAllowed
        came = HandOver.objects.filter(ticket=ticket, from_queue__kind=Queue.Kind.OPEN)
        last = came.select_related("from_queue").order_by("-pk").first()
        queue = last.from_queue if last else Queue.objects.get(key=routing.UNSORTED)
        running = HandOver.objects.filter(ticket=ticket, ended_at=None)
        running.update(ended_at=at, ended_by=by.id, back_reason=reason)
        promise_at = routing.promised_at(
            received_at=ticket.opened_at, at=at, promise_minutes=queue.promise_minutes
        )
        key = replace(key_of(ticket.line), queue_id=queue.pk)
        lane_id = ticket.queue_id
        marks = {"promise_at": promise_at, "urgency": Urgency.NORMAL}
        hand_over(ticket=ticket, key=key, at=at, marks=marks)
        detail = {"reason": reason.value, "from_queue": lane_id, "to_queue": queue.pk}
        record(action="ticket.hand_back", by=by, at=at, subject=ticket, detail=detail)


def set_lane(
    *,
    lane_id: int,
    member_ids: Collection[int],
    named_id: int | None,
    stand_in_id: int | None,
    promise_minutes: int,
    by: Actor,
    at: datetime,
) -> Queue:
    """Sets who is in a lane, who is named for it and stands in, and its clock; gives the lane.

    Who is named is a member. Raises NotAllowed, SamePerson, LaneIsClosed for people who may not
    answer on any day.
    """
    if not may(by, Act.LANE_STEER):
        raise NotAllowed
    if named_id is not None and named_id == stand_in_id:
        raise SamePerson
    wanted = {*member_ids, *(id_ for id_ in (named_id, stand_in_id) if id_ is not None)}
    with transaction.atomic():
        lane = Queue.objects.select_for_update().get(pk=lane_id, kind=Queue.Kind.LANE)
        able = RoleGrant.objects.filter(user_id__in=wanted, role__in=_ANSWERING)
        if set(able.values_list("user_id", flat=True)) != wanted:
            raise LaneIsClosed
        before = _members(lane)
        QueueMembership.objects.filter(queue=lane).exclude(user_id__in=wanted).delete()
        QueueMembership.objects.bulk_create(
            QueueMembership(queue=lane, user_id=user_id) for user_id in sorted(wanted - before)
        )
        lane.named_id, lane.stand_in_id = named_id, stand_in_id
        lane.promise_minutes = promise_minutes
        lane.save(update_fields=["named", "stand_in", "promise_minutes"])
        detail = {"before": sorted(before), "members": sorted(wanted), "named": named_id}
        detail |= {"stand_in": stand_in_id, "minutes": promise_minutes}
        record(action="lane.set", by=by, at=at, subject=lane, detail=detail)
    return lane


def write_note(*, ticket_id: int, text: str, by: Actor, at: datetime) -> LaneNote:
    """Keeps a note of the lane about an email of it. Raises NotAllowed, NothingWritten."""
    words = text.strip()[:4000]
    with transaction.atomic():
        ticket = _locked(ticket_id, waiting=False)
        if not may(by, Act.LANE_NOTE, lane_subject(ticket, by=by)):
            raise NotAllowed
        if not words:
            raise NothingWritten
        note = LaneNote.objects.create(
            ticket=ticket, lane_id=ticket.queue_id, author_id=by.id, text=words, at=at
        )
        record(action="lane.note", by=by, at=at, subject=note, detail={"ticket": ticket.pk})
    return note


def set_note_in_export(*, note_id: int, in_export: bool, by: Actor, at: datetime) -> LaneNote:
    """Sets whether a note leaves in an export: the choice of its lane alone. Raises NotAllowed."""
    with transaction.atomic():
        note = LaneNote.objects.select_for_update(of=("self",)).get(pk=note_id)
        is_member = QueueMembership.objects.filter(queue_id=note.lane_id, user_id=by.id).exists()
        if not (is_member and may(by, Act.EMAIL_BROWSE)):
            raise NotAllowed
        note.in_export = in_export
        note.save(update_fields=["in_export"])
        detail = {"in_export": in_export}
        record(action="lane.note_export", by=by, at=at, subject=note, detail=detail)
    return note


def _members(lane: Queue) -> set[int]:
    return set(QueueMembership.objects.filter(queue=lane).values_list("user_id", flat=True))


def _locked(ticket_id: int, *, waiting: bool = True) -> Ticket:
    tickets = Ticket.objects.select_related("line", "queue").select_for_update(of=("self",))
    ticket = tickets.filter(pk=ticket_id).first()
    if ticket is None or (waiting and ticket.state != Ticket.State.OPEN):
        raise NothingWaits
    return ticket
