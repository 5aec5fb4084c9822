"""A lane is its members' alone: handed over at once, given back with a reason, never in silence."""

import pytest
from django.db import DatabaseError

from tests.factories import desk
from tests.factories.desk import NOON, minutes
from triage.accounts.policy import Act, Subject, may
from triage.audit.models import AuditEvent
from triage.notices.causes import causes
from triage.queues import counters
from triage.queues.actions import (
    AlreadyThere,
    LaneIsClosed,
    NotAllowed,
    NotHeld,
    NothingWaits,
    SamePerson,
    claim_next,
    hand_back,
    hand_to_lane,
    renew,
    set_lane,
    set_note_in_export,
    write_note,
)
from triage.queues.actions.arrivals import Arrived, open_tickets
from triage.queues.lanes import lanes, notes_for_export, notes_of
from triage.queues.models import HandBackReason, HandOver, HandOverReason, Queue, Ticket
from triage.queues.routing import HANDED_TO, Route
from triage.queues.serving import served_by
from triage.replies.actions import save_draft
from triage.replies.models import Reply

pytestmark = pytest.mark.django_db
LAWYER = HandOverReason.LAWYER


@pytest.fixture
def sam():
    return desk.actor("Sam", "supervisor")


@pytest.fixture
def lou(sam):
    """Lou is named for Legal and privacy."""
    lou = desk.actor("Lou")
    legal = desk.queue("legal")
    set_lane(
        lane_id=legal.pk,
        member_ids=[],
        named_id=lou.id,
        stand_in_id=None,
        promise_minutes=240,
        by=sam,
        at=NOON,
    )
    return lou


def handed(by, *, reason=LAWYER, at=NOON) -> Ticket:
    ticket = desk.ticket()
    hand_to_lane(ticket_id=ticket.pk, reason=reason, by=by, at=at)
    ticket.refresh_from_db()
    return ticket


def test_each_reason_leads_to_a_lane():
    assert set(HANDED_TO) == set(HandOverReason)
    for key in HANDED_TO.values():
        assert desk.queue(key).is_lane


def test_an_email_is_handed_over_and_the_lanes_own_clock_begins(sam, lou):
    ticket = handed(sam, at=NOON + minutes(5))
    assert ticket.queue.key == "legal"
    assert ticket.promise_at == NOON + minutes(5 + 240)
    event = AuditEvent.objects.get(action="ticket.hand_to_lane")
    assert event.detail["reason"] == "lawyer"
    assert counters.reconcile() == ()


def test_what_cannot_be_recorded_was_not_handed_over(sam, lou, monkeypatch):
    ticket = desk.ticket()

    def fail(**_event):
        raise DatabaseError

    monkeypatch.setattr("triage.queues.actions.lanes.record", fail)
    with pytest.raises(DatabaseError):
        hand_to_lane(ticket_id=ticket.pk, reason=LAWYER, by=sam, at=NOON)
    ticket.refresh_from_db()
    assert ticket.queue.key == "other"
    assert not HandOver.objects.exists()


def test_twice_is_once(sam, lou):
    ticket = handed(sam)
    with pytest.raises(AlreadyThere):
        hand_to_lane(ticket_id=ticket.pk, reason=LAWYER, by=sam, at=NOON)
    assert HandOver.objects.count() == 1


def test_it_leaves_a_helpers_hands_at_once_with_the_draft_kept(sam, lou, helper):
    ticket, ann = desk.ticket(), helper("Ann")
    assert claim_next(by=ann, at=NOON) == ticket
    save_draft(ticket_id=ticket.pk, version_id=None, slots={"own line": "Dear"}, by=ann, at=NOON)
    hand_to_lane(ticket_id=ticket.pk, reason=LAWYER, by=sam, at=NOON)
    with pytest.raises(NotHeld):
        renew(ticket_id=ticket.pk, by=ann, at=NOON)
    assert claim_next(by=ann, at=NOON) is None
    assert Reply.objects.get().slots == {"own line": "Dear"}
    assert counters.reconcile() == ()


def test_a_phrase_of_risk_takes_a_held_email_out_of_a_helpers_hands(lou, helper):
    ticket, ann = desk.ticket(), helper("Ann")
    claim_next(by=ann, at=NOON)
    newer = desk.message(ticket.conversation)
    arrived = Arrived(
        message_id=newer.pk,
        conversation_id=ticket.conversation_id,
        received_at=NOON,
        route=Route(queue_key="legal", words="my lawyer"),
        classification_version=1,
    )
    open_tickets(arrived=[arrived], at=NOON)
    ticket.refresh_from_db()
    assert (ticket.queue.key, ticket.holder) == ("legal", None)
    assert claim_next(by=ann, at=NOON) is None
    assert counters.reconcile() == ()


def test_a_helper_may_neither_see_nor_answer_what_is_in_a_lane_whoever_gave_it_to_them(helper):
    ann = helper("Ann")
    held = Subject(kind="ticket", holder_id=ann.id, is_lane=True)
    assert not may(ann, Act.EMAIL_VIEW, held)
    assert not may(ann, Act.EMAIL_ANSWER, held)
    assert not may(ann, Act.LANE_HAND_OVER, Subject(kind="ticket", holder_id=ann.id))


def test_its_members_are_given_it_and_nobody_else(sam, lou):
    ticket = handed(sam)
    assert claim_next(by=desk.actor("Sue"), at=NOON) is None
    assert claim_next(by=sam, at=NOON) is None
    assert claim_next(by=lou, at=NOON) == ticket


def test_while_nobody_is_named_supervisors_are_given_it(sam):
    ticket = handed(sam)
    assert claim_next(by=desk.actor("Sue"), at=NOON) is None
    assert claim_next(by=sam, at=NOON) == ticket


def test_the_reads_say_the_same_as_the_claim(sam, lou):
    legal, press = desk.queue("legal").pk, desk.queue("press").pk
    assert legal in served_by(lou.id, is_support=True)
    assert press not in served_by(lou.id, is_support=True)
    of_sam = served_by(sam.id, is_support=False, is_supervisor=True)
    assert press in of_sam
    assert legal not in of_sam


def test_supervisors_hear_of_a_lane_that_names_nobody_or_is_late(sam, lou):
    handed(sam)
    handed(sam, reason=HandOverReason.JOURNALIST)
    keys = {key.partition(":")[2] for key in causes(at=NOON) if key.startswith("lane:")}
    assert keys == {f"{desk.queue('press').pk}:nobody"}
    late = {key for key in causes(at=NOON + minutes(300)) if key.endswith(":late")}
    assert late == {f"lane:{desk.queue(key).pk}:late" for key in ("legal", "press")}


def test_a_lane_gives_an_email_back_to_where_it_came_from_in_the_place_of_its_age(sam, lou):
    ticket = handed(sam)
    hand_back(ticket_id=ticket.pk, reason=HandBackReason.NOT_OURS, by=lou, at=NOON + minutes(9))
    ticket.refresh_from_db()
    assert ticket.queue.key == "other"
    assert ticket.promise_at == ticket.opened_at + minutes(ticket.queue.promise_minutes)
    assert HandOver.objects.get().back_reason == "not_ours"
    assert AuditEvent.objects.filter(action="ticket.hand_back").count() == 1
    assert counters.reconcile() == ()


def test_who_is_not_of_a_lane_neither_takes_from_it_nor_gives_back(sam, lou):
    ticket, sue = handed(sam), desk.actor("Sue")
    with pytest.raises(NotAllowed):
        hand_back(ticket_id=ticket.pk, reason=HandBackReason.NOT_OURS, by=sue, at=NOON)
    with pytest.raises(NotAllowed):
        hand_to_lane(ticket_id=ticket.pk, reason=HandOverReason.JOURNALIST, by=sue, at=NOON)


def test_what_is_being_answered_is_not_handed_over(sam, lou):
    ticket = desk.ticket()
    Ticket.objects.update(state="answering")
    with pytest.raises(NothingWaits):
        hand_to_lane(ticket_id=ticket.pk, reason=LAWYER, by=sam, at=NOON)


def test_a_lanes_notes_are_its_members_alone_and_leave_only_by_their_choice(sam, lou):
    ticket = handed(sam)
    with pytest.raises(NotAllowed):
        write_note(ticket_id=ticket.pk, text="What?", by=sam, at=NOON)
    note = write_note(ticket_id=ticket.pk, text="Privileged.", by=lou, at=NOON)
    assert [kept.text for kept in notes_of(ticket)] == ["Privileged."]
    assert notes_for_export() == ()
    with pytest.raises(NotAllowed):
        set_note_in_export(note_id=note.pk, in_export=True, by=sam, at=NOON)
    set_note_in_export(note_id=note.pk, in_export=True, by=lou, at=NOON)
    assert [kept.text for kept in notes_for_export()] == ["Privileged."]
    assert "Privileged" not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_only_people_of_the_team_are_in_a_lane_and_two_are_two(sam):
    legal, ann = desk.queue("legal"), desk.user("Ann")
    sue = desk.user("Sue", "support").pk
    people = {"member_ids": [], "promise_minutes": 60, "by": sam, "at": NOON}
    with pytest.raises(LaneIsClosed):
        set_lane(lane_id=legal.pk, named_id=ann.pk, stand_in_id=None, **people)
    with pytest.raises(SamePerson):
        set_lane(lane_id=legal.pk, named_id=sue, stand_in_id=sue, **people)
    with pytest.raises(NotAllowed):
        set_lane(
            lane_id=legal.pk,
            named_id=sue,
            stand_in_id=None,
            **{**people, "by": desk.actor("Sue")},
        )


def test_the_lanes_are_read_in_four_statements(sam, lou, django_assert_max_num_queries):
    handed(sam)
    with django_assert_max_num_queries(4):
        shown = {lane.key: lane for lane in lanes(at=NOON)}
    assert shown["legal"].waiting == 1
    assert [member.name for member in shown["legal"].members] == ["Lou"]
    assert not shown["legal"].names_nobody
    assert shown["press"].names_nobody
    assert Queue.objects.filter(kind="lane").count() == len(shown)
