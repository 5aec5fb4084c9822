"""A newcomer's words are read by a colleague before they go, once, and never lie in silence."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError

from inbox.models import Mailbox, OutboundMessage
from tests.factories import desk
from tests.factories.desk import NOON, minutes
from triage.audit.models import AuditEvent
from triage.queues import counters
from triage.queues.actions import NotAllowed, NotHeld, claim_next
from triage.queues.models import QueueMembership, Ticket
from triage.replies.actions import (
    AlreadyDecided,
    BeingRead,
    NeedsReason,
    approve,
    approve_unedited,
    open_next,
    put_down,
    return_,
    save_draft,
    set_review_mode,
    undo,
)
from triage.replies.composer import composer
from triage.replies.jobs import let_go_unread
from triage.replies.models import Reply, Review, ReviewMode
from triage.replies.review_queries import (
    heard_by,
    in_review_of,
    opened_by,
    returned_to,
    review_backlog,
)
from triage.reports.ledger import ledger
from triage.responses.models import ResponseVersion
from triage.volunteers.models import Enlistment

pytestmark = pytest.mark.django_db
SOON = NOON + minutes(1)
TONE = Review.Reason.TONE
Mode = ReviewMode.Mode


@pytest.fixture
def sue():
    return desk.actor("Sue")


@pytest.fixture
def sam():
    return desk.actor("Sam", "supervisor")


def waiting_review() -> Review:
    return Review.objects.get(decided_at=None)


def test_a_newcomers_own_line_waits_and_the_newcomer_goes_on(newcomer):
    desk.ticket()
    reply = newcomer.send()
    assert (reply.state, reply.outbound) == ("in_review", None)
    assert "I would be worried too." in reply.text
    assert not OutboundMessage.objects.exists()
    assert Ticket.objects.get(pk=newcomer.ticket.pk).state == "answering"
    assert claim_next(by=newcomer.by, at=NOON) is not None
    assert counters.reconcile() == ()
    assert ledger(at=NOON).replies.in_review == 1


def test_approved_words_without_an_own_line_go_at_once(newcomer):
    newcomer.slots["own line"] = ""
    assert newcomer.send().state == "released"


def test_a_greeting_of_ones_own_is_read_too(newcomer):
    newcomer.slots.update({"own line": "", "greeting": "Dana, you fool,"})
    assert newcomer.send().state == "in_review"
    assert Review.objects.get().why == "edited"


def test_the_support_team_is_read_by_nobody(held):
    assert held.send().state == "released"


def test_a_trusted_helpers_line_goes_at_once_unless_they_ask(newcomer):
    trusted = replace(newcomer.by, helping=replace(newcomer.by.helping, trust=1))
    assert newcomer.send(by=trusted, asks_review=True).state == "in_review"
    assert Review.objects.get().why == "asked"


def test_the_same_form_twice_is_one_review(newcomer):
    seen = newcomer.seen()
    assert newcomer.send() == newcomer.send(seen_message_id=seen)
    assert Review.objects.count() == 1


def test_typing_that_arrives_late_leaves_the_answer_in_review_as_it_is(newcomer):
    newcomer.send()
    with pytest.raises(NotHeld):
        save_draft(
            ticket_id=newcomer.ticket.pk,
            version_id=None,
            slots={"own line": "something else"},
            by=newcomer.by,
            at=SOON,
        )
    assert Reply.objects.get().slots == newcomer.slots


def test_an_approved_answer_goes_as_it_was_written(newcomer, sue):
    reply = newcomer.send()
    text = reply.text
    approve(review_id=waiting_review().pk, by=sue, at=SOON)
    reply.refresh_from_db()
    assert (reply.state, reply.text) == ("released", text)
    assert reply.outbound is not None
    assert reply.outbound.due_at == SOON + timedelta(seconds=20)
    assert counters.reconcile() == ()


def test_an_answer_is_decided_once(newcomer, sue, sam):
    newcomer.send()
    review = waiting_review()
    approve(review_id=review.pk, by=sue, at=SOON)
    with pytest.raises(AlreadyDecided):
        return_(review_id=review.pk, reason=TONE, by=sam, at=SOON)
    with pytest.raises(AlreadyDecided):
        approve(review_id=review.pk, by=sam, at=SOON)
    assert OutboundMessage.objects.count() == 1


def test_what_cannot_be_recorded_was_not_decided(newcomer, sue, monkeypatch):
    newcomer.send()

    def fail(**_event):
        raise DatabaseError

    monkeypatch.setattr("triage.replies.actions.reviews.record", fail)
    with pytest.raises(DatabaseError):
        approve(review_id=waiting_review().pk, by=sue, at=SOON)
    assert Reply.objects.get().state == "in_review"
    assert not OutboundMessage.objects.exists()


def test_nobody_reads_their_own_answer_nor_any_without_being_trusted(newcomer):
    newcomer.send()
    with pytest.raises(NotAllowed):
        approve(review_id=waiting_review().pk, by=newcomer.by, at=SOON)
    with pytest.raises(NotAllowed):
        open_next(by=newcomer.by, at=SOON)


def test_what_a_colleague_has_open_is_decided_by_them_for_five_minutes(newcomer, sue, sam):
    newcomer.send()
    review = open_next(by=sue, at=SOON)
    assert review is not None
    assert open_next(by=sam, at=SOON) is None
    with pytest.raises(BeingRead):
        approve(review_id=review.pk, by=sam, at=SOON)
    assert open_next(by=sam, at=SOON + minutes(6)) == review
    with pytest.raises(BeingRead):
        approve(review_id=review.pk, by=sue, at=SOON + minutes(7))


def test_what_is_put_down_can_be_opened_by_another(newcomer, sue, sam):
    newcomer.send()
    review = open_next(by=sue, at=SOON)
    put_down(by=sue, at=SOON)
    assert open_next(by=sam, at=SOON) == review


def test_a_reader_sees_what_its_writer_put_in(newcomer, sue):
    newcomer.send()
    open_next(by=sue, at=SOON)
    reading = opened_by(sue, at=SOON)
    assert reading is not None
    assert [part.text for part in reading.parts if part.is_own] == ["I would be worried too."]
    assert [email.text for email in reading.emails] == ["Do these people have my card number?"]


def test_a_returned_answer_is_a_draft_in_its_writers_hands_with_the_reason(newcomer, sue):
    newcomer.send()
    return_(review_id=waiting_review().pk, reason=TONE, note="Say her name.", by=sue, at=SOON)
    ticket = Ticket.objects.get(pk=newcomer.ticket.pk)
    assert (ticket.state, ticket.holder_id) == ("open", newcomer.by.id)
    assert Reply.objects.get().state == "draft"
    shown = composer(ticket=ticket, by=newcomer.by, at=SOON)
    assert shown.note.endswith("It could sound warmer: “Say her name.”")
    (said,) = returned_to(newcomer.by.id, at=SOON)
    assert (said.reason, said.note, said.by_name) == (
        "It could sound warmer", "Say her name.", "Sue",
    )  # fmt: skip
    assert counters.reconcile() == ()


def test_who_took_up_another_email_finds_the_returned_one_waiting(newcomer, sue):
    other = desk.ticket()
    newcomer.send()
    assert claim_next(by=newcomer.by, at=NOON) == other
    return_(review_id=waiting_review().pk, reason=TONE, by=sue, at=SOON)
    ticket = Ticket.objects.get(pk=newcomer.ticket.pk)
    assert (ticket.state, ticket.holder) == ("open", None)
    assert Reply.objects.get().slots == newcomer.slots
    assert counters.reconcile() == ()


def test_whose_time_is_over_is_given_nothing_back(newcomer, sue):
    newcomer.send()
    Enlistment.objects.update(state="paused")
    return_(review_id=waiting_review().pk, reason=TONE, by=sue, at=SOON)
    assert Ticket.objects.get(pk=newcomer.ticket.pk).holder is None
    assert counters.reconcile() == ()


def test_a_return_needs_a_reason_that_can_be_mended(newcomer, sue):
    newcomer.send()
    with pytest.raises(NeedsReason):
        return_(review_id=waiting_review().pk, reason=Review.Reason.WITHDRAWN, by=sue, at=SOON)


def test_a_returned_answer_that_is_sent_again_is_read_again(newcomer, sue):
    newcomer.send()
    return_(review_id=waiting_review().pk, reason=TONE, by=sue, at=SOON)
    newcomer.slots["own line"] = "I am sorry, Dana."
    assert newcomer.send(key="form-2").state == "in_review"
    assert returned_to(newcomer.by.id, at=SOON) == ()
    assert Review.objects.count() == 2


def test_when_the_person_wrote_again_the_approved_answer_goes_back_to_its_writer(newcomer, sue):
    newcomer.send()
    desk.message(newcomer.ticket.conversation)
    decided = approve(review_id=waiting_review().pk, by=sue, at=SOON)
    assert (decided.decision, decided.reason) == ("returned", "wrote_again")
    assert not OutboundMessage.objects.exists()
    assert Ticket.objects.get().holder_id == newcomer.by.id
    assert counters.reconcile() == ()


def test_words_withdrawn_meanwhile_do_not_go(newcomer, sue):
    newcomer.send()
    ResponseVersion.objects.update(state="retired")
    decided = approve(review_id=waiting_review().pk, by=sue, at=SOON)
    assert (decided.decision, decided.reason) == ("returned", "withdrawn")
    assert not OutboundMessage.objects.exists()


def test_its_writer_takes_an_answer_back_from_review(newcomer):
    reply = newcomer.send()
    assert [waiting.reply_id for waiting in in_review_of(newcomer.by.id)] == [reply.pk]
    undo(reply_id=reply.pk, by=newcomer.by, at=SOON)
    assert Reply.objects.get().state == "draft"
    assert Ticket.objects.get().holder_id == newcomer.by.id
    assert Review.objects.get().decision == "taken_back"
    assert in_review_of(newcomer.by.id) == ()
    assert counters.reconcile() == ()


def test_praise_reaches_its_writer(newcomer, sue):
    newcomer.send()
    approve(review_id=waiting_review().pk, reason=Review.Reason.KIND_CLEAR, by=sue, at=SOON)
    assert [said.reason for said in heard_by(newcomer.by.id, since=NOON).praise] == [
        "Kind and clear"
    ]


def test_the_third_approved_answer_makes_a_newcomer_trusted(newcomer, sue):
    for number in range(3):
        newcomer.send(key=f"form-{number}")
        approve(review_id=waiting_review().pk, by=sue, at=SOON)
        desk.ticket()
        newcomer.ticket = claim_next(by=newcomer.by, at=SOON)
    assert Enlistment.objects.get().trust == 1


def test_after_ten_minutes_what_waits_goes_out_two_minutes_later(newcomer):
    newcomer.send()
    assert let_go_unread(at=NOON + minutes(9)) == 0
    assert let_go_unread(at=NOON + minutes(10)) == 0
    assert review_backlog(at=NOON + minutes(11)).is_hold_mode
    assert let_go_unread(at=NOON + minutes(11)) == 0
    assert let_go_unread(at=NOON + minutes(12)) == 1
    reply = Reply.objects.get()
    assert (reply.state, Review.objects.get().decision) == ("released", "sent_unread")
    assert not review_backlog(at=NOON + minutes(12)).is_hold_mode
    assert let_go_unread(at=NOON + minutes(12)) == 0
    assert counters.reconcile() == ()


def test_a_held_answer_can_be_stopped_and_is_not_sent_while_it_is_read(newcomer, sue):
    newcomer.send()
    let_go_unread(at=NOON + minutes(10))
    review = open_next(by=sue, at=NOON + minutes(11))
    assert let_go_unread(at=NOON + minutes(13)) == 0
    return_(review_id=review.pk, reason=TONE, by=sue, at=NOON + minutes(14))
    assert let_go_unread(at=NOON + minutes(20)) == 0
    assert not OutboundMessage.objects.exists()


def test_a_held_answer_is_not_sent_when_the_person_wrote_again(newcomer):
    newcomer.send()
    let_go_unread(at=NOON + minutes(10))
    desk.message(newcomer.ticket.conversation)
    let_go_unread(at=NOON + minutes(12))
    assert Review.objects.get().reason == "wrote_again"
    assert not OutboundMessage.objects.exists()


def test_a_supervisor_may_have_everything_read_however_long_it_takes(newcomer, sam):
    newcomer.send()
    let_go_unread(at=NOON + minutes(10))
    set_review_mode(mode=Mode.ALWAYS, sample_every=0, by=sam, at=NOON + minutes(11))
    assert let_go_unread(at=NOON + minutes(600)) == 0
    assert not review_backlog(at=NOON + minutes(600)).is_hold_mode


def test_a_supervisor_may_have_two_minutes_at_once(newcomer, sam):
    set_review_mode(mode=Mode.HOLD, sample_every=0, by=sam, at=NOON)
    newcomer.send()
    assert Review.objects.get().holds_until == NOON + minutes(2)
    assert let_go_unread(at=NOON + minutes(2)) == 1


def test_an_answer_that_no_mailbox_can_send_delays_no_other(newcomer):
    newcomer.send()
    Mailbox.objects.update(address="import")
    review = waiting_review()
    Review.objects.update(holds_until=NOON)
    assert let_go_unread(at=SOON) == 0
    review.refresh_from_db()
    assert (review.decided_at, review.holds_until) == (None, SOON + minutes(1))


def test_only_supervisors_choose_how_answers_are_read_and_it_is_recorded(sue, sam):
    with pytest.raises(NotAllowed):
        set_review_mode(mode=Mode.HOLD, sample_every=0, by=sue, at=NOON)
    set_review_mode(mode=Mode.HOLD, sample_every=20, by=sam, at=NOON)
    assert AuditEvent.objects.filter(action="review.mode").count() == 1


def test_the_approved_words_alone_are_let_go_at_once_and_own_words_are_not(newcomer, sam):
    newcomer.send()
    Review.objects.update(has_own_words=False)
    desk.ticket()
    newcomer.ticket = claim_next(by=newcomer.by, at=NOON)
    newcomer.send(key="form-2")
    done = approve_unedited(by=sam, at=SOON)
    assert (done.approved, done.returned) == (1, 0)
    assert Review.objects.filter(decided_at=None).count() == 1


def test_a_lane_is_read_by_its_own_people_only(newcomer, sue):
    newcomer.send()
    desk.user("Lou", "support")
    legal = desk.queue("legal")
    QueueMembership.objects.create(user=desk.user("Lou"), queue=legal)
    Ticket.objects.update(queue=legal)
    assert open_next(by=sue, at=SOON) is None
    with pytest.raises(NotAllowed):
        approve(review_id=waiting_review().pk, by=sue, at=SOON)
    assert open_next(by=desk.actor("Lou"), at=SOON) is not None
