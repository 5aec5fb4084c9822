import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from tests.factories import people
from triage.audit import jobs
from triage.audit.actions import Step, record
from triage.audit.append_only import protecting, unprotecting
from triage.audit.jobs import seal, seal_now
from triage.audit.models import AuditEvent, AuditSeal
from triage.audit.verify import verify

NOON = people.NOON
EARLIER = "'2026-11-21 11:00:00+00:00'"


def note(seconds: float = 0) -> AuditEvent:
    with transaction.atomic():
        at = NOON + timedelta(seconds=seconds)
        return record(action="ticket.claim", by=Step("test"), at=at)


def tamper(*statements: str) -> None:
    """Does what somebody with the database's own password could do."""
    with connection.cursor() as cursor:
        for statement in [
            *unprotecting(connection.vendor),
            *statements,
            *protecting(connection.vendor),
        ]:
            cursor.execute(statement)


@pytest.mark.django_db
def test_every_event_gets_its_place_in_the_chain() -> None:
    for second in range(5):
        note(second)
    assert seal(at=NOON) == 5
    assert list(AuditSeal.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4, 5]
    assert verify(at=NOON).faults == ()


@pytest.mark.django_db
def test_it_looks_every_two_seconds_at_most() -> None:
    note()
    assert seal(at=NOON) == 1
    note()
    assert seal(at=NOON + timedelta(seconds=1)) == 0
    assert seal(at=NOON + timedelta(seconds=2)) == 1


@pytest.mark.django_db
def test_an_event_committed_after_later_ones_is_sealed_too() -> None:
    late = note()
    after = [note() for _ in range(3)]
    tamper(f"DELETE FROM audit_auditevent WHERE id = {late.pk}")
    assert seal_now(at=NOON) == 3
    late.save(force_insert=True)
    assert late.pk < after[0].pk
    assert seal_now(at=NOON) == 1
    assert verify(at=NOON).faults == ()


@pytest.mark.django_db
def test_even_far_behind_the_window_nothing_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_WINDOW", 4)
    monkeypatch.setattr(jobs, "_WHOLE_EVERY", 5)
    late = note()
    tamper(f"DELETE FROM audit_auditevent WHERE id = {late.pk}")
    for second in range(9):
        note(second)
    seal_now(at=NOON, whole=True)
    late.save(force_insert=True)
    note()
    assert seal(at=NOON + timedelta(seconds=9)) == 2
    assert AuditEvent.objects.filter(seal=None).count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE audit_auditevent SET actor_name = 'Bob' WHERE id = {event}", "was changed"),
        (f"UPDATE audit_auditevent SET at = {EARLIER} WHERE id = {{event}}", "was changed"),
        ("DELETE FROM audit_auditseal WHERE {seal}", "are missing"),
        (f"UPDATE audit_auditseal SET sealed_at = {EARLIER} WHERE {{seal}}", "does not fit"),
        ("UPDATE audit_auditseal SET previous_hash = hash WHERE {seal}", "does not continue"),
    ],
)
def test_tampering_is_found(statement: str, sentence: str) -> None:
    events = [note(second) for second in range(5)]
    seal(at=NOON)
    event = events[2].pk
    tamper(statement.format(event=event, seal=f"event_id = {event}"))
    assert sentence in " ".join(verify(at=NOON).faults)


@pytest.mark.django_db
def test_two_events_that_changed_places_are_found() -> None:
    first, second, _ = note(1), note(2), note(3)
    seal(at=NOON)
    tamper(
        f"UPDATE audit_auditseal SET event_id = -1 WHERE event_id = {first.pk}",
        f"UPDATE audit_auditseal SET event_id = {first.pk} WHERE event_id = {second.pk}",
        f"UPDATE audit_auditseal SET event_id = {second.pk} WHERE event_id = -1",
    )
    assert len(verify(at=NOON).faults) == 2


@pytest.mark.django_db
def test_a_cut_tail_is_found_by_a_head_noted_outside() -> None:
    events = [note(second) for second in range(5)]
    seal(at=NOON)
    noted = jobs.chain_head()
    tamper(
        f"DELETE FROM audit_auditseal WHERE event_id = {events[4].pk}",
        f"DELETE FROM audit_auditevent WHERE id = {events[4].pk}",
    )
    assert verify(at=NOON).faults == ()
    assert "its tail was cut" in verify(at=NOON, noted=[noted]).faults[0]


@pytest.mark.django_db
@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_removed_event_is_found_wherever_it_stood(place: int) -> None:
    events = [note(second) for second in range(5)]
    seal(at=NOON)
    with connection.constraint_checks_disabled():
        tamper(f"DELETE FROM audit_auditevent WHERE id = {events[place].pk}")
        assert "the event was removed" in verify(at=NOON).faults[0]
        events[place].save(force_insert=True)


@pytest.mark.django_db
def test_an_event_and_seal_put_in_between_are_found() -> None:
    [note(second) for second in range(3)]
    seal(at=NOON)
    third = AuditSeal.objects.get(sequence=3)
    forged = note(1)
    tamper("UPDATE audit_auditseal SET sequence = 4 WHERE sequence = 3")
    AuditSeal.objects.create(
        sequence=3, event=forged, sealed_at=NOON, previous_hash=third.previous_hash, hash="f" * 64
    )
    assert "does not fit" in " ".join(verify(at=NOON).faults)


@pytest.mark.django_db
def test_the_walk_holds_a_batch_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    for second in range(7):
        note(second)
    monkeypatch.setattr("triage.audit.verify._BATCH", 3)
    verdict = verify(at=NOON)
    assert (verdict.checked, verdict.faults) == (7, ())


@pytest.mark.django_db
def test_events_that_waited_long_for_their_seal_are_named() -> None:
    old = note()
    verdict = verify(at=NOON + timedelta(seconds=31))
    assert verdict.late == (old.pk,)
    assert verdict.sealed_now == 1


@pytest.mark.django_db(transaction=True)
def test_sealers_at_the_same_time_make_one_chain() -> None:
    for second in range(60):
        note(second)

    def run() -> None:
        for _ in range(5):
            seal_now(at=NOON)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = verify(at=NOON)
    assert (verdict.checked, verdict.faults) == (60, ())
