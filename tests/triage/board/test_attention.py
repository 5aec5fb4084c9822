"""What waits for a supervisor is gathered in one statement, and each thing is really there."""

from datetime import timedelta

import pytest

from inbox.models import OutboundMessage
from tests.factories import desk, outbox
from tests.factories.desk import NOON, minutes
from triage.board.attention import attention
from triage.notices.actions import raise_alert
from triage.queues.actions import ask_a_pro, claim_next
from triage.queues.models import Ticket
from triage.replies.models import Reply, Review
from triage.responses.models import ResponseVersion

pytestmark = pytest.mark.django_db


def kinds(at=NOON) -> list[str]:
    return [item.kind for item in attention(at=at)]


def claimed(name: str = "Ann") -> Ticket:
    desk.ticket()
    ticket = claim_next(by=desk.actor(name), at=NOON)
    assert ticket
    return ticket


def answered(version: ResponseVersion, name: str, own_line: str) -> None:
    ticket = desk.ticket()
    Reply.objects.create(
        ticket=ticket,
        author=desk.user(name),
        version=version,
        slots={"own line": own_line},
        state=Reply.State.RELEASED,
        seen_message=ticket.conversation.messages.get(),
        outbound=outbox.answer(desk.mailbox()),
        created_at=NOON,
        saved_at=NOON,
        released_at=NOON,
    )


def test_a_calm_board_has_nothing_and_costs_one_statement(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert attention(at=NOON) == ()


def test_alerts_come_first_with_whether_somebody_saw_them() -> None:
    claimed()
    raise_alert(cause="sorter", text="The sorter has no model yet.", at=NOON)
    first, *_ = attention(at=NOON + minutes(20))
    assert (first.kind, first.words, first.of) == ("alert", "The sorter has no model yet.", 0)


def test_an_email_held_without_typing_is_stuck_and_one_with_typing_is_not() -> None:
    ticket = claimed()
    assert kinds(NOON + minutes(10)) == []
    (item,) = attention(at=NOON + minutes(16))
    assert (item.kind, item.ref, item.who) == ("stuck", ticket.pk, "Ann")
    Ticket.objects.filter(pk=ticket.pk).update(held_until=NOON + minutes(35))
    assert kinds(NOON + minutes(16)) == []


def test_who_asks_twice_about_one_email_is_named_once_more() -> None:
    ticket = claimed()
    ask_a_pro(ticket_id=ticket.pk, text="May I?", by=desk.actor("Ann"), at=NOON)
    assert kinds() == ["question"]
    ask_a_pro(ticket_id=ticket.pk, text="And this?", by=desk.actor("Ann"), at=NOON)
    found = [item for item in attention(at=NOON) if item.kind == "repeated"]
    assert [(item.who, item.number) for item in found] == [("Ann", 2)]


def test_answers_that_came_back_today_are_one_line() -> None:
    for ago in (1, 2, 30):
        mail = outbox.answer(desk.mailbox())
        OutboundMessage.objects.filter(pk=mail.pk).update(
            state="bounced", due_at=None, finished_at=NOON - timedelta(hours=ago)
        )
    (item,) = attention(at=NOON)
    assert (item.kind, item.number) == ("came_back", 2)


def test_an_answer_to_which_most_people_add_words_is_named() -> None:
    version = desk.version()
    for number in range(8):
        answered(version, f"Person{number}", "I am sorry." if number < 6 else "")
    (item,) = attention(at=NOON)
    assert (item.kind, item.number, item.of) == ("edited", 6, 8)


def test_an_answer_used_as_it_is_is_left_alone() -> None:
    version = desk.version()
    for number in range(8):
        answered(version, f"Person{number}", "I am sorry." if number < 3 else "")
    assert kinds() == []


def in_review(version: ResponseVersion, key: str) -> Review:
    ticket = desk.ticket()
    reply = Reply.objects.create(
        ticket=ticket,
        author=desk.user("Ann"),
        version=version,
        seen_message=ticket.conversation.messages.get(),
        submit_key=key,
        state=Reply.State.IN_REVIEW,
        created_at=NOON,
        saved_at=NOON,
    )
    return Review.objects.create(reply=reply, why="newcomer", has_own_words=True, asked_at=NOON)


def test_answers_a_colleague_reads_are_counted_by_queue() -> None:
    review = in_review(desk.version(), "one")
    Review.objects.filter(pk=review.pk).update(holds_until=NOON + minutes(2))
    (item,) = attention(at=NOON)
    assert (item.kind, item.number, item.of) == ("review", 1, 1)
    assert item.ref == review.reply.ticket.queue_id


def test_an_answer_that_is_often_sent_back_is_named() -> None:
    version = desk.version()
    for number in range(8):
        review = in_review(version, f"key-{number}")
        decision = {"decision": "returned", "reason": "tone"} if number < 3 else {}
        Review.objects.filter(pk=review.pk).update(
            **{"decision": "sent_unread", **decision}, decided_at=NOON
        )
        Reply.objects.filter(pk=review.reply_id).update(state="draft", submit_key=None)
    (item,) = attention(at=NOON)
    assert (item.kind, item.number, item.of) == ("returned", 3, 8)
