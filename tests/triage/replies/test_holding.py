"""The holding answer: approved words, once for each hand-over, and never how an email ends."""

from email import message_from_bytes
from email.policy import default

import pytest

from inbox.models import OutboundMessage
from tests.factories import desk
from tests.factories.desk import NOON
from triage.audit.models import AuditEvent
from triage.lanes.actions import hand_over_with_word
from triage.queues.models import HandOver, HandOverReason, Outcome, Ticket
from triage.replies.actions import acknowledge
from triage.replies.jobs import settle
from triage.responses.models import Response
from triage.responses.queries import holding_answer, usable

pytestmark = pytest.mark.django_db
BODY = "[[greeting]]\n\nYour email is in good hands.\n\n[[sign-off]]\n"


@pytest.fixture
def holding():
    version = desk.version(BODY)
    Response.objects.filter(pk=version.response_id).update(is_holding=True)
    return version


def hand_over(*, wants_word: bool = True):
    ticket = desk.ticket()
    return hand_over_with_word(
        ticket_id=ticket.pk,
        reason=HandOverReason.LAWYER,
        wants_word=wants_word,
        by=desk.actor("Sam", "supervisor"),
        at=NOON,
    )


def test_who_wrote_is_told_that_it_is_in_good_hands_and_nothing_else(holding):
    assert hand_over().is_acknowledged
    sent = OutboundMessage.objects.get()
    mail = message_from_bytes(bytes(sent.content), policy=default)
    assert (sent.kind, sent.recipient) == ("receipt", "dana@example.net")
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["Subject"] == "Re: Did they get my card number?"
    assert "Your email is in good hands." in mail.get_content()
    assert AuditEvent.objects.values("operation_id").distinct().count() == 1


def test_it_ends_nothing(holding):
    hand_over()
    OutboundMessage.objects.update(
        state="sent", due_at=None, sent_at=NOON, finished_at=NOON, settle_due_at=NOON
    )
    settle(at=NOON)
    assert not Outcome.objects.exists()
    assert Ticket.objects.get().state == "open"


def test_it_goes_once_for_each_hand_over(holding):
    handed = hand_over().hand_over
    sam = desk.actor("Sam", "supervisor")
    assert acknowledge(hand_over_id=handed.pk, by=sam, at=NOON) is None
    assert OutboundMessage.objects.count() == 1


@pytest.mark.parametrize("change", [{"automatic": True}, {"kind": "auto_reply"}, {"kind": "list"}])
def test_no_machine_is_answered(holding, change):
    handed = hand_over(wants_word=False).hand_over
    handed.ticket.conversation.messages.update(**change)
    sam = desk.actor("Sam", "supervisor")
    assert acknowledge(hand_over_id=handed.pk, by=sam, at=NOON) is None
    assert not OutboundMessage.objects.exists()


def test_without_an_approved_one_or_when_not_wanted_nothing_is_sent():
    assert not hand_over().is_acknowledged
    assert HandOver.objects.get().lane.key == "legal"


def test_not_wanted_is_not_sent(holding):
    assert not hand_over(wants_word=False).is_acknowledged


def test_it_is_offered_to_nobody_as_an_answer(holding):
    assert usable(label="other", language="en") == []
    assert holding_answer(language="de") == holding
    Response.objects.update(language="fr")
    assert holding_answer(language="de") is None
