"""A supervisor moves people between queues, all at once, and back."""

import pytest

from tests.factories import desk
from tests.factories.desk import NOON
from triage.audit.models import AuditEvent
from triage.queues.actions import (
    LaneIsClosed,
    Move,
    NotAllowed,
    NothingToUndo,
    rebalance,
    set_queues,
    undo_rebalance,
)
from triage.queues.models import QueueMembership
from triage.queues.rebalancing import Change, changes


def test_only_what_really_changes_is_a_change():
    moves = [Move(1, (5, 4)), Move(2, (4,)), Move(3, ())]
    assert changes(moves, {1: [4, 5], 2: [5]}) == (Change(2, (5,), (4,)),)


def test_the_later_of_two_moves_of_one_person_counts():
    assert changes([Move(1, (4,)), Move(1, (5,))], {}) == (Change(1, (), (5,)),)


def serves(user_id: int) -> set[int]:
    rows = QueueMembership.objects.filter(user_id=user_id)
    return set(rows.values_list("queue_id", flat=True))


@pytest.fixture
def sam(db):
    return desk.actor("Sam", "supervisor")


@pytest.fixture
def praise(db):
    return desk.queue("praise").pk


def test_setting_queues_gives_the_former_ones_back_for_undo(sam, praise):
    ann = desk.user("Ann")
    angry = desk.queue("angry").pk
    assert set_queues(user_id=ann.pk, queue_ids=[angry], by=sam, at=NOON) == ()
    former = set_queues(user_id=ann.pk, queue_ids=[praise], by=sam, at=NOON)
    assert (former, serves(ann.pk)) == ((angry,), {praise})
    set_queues(user_id=ann.pk, queue_ids=former, by=sam, at=NOON)
    assert serves(ann.pk) == {angry}


def test_several_people_move_at_once_and_back(sam, praise):
    people = [desk.user(name).pk for name in ("Ann", "Bob")]
    operation = rebalance(moves=[Move(one, (praise,)) for one in people], by=sam, at=NOON)
    assert [serves(one) for one in people] == [{praise}, {praise}]
    assert undo_rebalance(operation_id=operation, by=sam, at=NOON) == 2
    assert [serves(one) for one in people] == [set(), set()]


def test_who_was_moved_again_since_stays_there(sam, praise):
    ann, bob = desk.user("Ann").pk, desk.user("Bob").pk
    angry = desk.queue("angry").pk
    operation = rebalance(moves=[Move(ann, (praise,)), Move(bob, (praise,))], by=sam, at=NOON)
    set_queues(user_id=bob, queue_ids=[angry], by=sam, at=NOON)
    assert undo_rebalance(operation_id=operation, by=sam, at=NOON) == 1
    assert serves(bob) == {angry}


def test_a_move_is_undone_once(sam, praise):
    operation = rebalance(moves=[Move(desk.user("Ann").pk, (praise,))], by=sam, at=NOON)
    undo_rebalance(operation_id=operation, by=sam, at=NOON)
    with pytest.raises(NothingToUndo):
        undo_rebalance(operation_id=operation, by=sam, at=NOON)


def test_an_unknown_move_cannot_be_undone(sam):
    with pytest.raises(NothingToUndo):
        undo_rebalance(operation_id="", by=sam, at=NOON)


def test_only_supervisors_move_people(praise):
    with pytest.raises(NotAllowed):
        set_queues(user_id=desk.user("Bob").pk, queue_ids=[praise], by=desk.actor("Ann"), at=NOON)


def test_a_helper_cannot_be_put_into_a_lane_and_then_nobody_is_moved(sam, praise):
    bob, carla = desk.user("Bob").pk, desk.user("Carla", "support").pk
    moves = [Move(carla, (praise,)), Move(bob, (desk.queue("legal").pk,))]
    with pytest.raises(LaneIsClosed):
        rebalance(moves=moves, by=sam, at=NOON)
    assert serves(carla) == set()
    assert not AuditEvent.objects.exists()


def test_a_person_who_is_gone_is_left_out(sam, praise):
    operation = rebalance(moves=[Move(10**9, (praise,))], by=sam, at=NOON)
    assert not AuditEvent.objects.filter(operation_id=operation).exists()
