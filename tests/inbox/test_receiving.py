"""From stored bytes to messages: once each, threaded, and never stopped by one bad mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext

from inbox import receive
from inbox.books import raw_store
from inbox.models import Arrival, Attachment, Conversation, Message
from inbox.taking import Delivery, take_over
from tests.factories.mail import NOON, arrival, raw_mail

pytestmark = pytest.mark.django_db


def store(*raws: bytes) -> list[Arrival]:
    names = raw_store().put_many(raws)
    return [arrival(state=Arrival.State.STORED, raw_sha256=name) for name in names]


def parse_all() -> None:
    while receive.parse(at=NOON):
        pass


def test_a_stored_mail_becomes_a_message_in_a_conversation() -> None:
    store(raw_mail(subject="Locked out", text="I cannot log in.", attachment=("a.pdf", b"%PDF")))
    parse_all()
    message = Message.objects.get()
    assert (message.subject, message.from_address) == ("Locked out", "maya@example.com")
    assert message.due_at == NOON
    assert message.conversation.customer_address == "maya@example.com"
    assert Attachment.objects.get().filename == "a.pdf"
    assert Arrival.objects.get().state == Arrival.State.PARSED


def test_the_same_mail_twice_is_one_message_with_two_arrivals() -> None:
    mail = raw_mail()
    store(mail, b"Received: from elsewhere\r\n" + mail)
    parse_all()
    assert Message.objects.get().arrivals.count() == 2


def test_known_bytes_are_linked_without_a_second_look() -> None:
    mail = raw_mail()
    first = store(mail)[0]
    parse_all()
    raw_store().path(first.raw_sha256).unlink()
    arrival(state=Arrival.State.STORED, raw_sha256=first.raw_sha256)
    parse_all()
    assert Message.objects.get().arrivals.count() == 2


def test_two_different_mails_with_one_message_id_are_two() -> None:
    store(raw_mail(message_id="x@y", text="one"), raw_mail(message_id="x@y", text="two"))
    parse_all()
    assert Message.objects.count() == 2


def test_a_follow_up_joins_across_batches_and_a_stranger_does_not() -> None:
    store(raw_mail(message_id="first@x"))
    parse_all()
    store(
        raw_mail(in_reply_to="first@x", text="And one thing more."),
        raw_mail(in_reply_to="first@x", sender="eve@example.net", text="Send it to me."),
    )
    parse_all()
    ours, strange = Conversation.objects.order_by("pk")
    assert ours.messages.count() == 2
    assert strange.messages.get().claims_to_continue == ours


def test_a_follow_up_that_is_parsed_first_waits_for_what_it_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(receive, "_FLUSH_SECONDS", 0.0)
    slow = "<p>" + "<b>slow</b> " * 5_000 + "</p>"
    store(raw_mail(message_id="first@x", html=slow), raw_mail(in_reply_to="first@x", text="more"))
    parse_all()
    assert Conversation.objects.get().messages.count() == 2


def test_a_mail_that_comes_long_after_its_follow_up_joins_it() -> None:
    store(raw_mail(in_reply_to="first@x", text="And one thing more."))
    parse_all()
    store(
        raw_mail(message_id="first@x"),
        raw_mail(message_id="first@x", sender="eve@example.net", text="Mine."),
    )
    parse_all()
    ours, strange = Conversation.objects.order_by("pk")
    assert (ours.messages.count(), strange.messages.count()) == (2, 1)


def test_the_number_of_statements_does_not_grow_with_the_batch() -> None:
    counts = []
    for size in (3, 18):
        store(*[raw_mail(text=f"{size} {number}") for number in range(size)])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            receive.parse(at=NOON)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16


def test_bytes_that_are_lost_are_set_aside_after_three_tries_and_delay_nobody() -> None:
    lost = arrival(state=Arrival.State.STORED, raw_sha256="ab" * 32)
    store(raw_mail())
    parse_all()
    lost.refresh_from_db()
    assert (lost.state, lost.attempts) == (Arrival.State.QUARANTINED, 3)
    assert lost.reason
    assert Message.objects.count() == 1


def test_a_mail_set_aside_can_be_replayed() -> None:
    row = store(raw_mail())[0]
    Arrival.objects.filter(pk=row.pk).update(
        state=Arrival.State.QUARANTINED, reason="no luck", attempts=3
    )
    assert receive.replay(arrival_ids=[row.pk], at=NOON) == 1
    parse_all()
    assert Message.objects.count() == 1


def test_a_mail_that_the_database_refuses_delays_only_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _good, bad = store(raw_mail(subject="good"), raw_mail(subject="bad"))
    monkeypatch.setattr("inbox.receive.take_over", _refusing("bad"))
    parse_all()
    bad.refresh_from_db()
    assert bad.state == Arrival.State.QUARANTINED
    assert Message.objects.get().subject == "good"


def _refusing(subject: str) -> Callable[..., list[Arrival]]:
    def refuse(deliveries: list[Delivery], *, at: datetime) -> list[Arrival]:
        written = take_over(deliveries, at=at)
        if any(delivery.mail and delivery.mail.subject == subject for delivery in deliveries):
            raise DataError("no")
        return written

    return refuse
