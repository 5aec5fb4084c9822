"""For twenty seconds an answer can be taken back."""

from datetime import timedelta

import pytest

from inbox.models import OutboundMessage
from tests.factories import desk
from tests.factories.desk import NOON
from triage.queues import counters
from triage.queues.actions import NotAllowed, claim_next
from triage.replies.actions import TooLate, undo
from triage.replies.models import Reply
from triage.replies.queries import own_day

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(seconds=5)


def test_an_answer_taken_back_is_a_draft_in_the_hands_of_its_writer(held):
    reply = held.send()
    ticket = undo(reply_id=reply.pk, by=held.by, at=SOON)
    reply.refresh_from_db()
    assert (reply.state, reply.outbound, reply.slots) == ("draft", None, held.slots)
    assert (ticket.state, ticket.holder_id) == ("open", held.by.id)
    assert OutboundMessage.objects.get().state == "withdrawn"
    assert counters.reconcile() == ()


def test_who_took_up_another_email_meanwhile_does_not_get_a_second_one(held):
    reply = held.send()
    desk.ticket()
    claim_next(by=held.by, at=SOON)
    ticket = undo(reply_id=reply.pk, by=held.by, at=SOON)
    assert (ticket.state, ticket.holder) == ("open", None)
    assert counters.reconcile() == ()


def test_after_twenty_seconds_it_is_too_late(held):
    reply = held.send()
    with pytest.raises(TooLate):
        undo(reply_id=reply.pk, by=held.by, at=NOON + timedelta(seconds=20))
    assert Reply.objects.get().state == "released"


def test_nobody_takes_back_the_answer_of_another(held):
    reply = held.send()
    with pytest.raises(NotAllowed):
        undo(reply_id=reply.pk, by=desk.actor("Bob"), at=SOON)


def test_taking_back_twice_is_refused_kindly(held):
    reply = held.send()
    undo(reply_id=reply.pk, by=held.by, at=SOON)
    with pytest.raises(TooLate):
        undo(reply_id=reply.pk, by=held.by, at=SOON)


def test_an_answer_taken_back_can_be_sent_again(held):
    undo(reply_id=held.send().pk, by=held.by, at=SOON)
    again = held.send(key="form-2", at=SOON)
    assert (again.state, Reply.objects.count()) == ("released", 1)


def test_the_strip_shows_an_answer_while_it_can_be_taken_back(held):
    reply = held.send()
    shown = own_day(user_id=held.by.id, since=NOON, at=SOON).undoable
    assert shown is not None
    assert (shown.reply_id, shown.customer_name) == (reply.pk, "Dana R.")
    over = NOON + timedelta(seconds=21)
    assert own_day(user_id=held.by.id, since=NOON, at=over).undoable is None
