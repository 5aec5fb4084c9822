"""One person takes one email, keeps it while they work on it, and gives it back."""

import pytest
from django.db import DatabaseError

from tests.factories import desk
from tests.factories.desk import NOON, minutes
from triage.audit.actions import digest
from triage.audit.models import AuditEvent
from triage.audit.statements import event_values
from triage.queues import counters
from triage.queues.actions import (
    NotAllowed,
    NotHeld,
    PassReason,
    claim_next,
    leave,
    pass_on,
    release,
    renew,
    return_all_of,
    set_queues,
)
from triage.queues.jobs import lapse
from triage.queues.models import Ticket

pytestmark = pytest.mark.django_db


def test_the_oldest_promise_over_all_queues_comes_first():
    desk.ticket("other", promise_at=NOON)
    first = desk.ticket("praise", promise_at=NOON - minutes(5))
    desk.ticket("angry", promise_at=NOON - minutes(1))
    assert claim_next(by=desk.actor("Ann"), at=NOON) == first


def test_of_two_promises_at_the_same_time_the_earlier_email_comes_first():
    first, _second = desk.ticket(), desk.ticket()
    assert claim_next(by=desk.actor("Ann"), at=NOON) == first


def test_two_people_never_get_the_same_email():
    first, second = desk.ticket(), desk.ticket()
    assert claim_next(by=desk.actor("Ann"), at=NOON) == first
    assert claim_next(by=desk.actor("Bob"), at=NOON) == second


def test_who_holds_an_email_gets_that_one_again():
    held, _other = desk.ticket(), desk.ticket()
    ann = desk.actor("Ann")
    assert claim_next(by=ann, at=NOON) == claim_next(by=ann, at=NOON + minutes(3)) == held


def test_nobody_waiting_gives_nothing():
    assert claim_next(by=desk.actor("Ann"), at=NOON) is None


def test_who_may_not_help_is_refused():
    with pytest.raises(NotAllowed):
        claim_next(by=desk.actor("Leo", "approver"), at=NOON)


def test_a_person_is_given_only_what_they_serve():
    ann = desk.actor("Ann")
    desk.ticket("other", promise_at=NOON - minutes(90))
    praise = desk.ticket("praise")
    sam = desk.actor("Sam", "supervisor")
    set_queues(user_id=ann.id, queue_ids=[praise.queue_id], by=sam, at=NOON)
    assert claim_next(by=ann, at=NOON) == praise


def test_a_helper_is_never_given_what_waits_in_a_lane(helper):
    desk.ticket("legal")
    assert claim_next(by=helper("Bob"), at=NOON) is None


def test_a_lane_without_a_named_person_is_served_by_supervisors():
    legal = desk.ticket("legal")
    assert claim_next(by=desk.actor("Ann"), at=NOON) is None
    assert claim_next(by=desk.actor("Sam", "supervisor"), at=NOON) == legal


def test_a_lane_with_a_named_person_is_served_by_nobody_else():
    legal = desk.ticket("legal")
    carla = desk.actor("Carla")
    sam = desk.actor("Sam", "supervisor")
    set_queues(user_id=carla.id, queue_ids=[legal.queue_id], by=sam, at=NOON)
    assert claim_next(by=desk.actor("Ann"), at=NOON) is None
    assert claim_next(by=carla, at=NOON) == legal


def test_an_email_is_theirs_for_twenty_minutes_after_each_activity():
    ann = desk.actor("Ann")
    held = desk.ticket()
    claim_next(by=ann, at=NOON)
    assert renew(ticket_id=held.pk, by=ann, at=NOON + minutes(7)) == NOON + minutes(27)


def test_an_email_is_theirs_for_an_hour_at_most():
    ann = desk.actor("Ann")
    held = desk.ticket()
    claim_next(by=ann, at=NOON)
    assert renew(ticket_id=held.pk, by=ann, at=NOON + minutes(55)) == NOON + minutes(60)


def test_an_email_of_someone_else_cannot_be_kept():
    held = desk.ticket()
    claim_next(by=desk.actor("Ann"), at=NOON)
    with pytest.raises(NotHeld):
        renew(ticket_id=held.pk, by=desk.actor("Bob"), at=NOON)


def test_a_helper_whose_time_is_over_cannot_keep_an_email(helper):
    held = desk.ticket()
    claim_next(by=helper("Bob"), at=NOON)
    with pytest.raises(NotAllowed):
        renew(ticket_id=held.pk, by=helper("Bob", at=NOON + minutes(500)), at=NOON + minutes(5))


def test_an_email_left_alone_goes_back_by_itself_to_its_place():
    held = desk.ticket()
    claim_next(by=desk.actor("Ann"), at=NOON)
    assert lapse(at=NOON + minutes(20)) == 0
    assert lapse(at=NOON + minutes(21)) == 1
    held.refresh_from_db()
    assert (held.holder, held.lapses, held.promise_at) == (None, 1, NOON)


def test_a_person_whose_time_ran_out_gets_the_next_even_before_the_step_ran():
    mine = desk.ticket()
    ann = desk.actor("Ann")
    claim_next(by=ann, at=NOON)
    again = claim_next(by=ann, at=NOON + minutes(30))
    assert again == mine
    assert again.held_until == NOON + minutes(50)


def test_done_for_now_gives_the_email_back():
    held = desk.ticket()
    ann = desk.actor("Ann")
    claim_next(by=ann, at=NOON)
    leave(by=ann, at=NOON)
    assert claim_next(by=desk.actor("Bob"), at=NOON) == held


def test_done_for_now_without_an_email_changes_nothing():
    leave(by=desk.actor("Ann"), at=NOON)
    assert not AuditEvent.objects.exists()


def test_a_supervisor_takes_a_stuck_email_back():
    held = desk.ticket()
    claim_next(by=desk.actor("Ann"), at=NOON)
    release(ticket_id=held.pk, by=desk.actor("Sam", "supervisor"), at=NOON)
    assert claim_next(by=desk.actor("Bob"), at=NOON) == held


def test_a_helper_cannot_take_an_email_from_another():
    held = desk.ticket()
    claim_next(by=desk.actor("Ann"), at=NOON)
    with pytest.raises(NotAllowed):
        release(ticket_id=held.pk, by=desk.actor("Bob"), at=NOON)


def test_standing_down_brings_back_what_everyone_held():
    desk.ticket(), desk.ticket(), desk.ticket()
    people = [desk.actor(name) for name in ("Ann", "Bob")]
    for person in people:
        claim_next(by=person, at=NOON)
    ada = desk.actor("Ada", "admin")
    assert return_all_of(user_ids=[person.id for person in people], by=ada, at=NOON) == 2
    operations = AuditEvent.objects.filter(action="ticket.return").values_list("operation_id")
    assert len(set(operations)) == 1
    assert counters.reconcile() == ()


def test_what_one_passed_on_does_not_come_back_to_them():
    ann = desk.actor("Ann")
    hard, next_one = desk.ticket(), desk.ticket()
    claim_next(by=ann, at=NOON)
    pass_on(ticket_id=hard.pk, reason=PassReason.UPSETS_ME, by=ann, at=NOON)
    assert claim_next(by=ann, at=NOON) == next_one
    assert claim_next(by=desk.actor("Bob"), at=NOON) == hard


def test_what_needs_access_goes_to_the_support_lane_and_keeps_its_place():
    ann = desk.actor("Ann")
    hard = desk.ticket()
    claim_next(by=ann, at=NOON)
    pass_on(ticket_id=hard.pk, reason=PassReason.ACCESS, by=ann, at=NOON)
    hard.refresh_from_db()
    assert (hard.queue.key, hard.promise_at) == ("support", NOON)


def test_each_claim_leaves_one_event():
    desk.ticket()
    ann = desk.actor("Ann")
    claim_next(by=ann, at=NOON)
    claim_next(by=ann, at=NOON)
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_id) == ("ticket.claim", str(ann.id))


def test_the_event_of_a_claim_is_like_any_other():
    desk.ticket()
    ann = desk.actor('Ann "Ü" O\'Hara')
    claim_next(by=ann, at=NOON + minutes(0.123456))
    event = AuditEvent.objects.get()
    assert event.digest == digest(event)
    assert (event.actor_name, event.subject_kind) == (ann.name, "ticket")
    assert event.detail == {"queue": Ticket.objects.get().queue_id}


def test_a_claim_that_cannot_be_recorded_did_not_happen(monkeypatch):
    waiting = desk.ticket()

    def fail(**_event):
        raise DatabaseError

    def too_long(**event):  # on PostgreSQL the claim's own statement records it
        return {**event_values(**event), "event_actor_name": "x" * 300}

    monkeypatch.setattr("triage.queues.picking.record", fail)
    monkeypatch.setattr("triage.queues.picking.event_values", too_long)
    with pytest.raises(DatabaseError):
        claim_next(by=desk.actor("Ann"), at=NOON)
    waiting.refresh_from_db()
    assert waiting.holder is None
    assert counters.reconcile() == ()
