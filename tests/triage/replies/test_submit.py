"""An answer leaves once, as approved, to the one who wrote; otherwise its text is kept."""

from email import message_from_bytes
from email.policy import default

import pytest
from django.db import DatabaseError

from inbox.models import OutboundMessage
from tests.factories import desk
from tests.factories.desk import NOON, minutes
from triage.audit.models import AuditEvent
from triage.queues import counters
from triage.queues.actions import NotHeld, PassReason, claim_next, leave, pass_on, release
from triage.queues.models import Ticket
from triage.replies.actions import (
    UNDO_WINDOW,
    AnswerWithdrawn,
    NewMail,
    NoAddress,
    save_draft,
)
from triage.replies.models import Reply
from triage.responses.blocks import MissingSlot, TooLong
from triage.responses.models import ResponseVersion

pytestmark = pytest.mark.django_db


def mail_of(reply: Reply):
    assert reply.outbound is not None
    return message_from_bytes(bytes(reply.outbound.content), policy=default)


def test_the_text_is_built_from_the_approved_words_and_the_persons_own(held):
    reply = held.send()
    assert reply.text == (
        "Hi Dana,\n\nYour card number was not reached.\n\n"
        "I would be worried too.\n\nWith care,\nAnn\n"
    )


def test_a_slot_that_is_not_in_the_answer_changes_nothing(held):
    held.slots["locked"] = "Your card number is 4111."
    assert "4111" not in held.send().text


def test_the_mail_goes_to_who_wrote_in_their_thread(held):
    asked = held.ticket.conversation.messages.get()
    mail = mail_of(held.send())
    assert mail["To"].addresses[0].addr_spec == "dana@example.net"
    assert mail["In-Reply-To"] == f"<{asked.message_id}>"
    assert f"<{asked.message_id}>" in mail["References"]
    assert mail["Auto-Submitted"] is None


def test_neither_a_copied_nor_a_reply_to_address_gets_the_answer(held):
    held.ticket.conversation.messages.update(
        cc=["eve@example.net"], reply_to="mallory@example.net", to=["x@example.net"]
    )
    reply = held.send()
    assert reply.outbound is not None
    assert reply.outbound.recipient == "dana@example.net"
    assert b"eve@" not in bytes(reply.outbound.content)
    assert b"mallory@" not in bytes(reply.outbound.content)


def test_it_leaves_when_the_undo_window_is_over(held):
    reply = held.send()
    assert reply.outbound is not None
    assert (reply.outbound.state, reply.outbound.due_at) == ("queued", NOON + UNDO_WINDOW)


def test_nobody_holds_the_email_while_its_answer_is_on_its_way(held):
    held.send()
    held.ticket.refresh_from_db()
    assert (held.ticket.state, held.ticket.holder) == ("answering", None)
    assert claim_next(by=desk.actor("Bob"), at=NOON) is None
    assert counters.reconcile() == ()


def test_the_same_form_twice_is_one_answer(held):
    seen = held.seen()
    assert held.send() == held.send(seen_message_id=seen)
    assert OutboundMessage.objects.count() == 1


def test_another_form_for_the_same_email_is_refused(held):
    seen = held.seen()
    held.send()
    with pytest.raises(NotHeld):
        held.send(key="form-2", seen_message_id=seen)
    assert OutboundMessage.objects.count() == 1


def test_each_answer_leaves_one_event(held):
    held.send()
    assert AuditEvent.objects.filter(action__startswith="reply").count() == 1


def test_an_answer_that_cannot_be_recorded_was_not_sent(held, monkeypatch):
    def fail(**_event):
        raise DatabaseError

    monkeypatch.setattr("triage.replies.actions.answering.record", fail)
    with pytest.raises(DatabaseError):
        held.send()
    held.ticket.refresh_from_db()
    assert held.ticket.holder_id == held.by.id
    assert not OutboundMessage.objects.exists()


def test_a_newer_email_of_the_person_stops_the_answer_and_keeps_its_text(held):
    seen = held.seen()
    desk.message(held.ticket.conversation)
    with pytest.raises(NewMail):
        held.send(seen_message_id=seen)
    assert Reply.objects.get().slots == held.slots
    assert not OutboundMessage.objects.exists()


def test_a_bounce_in_the_conversation_does_not_stop_the_answer(held):
    desk.message(held.ticket.conversation, kind="auto_reply")
    assert held.send(seen_message_id=held.seen()).state == "released"


@pytest.mark.parametrize("state", ["draft", "in_review", "superseded", "retired"])
def test_only_an_approved_version_is_sent(held, state):
    ResponseVersion.objects.filter(pk=held.version.pk).update(state=state)
    with pytest.raises(AnswerWithdrawn):
        held.send()
    assert Reply.objects.get().slots == held.slots


def test_a_version_that_never_was_cannot_be_sent(held):
    with pytest.raises(AnswerWithdrawn):
        held.send(version_id=10**9)


def test_who_wrote_without_an_address_cannot_be_answered(held):
    conversation = held.ticket.conversation
    conversation.customer_address = ""
    conversation.save(update_fields=["customer_address"])
    with pytest.raises(NoAddress):
        held.send()
    assert Reply.objects.get().state == "draft"


def test_an_empty_greeting_stops_the_answer_and_keeps_the_rest(held):
    held.slots["greeting"] = " "
    with pytest.raises(MissingSlot):
        held.send()
    assert Reply.objects.get().slots["own line"] == "I would be worried too."


def test_a_line_that_is_too_long_is_kept_as_it_was_typed(held):
    held.slots["own line"] = "a" * 500
    with pytest.raises(TooLong):
        held.send()
    assert Reply.objects.get().slots["own line"] == "a" * 500


def test_words_typed_after_the_email_went_back_are_kept(held):
    leave(by=held.by, at=NOON)
    with pytest.raises(NotHeld):
        held.send()
    assert Reply.objects.get(author_id=held.by.id).slots == held.slots


def test_words_for_an_email_that_one_never_held_are_not_kept(held):
    with pytest.raises(NotHeld):
        held.send(by=desk.actor("Bob"))
    assert not Reply.objects.exists()


def test_an_email_that_somebody_else_holds_now_cannot_be_answered(held):
    release(ticket_id=held.ticket.pk, by=desk.actor("Sam", "supervisor"), at=NOON)
    claim_next(by=desk.actor("Bob"), at=NOON)
    with pytest.raises(NotHeld):
        held.send()
    assert not OutboundMessage.objects.exists()


def test_a_draft_is_kept_as_typed_and_renews_the_time(held):
    saved = save_draft(
        ticket_id=held.ticket.pk,
        version_id=held.version.pk,
        slots={"own line": "I am so"},
        by=held.by,
        at=NOON + minutes(5),
    )
    assert saved.held_until == NOON + minutes(25)
    assert Reply.objects.get(pk=saved.reply_id).slots == {"own line": "I am so"}
    assert not AuditEvent.objects.filter(action__startswith="reply").exists()


def test_what_two_people_typed_stands_side_by_side(held):
    bob = desk.actor("Bob")
    save = {"ticket_id": held.ticket.pk, "version_id": None, "at": NOON}
    save_draft(slots={"own line": "from Ann"}, by=held.by, **save)
    pass_on(ticket_id=held.ticket.pk, reason=PassReason.TOO_HARD, by=held.by, at=NOON)
    Ticket.objects.update(queue=desk.queue("other"))
    claim_next(by=bob, at=NOON)
    save_draft(slots={"own line": "from Bob"}, by=bob, **save)
    assert {reply.slots["own line"] for reply in Reply.objects.all()} == {"from Ann", "from Bob"}
