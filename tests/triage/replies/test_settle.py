"""What became of an answer's mail is written into the books, once."""

from datetime import timedelta

import pytest
from django.db import DatabaseError

from inbox.models import OutboundMessage
from tests.factories import desk
from tests.factories.desk import NOON, minutes
from triage.audit.models import AuditEvent
from triage.intake import triage
from triage.queues import counters
from triage.queues.models import Outcome
from triage.replies.actions import AlreadyDecided, decide_unknown
from triage.replies.jobs import settle

pytestmark = pytest.mark.django_db
LATER = NOON + minutes(1)


def end(reply, state: str) -> None:
    """What the sender writes at the end of a mail."""
    OutboundMessage.objects.filter(pk=reply.outbound_id).update(
        state=state,
        due_at=None,
        sent_at=LATER if state == "sent" else None,
        finished_at=LATER,
        settle_due_at=LATER,
        server_words="550 no such person",
    )


def test_a_sent_answer_closes_the_conversation(held):
    reply = held.send()
    end(reply, "sent")
    assert settle(at=LATER) == 1
    held.ticket.refresh_from_db()
    assert (held.ticket.state, held.ticket.closed_at) == ("closed", LATER)
    outcome = Outcome.objects.get()
    assert (outcome.kind, outcome.outbound_id, outcome.by_name) == (
        "answered", reply.outbound_id, "Ann",
    )  # fmt: skip


def test_the_latest_email_is_answered_and_the_earlier_ones_are_covered(held):
    desk.message(held.ticket.conversation)
    end(held.send(), "sent")
    settle(at=LATER)
    kinds = Outcome.objects.order_by("message_id").values_list("kind", flat=True)
    assert list(kinds) == ["covered", "answered"]


def test_an_email_that_came_after_the_answer_waits_for_its_own(held):
    end(held.send(), "sent")
    newer = desk.message(held.ticket.conversation, received_at=NOON + timedelta(seconds=30))
    settle(at=LATER)
    held.ticket.refresh_from_db()
    assert (held.ticket.state, held.ticket.opened_at) == ("open", newer.received_at)
    assert not Outcome.objects.filter(message=newer).exists()
    assert counters.reconcile() == ()


def test_settling_twice_changes_nothing(held):
    reply = held.send()
    end(reply, "sent")
    settle(at=LATER)
    OutboundMessage.objects.update(settle_due_at=LATER)
    settle(at=LATER)
    assert Outcome.objects.count() == 1
    assert AuditEvent.objects.filter(action="ticket.finish").count() == 1


def test_a_refused_answer_puts_the_person_back_in_their_place(held):
    promise = held.ticket.promise_at
    end(held.send(), "rejected")
    settle(at=LATER)
    held.ticket.refresh_from_db()
    assert (held.ticket.state, held.ticket.holder, held.ticket.promise_at) == (
        "open",
        None,
        promise,
    )
    assert not Outcome.objects.exists()
    assert counters.reconcile() == ()


def test_an_answer_of_which_nobody_knows_changes_nothing_yet(held):
    end(held.send(), "unknown")
    settle(at=LATER)
    held.ticket.refresh_from_db()
    assert held.ticket.state == "answering"
    assert not Outcome.objects.exists()


def test_a_supervisor_decides_that_an_unknown_answer_went_out(held):
    reply = held.send()
    end(reply, "unknown")
    sam = desk.actor("Sam", "supervisor")
    decide_unknown(reply_id=reply.pk, went_out=True, by=sam, at=LATER)
    settle(at=LATER)
    assert Outcome.objects.get().kind == "answered"
    with pytest.raises(AlreadyDecided):
        decide_unknown(reply_id=reply.pk, went_out=False, by=sam, at=LATER)


def test_a_bounce_makes_what_it_answered_undeliverable(held):
    reply = held.send()
    end(reply, "sent")
    settle(at=LATER)
    ours = OutboundMessage.objects.get().message_id
    desk.message(kind="bounce", bounce_of=[ours], due_at=LATER)
    triage(at=LATER)
    settle(at=LATER)
    assert OutboundMessage.objects.get().state == "bounced"
    assert Outcome.objects.get(outbound_id=reply.outbound_id).kind == "undeliverable"


def test_a_bounce_that_is_faster_than_our_own_books_is_looked_at_again(held):
    reply = held.send()
    OutboundMessage.objects.update(state="sending")
    ours = OutboundMessage.objects.get().message_id
    desk.message(kind="bounce", bounce_of=[ours], due_at=LATER, received_at=LATER)
    triage(at=LATER)
    end(reply, "sent")
    settle(at=LATER)
    triage(at=LATER + minutes(3))
    settle(at=LATER + minutes(3))
    assert Outcome.objects.get(outbound_id=reply.outbound_id).kind == "undeliverable"


def test_a_bounce_of_nothing_of_ours_is_only_machine_mail(held):
    end(held.send(), "sent")
    settle(at=LATER)
    desk.message(kind="bounce", bounce_of=["forged@example.net"], due_at=LATER)
    triage(at=LATER)
    assert OutboundMessage.objects.get().state == "sent"


def test_one_that_cannot_be_settled_delays_only_itself(held, monkeypatch):
    end(held.send(), "sent")

    def fail(**_asked):
        raise DatabaseError

    with monkeypatch.context() as patch:
        patch.setattr("triage.replies.jobs.finish", fail)
        assert settle(at=LATER) == 1
    assert settle(at=LATER) == 0
    assert settle(at=LATER + minutes(1)) == 1
    assert Outcome.objects.get().kind == "answered"
