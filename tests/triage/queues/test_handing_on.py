"""Asking someone experienced, and ending an email that needs no reply."""

import pytest

from tests.factories import desk
from tests.factories.desk import NOON
from triage.queues import counters
from triage.queues.actions import (
    AlreadyAnswered,
    NotAllowed,
    NotHeld,
    NothingWritten,
    answer_question,
    ask_a_pro,
    claim_next,
    no_reply_needed,
)
from triage.queues.models import Outcome, Ticket
from triage.queues.queries import open_questions, questions_of

pytestmark = pytest.mark.django_db
ADVERTISING = Outcome.Reason.ADVERTISING


@pytest.fixture
def ann():
    return desk.actor("Ann")


@pytest.fixture
def held(ann):
    desk.ticket()
    return claim_next(by=ann, at=NOON)


def test_a_question_stands_on_the_board_until_it_is_answered(ann, held):
    question = ask_a_pro(ticket_id=held.pk, text=" May I say this? ", by=ann, at=NOON)
    assert [shown.text for shown in open_questions()] == ["May I say this?"]
    sam = desk.actor("Sam", "supervisor")
    answer_question(question_id=question.pk, text="Yes.", by=sam, at=NOON)
    assert open_questions() == ()
    assert [(q.answer, q.answered_by) for q in questions_of(held.pk)] == [("Yes.", "Sam")]


def test_a_question_is_answered_once(ann, held):
    question = ask_a_pro(ticket_id=held.pk, text="May I?", by=ann, at=NOON)
    sam = desk.actor("Sam", "supervisor")
    answer_question(question_id=question.pk, text="Yes.", by=sam, at=NOON)
    with pytest.raises(AlreadyAnswered):
        answer_question(question_id=question.pk, text="No.", by=sam, at=NOON)


def test_only_supervisors_answer_questions(ann, held):
    question = ask_a_pro(ticket_id=held.pk, text="May I?", by=ann, at=NOON)
    with pytest.raises(NotAllowed):
        answer_question(question_id=question.pk, text="Yes.", by=ann, at=NOON)


def test_a_question_needs_words(ann, held):
    with pytest.raises(NothingWritten):
        ask_a_pro(ticket_id=held.pk, text="  ", by=ann, at=NOON)


def test_one_asks_only_about_the_email_in_ones_hands(held):
    with pytest.raises(NotHeld):
        ask_a_pro(ticket_id=held.pk, text="What is this?", by=desk.actor("Bob"), at=NOON)


def test_advertising_ends_without_an_answer(ann, held):
    no_reply_needed(ticket_id=held.pk, reason=ADVERTISING, by=ann, at=NOON)
    held.refresh_from_db()
    assert (held.state, held.holder) == ("closed", None)
    outcome = Outcome.objects.get()
    assert (outcome.kind, outcome.reason, outcome.by_name) == (
        "no_reply_needed", "advertising", "Ann",
    )  # fmt: skip
    assert counters.reconcile() == ()


def test_a_supervisor_ends_an_email_that_nobody_holds():
    waiting = desk.ticket()
    sam = desk.actor("Sam", "supervisor")
    no_reply_needed(ticket_id=waiting.pk, reason=ADVERTISING, by=sam, at=NOON)
    assert Ticket.objects.get().state == "closed"
    assert counters.reconcile() == ()


def test_nobody_ends_the_email_of_another(held):
    with pytest.raises(NotHeld):
        no_reply_needed(ticket_id=held.pk, reason=ADVERTISING, by=desk.actor("Bob"), at=NOON)


def test_an_email_with_an_answer_on_its_way_is_not_ended_so(held):
    Ticket.objects.update(state="answering", holder=None, held_since=None, held_until=None)
    with pytest.raises(NotHeld):
        no_reply_needed(
            ticket_id=held.pk, reason=ADVERTISING, by=desk.actor("Sam", "supervisor"), at=NOON
        )
