"""The books add up, and say so when they do not."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.management import call_command

from inbox.models import Arrival, Message
from tests.factories import desk
from tests.factories.mail import NOON, arrival, conversation, folder, message
from triage.queues.models import Counter, Outcome, Queue, Ticket
from triage.reports.ledger import Ledger, ledger

pytestmark = pytest.mark.django_db


def books() -> Ledger:
    return ledger(at=NOON)


def outcome(of: Message, kind: str, **more: object) -> None:
    Outcome.objects.create(message=of, kind=kind, by_name="Muster", at=NOON, **more)


def ticket(of: Message, *, queue: Queue | None = None, state: str = "open") -> Ticket:
    queue = queue or desk.queue()
    return Ticket.objects.create(
        conversation=of.conversation,
        queue=queue,
        line=desk.line(queue),
        state=state,
        promise_at=NOON,
        opened_at=NOON,
    )


def lane() -> Queue:
    return Queue.objects.create(key="legal-test", name="Legal", kind=Queue.Kind.LANE)


def test_empty_books_explain_everything() -> None:
    assert books().messages.received == 0
    assert books().unexplained == 0
    assert books().oldest_open_at is None


def test_every_mail_stands_in_exactly_one_place() -> None:
    message(due_at=NOON)
    ticket(message())
    ticket(message(), queue=lane())
    outcome(message(), "machine")
    outcome(message(), "no_reply_needed", reason="double")
    arrival(state=Arrival.State.STORED)
    arrival(state=Arrival.State.QUARANTINED, reason="too deep")
    found = books().messages
    assert (found.received, found.waiting, found.open, found.handed_over) == (7, 2, 1, 1)
    assert (found.machine, found.no_reply_needed, found.quarantined) == (1, 1, 1)
    assert books().unexplained == 0


def test_a_mail_delivered_twice_is_received_once() -> None:
    once = message(due_at=NOON)
    arrival(state=Arrival.State.PARSED, raw_sha256="ab" * 32, message=once)
    arrival(state=Arrival.State.STORED, raw_sha256=once.raw_sha256)
    assert (books().messages.received, books().unexplained) == (1, 0)


def test_a_mail_without_ticket_or_outcome_is_unexplained() -> None:
    message()
    assert books().unexplained == 1


def test_a_mail_whose_ticket_closed_without_an_outcome_is_unexplained() -> None:
    Ticket.objects.filter(pk=ticket(message()).pk).update(state="closed")
    assert books().unexplained == 1


def test_a_message_that_never_arrived_is_unexplained() -> None:
    outcome(message(), "machine")
    Arrival.objects.all().delete()
    assert books().unexplained == 1


def test_two_errors_do_not_hide_each_other() -> None:
    message()
    outcome(message(), "machine")
    Arrival.objects.order_by("pk").last().delete()  # type: ignore[union-attr]
    assert books().unexplained == 2


def test_a_mailbox_counts_what_is_listed_but_not_fetched_as_missing() -> None:
    home = folder()
    type(home).objects.filter(pk=home.pk).update(before_start=40)
    arrival()
    message(due_at=NOON)
    arrival(state=Arrival.State.QUARANTINED, reason="too deep")
    arrival(state=Arrival.State.GONE)
    (box,) = [box for box in books().mailboxes if box.address == "help@example.org"]
    assert (box.on_server, box.before_start, box.seen) == (43, 40, 3)
    assert (box.stored, box.quarantined, box.missing) == (1, 1, 1)


def test_the_oldest_open_mail_is_named() -> None:
    ticket(message(received_at=NOON - timedelta(days=3)))
    ticket(message(of=conversation(customer="bo@example.com")))
    assert books().oldest_open_at == NOON - timedelta(days=3)


def test_a_steady_flow_gives_a_forecast() -> None:
    for _ in range(10):
        ticket(message(of=conversation()))
    for hour in (1, 2):
        for measure, value in (("came_in", 5), ("went_out", 15)):
            Counter.objects.create(
                queue=desk.queue(),
                measure=measure,
                hour=NOON - timedelta(hours=hour),
                value=value,
            )
    found = books().forecast
    assert found is not None
    assert found.clear_at == NOON + timedelta(hours=1)


def test_the_command_prints_one_object_with_the_promised_keys(
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder()
    call_command("ledger", "--json")
    printed = json.loads(capsys.readouterr().out)
    assert list(printed) == [
        "mailboxes",
        "messages",
        "unexplained",
        "replies",
        "oldest_open_at",
        "forecast",
    ]
    assert printed["forecast"] == {"clear_at": None, "low": None, "high": None}
    assert next(iter(printed["messages"])) == "received"
