"""A paused queue gives nobody an email; what people hold stays with them."""

import pytest

from tests.factories import desk
from tests.factories.desk import NOON
from triage.audit.models import AuditEvent
from triage.queues.actions import (
    NotAllowed,
    TargetBelowMinimum,
    claim_next,
    pause_queue,
    resume_queue,
    set_people,
)
from triage.queues.models import Queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam():
    return desk.actor("Sam", "supervisor")


def test_nobody_is_given_an_email_of_a_paused_queue_until_it_goes_on(sam):
    waiting = desk.ticket("praise")
    assert pause_queue(queue_id=waiting.queue_id, by=sam, at=NOON)
    assert claim_next(by=desk.actor("Ann"), at=NOON) is None
    assert resume_queue(queue_id=waiting.queue_id, by=sam, at=NOON)
    assert claim_next(by=desk.actor("Ann"), at=NOON) == waiting


def test_the_other_queues_go_on(sam):
    pause_queue(queue_id=desk.ticket("praise").queue_id, by=sam, at=NOON)
    other = desk.ticket("other")
    assert claim_next(by=desk.actor("Ann"), at=NOON) == other


def test_pausing_twice_is_pausing_once(sam):
    queue = desk.queue("praise")
    assert [pause_queue(queue_id=queue.pk, by=sam, at=NOON) for _ in range(2)] == [True, False]
    assert AuditEvent.objects.get().action == "queue.pause"
    assert resume_queue(queue_id=queue.pk, by=sam, at=NOON)
    assert not resume_queue(queue_id=queue.pk, by=sam, at=NOON)


def test_least_and_wanted_people_are_kept_and_recorded(sam):
    queue = desk.queue("praise")
    set_people(queue_id=queue.pk, min_people=2, target_people=5, by=sam, at=NOON)
    queue.refresh_from_db()
    assert (queue.min_people, queue.target_people) == (2, 5)
    assert AuditEvent.objects.get().detail == {"min_people": 2, "target_people": 5}


def test_fewer_wanted_than_the_least_is_refused(sam):
    with pytest.raises(TargetBelowMinimum):
        set_people(queue_id=desk.queue().pk, min_people=5, target_people=2, by=sam, at=NOON)


def test_only_supervisors_pause():
    queue = desk.queue("praise")
    with pytest.raises(NotAllowed):
        pause_queue(queue_id=queue.pk, by=desk.actor("Ann"), at=NOON)
    assert not Queue.objects.filter(paused_at__isnull=False).exists()


def test_nothing_is_paused_when_the_record_cannot_be_written(sam, monkeypatch):
    def broken(**_):
        raise RuntimeError

    monkeypatch.setattr("triage.queues.actions.pausing.record", broken)
    with pytest.raises(RuntimeError):
        pause_queue(queue_id=desk.queue().pk, by=sam, at=NOON)
    assert not Queue.objects.filter(paused_at__isnull=False).exists()
