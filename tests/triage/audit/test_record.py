from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from tests.factories import people
from triage.audit.actions import OutsideTransaction, Step, digest, record
from triage.audit.jobs import seal_now
from triage.audit.models import AuditEvent
from triage.audit.queries import PAGE_SIZE, Filter, events

NOON = people.NOON


def note(action: str = "ticket.claim", minutes: float = 0, step: str = "test") -> AuditEvent:
    with transaction.atomic():
        return record(action=action, by=Step(step), at=NOON + timedelta(minutes=minutes))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        f"{verb} audit_{table}{rest}"
        for table in ("auditevent", "auditseal")
        for verb, rest in (
            ("UPDATE", " SET id = id" if table == "auditevent" else " SET sequence = sequence"),
            ("DELETE FROM", ""),
        )
    ],
)
def test_the_database_refuses_to_change_the_record(statement: str) -> None:
    note()
    seal_now(at=NOON)
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        connection.cursor().execute(statement)
    assert AuditEvent.objects.get().actor_name == "Muster"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction() -> None:
    with pytest.raises(OutsideTransaction):
        record(action="ticket.claim", by=Step("test"), at=NOON)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_trace() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        note()
        raise ZeroDivisionError
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db
def test_the_digest_survives_the_way_through_the_database() -> None:
    with transaction.atomic():
        event = record(
            action="a.b", by=Step("é"), at=NOON, detail={"n": [1, 2.5, None], "ü": {"b": True}}
        )
    assert digest(AuditEvent.objects.get(pk=event.pk)) == event.digest


@pytest.mark.django_db
def test_the_page_shows_the_newest_and_leads_to_the_older() -> None:
    for minute in range(PAGE_SIZE + 3):
        note(minutes=minute)
    first = events(Filter())
    second = events(Filter(), older_than=first.older_than)
    assert [len(first.events), len(second.events)] == [PAGE_SIZE, 3]
    assert second.older_than is None
    assert first.events[-1].pk - 1 == second.events[0].pk


@pytest.mark.django_db
def test_filters_leave_only_what_fits(client: Client) -> None:
    note("ticket.claim"), note("link.make"), note("link.make", minutes=60 * 24)
    client.force_login(people.person("max"))
    page = client.get("/audit/?action=link.make&until_day=2026-11-21").content.decode()
    assert page.count("<tr>") == 2
    assert "ticket.claim" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["ann", "sam", "ada", "sue", "leo"])
def test_only_the_auditor_reads_the_record(client: Client, name: str) -> None:
    client.force_login(people.person(name))
    assert client.get("/audit/").status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["from_day=x", "older_than=-1", "subject_id=%00"])
def test_a_filter_that_makes_no_sense_is_no_error(client: Client, wrong: str) -> None:
    client.force_login(people.person("max"))
    assert client.get(f"/audit/?{wrong}").status_code == 200


@pytest.mark.django_db
def test_the_page_needs_few_queries(client: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for minute in range(60):
        note(minutes=minute)
    client.force_login(people.person("max"))
    with django_assert_max_num_queries(6):
        client.get("/audit/")
