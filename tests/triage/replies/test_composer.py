"""The answer page: what the person wrote, what we said, what may be sent, and why it is here."""

import pytest

from inbox.models import Attachment, OutboundMessage
from tests.factories import desk
from tests.factories.desk import NOON, minutes
from triage.classification.models import Classification
from triage.queues.actions import PassReason, claim_next, pass_on
from triage.queues.models import Ticket
from triage.queues.queries import held_by
from triage.replies.actions import save_draft
from triage.replies.composer import composer
from triage.replies.jobs import settle
from triage.replies.queries import own_day, sent_by
from triage.responses.blocks import Locked
from triage.responses.models import ResponseVersion

pytestmark = pytest.mark.django_db


def page(held):
    ticket = held_by(held.by.id, NOON)
    assert ticket is not None
    return composer(ticket=ticket, by=held.by, at=NOON)


def sorted_as(held, label: str, **more: object) -> None:
    Classification.objects.create(
        message_id=held.seen(), topic="other", tone="neutral", label=label,
        **{"confident": True, "reasons": ["card", "worried"], "at": NOON, **more},
    )  # fmt: skip


def test_the_emails_stand_in_order_with_their_attachments(held):
    second = desk.message(held.ticket.conversation, new_text="Hello again?")
    Attachment.objects.create(
        message=second, part_index=1, filename="a.pdf", content_type="application/pdf",
        size=7, sha256="0" * 64,
    )  # fmt: skip
    shown = page(held).messages
    assert [message.new_text[:5] for message in shown] == ["Do th", "Hello"]
    assert [file.filename for file in shown[1].attachments] == ["a.pdf"]
    assert page(held).seen_message_id == second.pk


def test_machine_mail_in_the_conversation_is_not_shown(held):
    desk.message(held.ticket.conversation, kind="auto_reply")
    assert len(page(held).messages) == 1


def test_the_answers_that_fit_best_come_first(held):
    ResponseVersion.objects.all().delete()
    other = desk.version(label="other")
    german = desk.version(label="data_concern", language="de")
    best = desk.version(label="data_concern")
    sorted_as(held, "data_concern")
    options = page(held).options
    assert [option.version_id for option in options] == [best.pk, other.pk, german.pk]
    assert [option.is_other_language for option in options] == [False, False, True]


def test_an_answer_that_nobody_approved_is_not_offered(held):
    desk.version(state="in_review")
    assert [option.version_id for option in page(held).options] == [held.version.pk]


def test_it_says_when_no_answer_is_in_the_language_of_the_person(held):
    held.ticket.conversation.messages.update(language="pl")
    shown = page(held)
    assert shown.is_other_language
    assert shown.language == "pl"


def test_nothing_is_chosen_already_while_the_sorter_is_not_sure(held):
    assert page(held).chosen is None


def test_the_slots_are_filled_sensibly(held):
    sorted_as(held, held.version.response.label)
    shown = page(held)
    assert shown.suggested == {"greeting": "Hi Dana,", "sign-off": "Ann"}
    assert shown.chosen is not None
    assert isinstance(shown.chosen.parts[1], Locked)


def test_the_own_draft_is_there_again(held):
    save_draft(ticket_id=held.ticket.pk, version_id=held.version.pk,
               slots={"own line": "I see"}, by=held.by, at=NOON)  # fmt: skip
    draft = page(held).draft
    assert draft is not None
    assert (draft.slots, draft.is_own, draft.version_id) == (
        {"own line": "I see"}, True, held.version.pk,
    )  # fmt: skip


def test_the_draft_of_who_held_it_before_is_offered_without_their_signature(held):
    save_draft(ticket_id=held.ticket.pk, version_id=held.version.pk,
               slots={"own line": "I see", "sign-off": "Ann"}, by=held.by, at=NOON)  # fmt: skip
    pass_on(ticket_id=held.ticket.pk, reason=PassReason.UPSETS_ME, by=held.by, at=NOON)
    bob = desk.actor("Bob")
    ticket = claim_next(by=bob, at=NOON)
    assert ticket is not None
    shown = composer(ticket=ticket, by=bob, at=NOON)
    assert shown.draft is not None
    assert (shown.draft.is_own, shown.draft.by_name) == (False, "Ann")
    assert shown.draft.slots == {"own line": "I see"}
    assert any("upsets me" in reason for reason in shown.reasons)


def test_it_says_why_the_email_came_here(held):
    sorted_as(held, "data_concern")
    assert "“card”" in " ".join(page(held).reasons)


def test_it_says_when_the_sorter_was_not_sure(held):
    sorted_as(held, "other", confident=False)
    assert "not sure" in page(held).reasons[0]


def test_words_of_risk_are_shown(held):
    held.ticket.conversation.messages.update(new_text="My lawyer will call you.")
    assert "My lawyer" in page(held).reasons[0]


def test_a_refused_answer_is_told_and_its_words_are_offered(held):
    held.send()
    OutboundMessage.objects.update(
        state="rejected", due_at=None, settle_due_at=NOON, server_words="550 mailbox full"
    )
    settle(at=NOON)
    claim_next(by=held.by, at=NOON)
    shown = page(held)
    assert "550 mailbox full" in shown.note
    assert shown.draft is not None
    assert shown.draft.slots["own line"] == held.slots["own line"]
    assert shown.answers == ()


def test_what_we_told_this_person_before_is_shown(held):
    held.send()
    OutboundMessage.objects.update(state="sent", due_at=None, sent_at=NOON, settle_due_at=NOON)
    settle(at=NOON)
    desk.message(held.ticket.conversation, received_at=NOON)
    Ticket.objects.update(state="open")
    claim_next(by=held.by, at=NOON)
    (told,) = page(held).answers
    assert (told.author, told.state) == ("Ann", "sent")
    assert "card number was not reached" in told.text


def test_each_shown_form_has_its_own_key(held):
    assert page(held).submit_key != page(held).submit_key


def test_the_page_costs_at_most_eight_statements(held, django_assert_max_num_queries):
    for _ in range(10):
        desk.message(held.ticket.conversation)
        desk.version()
    with django_assert_max_num_queries(8):
        page(held)


def test_ones_own_answers_are_shown_latest_first_page_by_page(held):
    first = held.send()
    desk.ticket()
    held.ticket = claim_next(by=held.by, at=NOON)
    second = held.send(key="form-2", at=NOON + minutes(1))
    assert [answer.id for answer in sent_by(user_id=held.by.id)] == [second.pk, first.pk]
    assert [a.id for a in sent_by(user_id=held.by.id, before_id=second.pk)] == [first.pk]
    assert sent_by(user_id=desk.user("Bob").pk) == ()


def test_answers_are_counted_per_person(held):
    held.send()
    bob = desk.user("Bob").pk
    assert own_day(user_id=held.by.id, since=NOON, at=NOON).answered == 1
    assert own_day(user_id=held.by.id, since=NOON + minutes(1), at=NOON).answered == 0
    assert own_day(user_id=bob, since=NOON, at=NOON).answered == 0
