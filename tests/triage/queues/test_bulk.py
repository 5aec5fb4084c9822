"""A frozen selection of emails moves in batches, leaves what is held, and comes back."""

import pytest

from tests.factories import desk
from tests.factories.desk import NOON, minutes
from triage.audit.models import AuditEvent
from triage.classification.models import Classification, Correction
from triage.intake import triage
from triage.queues import bulk as job
from triage.queues import counters
from triage.queues.actions import (
    AlreadyBegun,
    Chosen,
    Deed,
    NotAllowed,
    NothingChosen,
    claim_next,
    drop_bulk,
    freeze,
    start_bulk,
    undo_bulk,
)
from triage.queues.bulk import move, progress
from triage.queues.models import BulkMove, BulkMoveItem, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam():
    return desk.actor("Sam", "supervisor")


def waiting(count: int, key: str = "other") -> list[Ticket]:
    return [desk.ticket(key) for _ in range(count)]


def frozen(sam, *, to: str = "praise", **narrowed: object) -> BulkMove:
    chosen = Chosen(queue_id=desk.queue("other").pk, **narrowed)  # type: ignore[arg-type]
    return freeze(chosen=chosen, deed=Deed(to_queue_id=desk.queue(to).pk), by=sam, at=NOON)


def done(of: BulkMove, sam) -> BulkMove:
    start_bulk(bulk_id=of.pk, by=sam, at=NOON)
    while move(at=NOON):
        pass
    of.refresh_from_db()
    return of


def where() -> dict[str, int]:
    found: dict[str, int] = {}
    for key in Ticket.objects.values_list("queue__key", flat=True):
        found[key] = found.get(key, 0) + 1
    return found


def test_what_is_chosen_is_counted_and_what_comes_later_is_not_part_of_it(sam):
    waiting(3)
    chosen = frozen(sam)
    waiting(1)
    assert chosen.total == 3
    done(chosen, sam)
    assert where() == {"praise": 3, "other": 1}
    assert counters.reconcile() == ()


def test_each_email_keeps_its_place_in_time(sam):
    before = desk.ticket(promise_at=NOON - minutes(90))
    done(frozen(sam), sam)
    before.refresh_from_db()
    assert (before.queue.key, before.promise_at) == ("praise", NOON - minutes(90))
    assert before.line.queue_id == before.queue_id


def test_what_somebody_holds_stays_with_them_and_is_named(sam):
    waiting(2)
    held = claim_next(by=desk.actor("Ann"), at=NOON)
    chosen = done(frozen(sam), sam)
    told = progress(chosen)
    assert (told.done, told.held) == (1, 1)
    assert [ticket.pk for ticket in told.held_tickets] == [held.pk]
    assert counters.reconcile() == ()


def test_what_was_moved_by_somebody_else_meanwhile_stays(sam):
    waiting(2)
    chosen = frozen(sam, to="praise")
    done(frozen(sam, to="angry"), sam)
    assert progress(done(chosen, sam)).gone == 2
    assert where() == {"angry": 2}


def test_everything_comes_back(sam):
    waiting(3)
    chosen = done(frozen(sam), sam)
    undo_bulk(bulk_id=chosen.pk, by=sam, at=NOON)
    while move(at=NOON):
        pass
    chosen.refresh_from_db()
    assert (chosen.state, where()) == ("undone", {"other": 3})
    assert counters.reconcile() == ()


def test_many_go_in_batches_with_one_event_each(sam, monkeypatch):
    monkeypatch.setattr(job, "BATCH", 2)
    tickets = waiting(5)
    chosen = done(frozen(sam), sam)
    events = AuditEvent.objects.filter(action="emails.move").order_by("pk")
    assert [event.detail["count"] for event in events] == [2, 2, 1]
    assert events[0].detail["first"] == tickets[0].pk
    assert {event.operation_id for event in events} == {f"bulk-{chosen.pk}"}


def test_a_batch_whose_record_cannot_be_written_moves_nothing(sam, monkeypatch):
    def broken(**_):
        raise RuntimeError

    waiting(2)
    chosen = frozen(sam)
    start_bulk(bulk_id=chosen.pk, by=sam, at=NOON)
    with monkeypatch.context() as patch:
        patch.setattr(job, "record", broken)
        with pytest.raises(RuntimeError):
            move(at=NOON)
    assert where() == {"other": 2}
    assert move(at=NOON + job.HOLD) == 2
    assert where() == {"praise": 2}


def test_two_supervisors_begin_it_once(sam):
    waiting(1)
    chosen = frozen(sam)
    start_bulk(bulk_id=chosen.pk, by=sam, at=NOON)
    with pytest.raises(AlreadyBegun):
        start_bulk(bulk_id=chosen.pk, by=sam, at=NOON)
    with pytest.raises(AlreadyBegun):
        drop_bulk(bulk_id=chosen.pk, by=sam, at=NOON)


def test_a_selection_that_was_not_begun_can_be_dropped(sam):
    waiting(1)
    drop_bulk(bulk_id=frozen(sam).pk, by=sam, at=NOON)
    assert not BulkMoveItem.objects.exists()
    assert where() == {"other": 1}


def sorted_as(ticket: Ticket, topic: str, tone: str = "neutral") -> Classification:
    return Classification.objects.create(
        message=ticket.conversation.messages.get(),
        topic=topic,
        tone=tone,
        label=topic if topic != "other" or tone == "neutral" else tone,
        confident=True,
        at=NOON,
    )


def test_a_selection_is_narrowed_by_label_tone_and_age(sam):
    one, two = waiting(2)
    sorted_as(one, "data_concern", "angry")
    sorted_as(two, "other")
    old = desk.ticket(promise_at=NOON - minutes(90))
    assert frozen(sam, label="data_concern").total == 1
    assert frozen(sam, tone="angry").total == 1
    assert frozen(sam, older_than_minutes=60).items.get().ticket_id == old.pk


def test_nothing_that_fits_is_said(sam):
    with pytest.raises(NothingChosen):
        frozen(sam, label="praise")
    assert not BulkMove.objects.exists()


def test_only_supervisors_choose():
    waiting(1)
    with pytest.raises(NotAllowed):
        frozen(desk.actor("Sue"))


def relabelled(sam) -> BulkMove:
    chosen = Chosen(queue_id=desk.queue("other").pk)
    return done(
        freeze(chosen=chosen, deed=Deed(topic="data_concern", tone="neutral"), by=sam, at=NOON), sam
    )


def test_relabelling_corrects_the_sorter_and_moves_the_emails_where_they_belong(sam):
    for ticket in waiting(2):
        sorted_as(ticket, "other")
    relabelled(sam)
    assert Correction.objects.count() == 2
    triage(at=NOON + minutes(1))
    assert where() == {"data_concern": 2}
    assert counters.reconcile() == ()


def test_relabelling_is_undone_to_what_each_was(sam):
    one, two = waiting(2)
    sorted_as(one, "password_reset")
    sorted_as(two, "other", "praise")
    chosen = relabelled(sam)
    undo_bulk(bulk_id=chosen.pk, by=sam, at=NOON)
    while move(at=NOON):
        pass
    said = Classification.objects.order_by("pk").values_list("label", flat=True)
    assert list(said) == ["password_reset", "praise"]
