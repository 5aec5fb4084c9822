import re

import pytest
from django.test import Client
from django.utils import timezone

from inbox.models import Attachment, OutboundMessage
from tests.factories import answers, desk, outbox, people
from triage.accounts.models import User
from triage.audit.models import AuditEvent
from triage.classification.models import Classification
from triage.queues.actions import release
from triage.queues.models import Outcome, PassedOn, Question, Ticket, Urgency
from triage.replies.models import Reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def sue(client: Client) -> Client:
    client.force_login(desk.user("Sue", "support"))
    return client


def sorted_as(ticket: Ticket, label: str, *, confident: bool = True) -> None:
    Classification.objects.create(
        message=ticket.conversation.messages.get(),
        topic=label,
        tone="neutral",
        label=label,
        confident=confident,
        at=desk.NOON,
    )


@pytest.fixture
def page(sue: Client) -> str:
    answers.approved()
    sorted_as(desk.ticket("data_concern"), "data_concern")
    return sue.post("/desk/next/", follow=True).content.decode()


def fields(page: str) -> dict[str, str]:
    """What a browser would send of the answer form."""
    hidden = dict(
        re.findall(r'<input type="hidden" name="(email|seen|submit_key)" value="(.*?)"', page)
    )
    chosen = re.search(r'name="answer" value="(\d+)" form="answer" checked', page)
    assert chosen
    return {
        **hidden,
        "answer": chosen[1],
        "slot-greeting": "Hi Dana,",
        "slot-own line": "I would be worried too.",
        "slot-sign-off": "Sue",
    }


def test_the_desk_says_how_many_wait_and_offers_the_next(sue: Client) -> None:
    desk.ticket()
    page = sue.get("/desk/").content.decode()
    assert "1 person is waiting" in page
    assert "Help the next person" in page


def test_the_page_shows_the_email_the_answers_and_until_when_it_is_yours(page: str) -> None:
    assert "Do these people have my card number?" in page
    assert "Full card number not reached" in page
    assert "Yours until" in page


def test_sending_leaves_one_mail_with_the_approved_words_and_the_own_line(
    sue: Client, page: str
) -> None:
    sue.post("/desk/send/", fields(page))
    mail = OutboundMessage.objects.get()
    reply = Reply.objects.get()
    assert mail.recipient == "dana@example.net"
    assert "Your full card number was not reached." in reply.text
    assert "I would be worried too." in reply.text


def test_a_browser_cannot_alter_locked_words(sue: Client, page: str) -> None:
    sue.post("/desk/send/", {**fields(page), "body": "All lost", "slot-locked": "All lost"})
    assert "All lost" not in Reply.objects.get().text


def test_two_clicks_on_send_are_one_mail(sue: Client, page: str) -> None:
    sent = fields(page)
    sue.post("/desk/send/", sent)
    sue.post("/desk/send/", sent)
    assert OutboundMessage.objects.count() == 1


def test_undo_brings_the_words_back(sue: Client, page: str) -> None:
    sue.post("/desk/send/", fields(page))
    reply = Reply.objects.get()
    after = sue.post(f"/desk/undo/{reply.pk}/", follow=True).content.decode()
    assert "I would be worried too." in after
    assert OutboundMessage.objects.get().state == OutboundMessage.State.WITHDRAWN


def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(sue: Client, page: str) -> None:
    sent = {**fields(page), "slot-own line": "See https://evil.example/ for more"}
    answer = sue.post("/desk/send/", sent)
    assert answer.status_code == 422
    assert "evil.example" in answer.content.decode()
    assert not OutboundMessage.objects.exists()


def test_saving_a_draft_renews_the_time(sue: Client, page: str) -> None:
    Ticket.objects.update(held_until=timezone.now() + desk.minutes(3))
    sue.post("/desk/draft/", fields(page))
    held_until = Ticket.objects.get().held_until
    assert held_until and held_until > timezone.now() + desk.minutes(19)


def test_choosing_an_answer_shows_its_letter_and_says_so(sue: Client, page: str) -> None:
    part = {"HX-Request": "true", "HX-Target": "letter"}
    given = sue.post("/desk/draft/", fields(page), headers=part).content.decode()
    assert 'id="letter"' in given
    assert "Now shown: Full card number not reached" in given


def test_passing_on_asks_for_one_reason_and_keeps_the_words(sue: Client, page: str) -> None:
    sent = fields(page)
    asked = sue.post("/desk/pass-on/", sent).content.decode()
    assert "It upsets me" in asked
    sue.post("/desk/pass-on/", {"email": sent["email"], "reason": "upsets_me"})
    assert Ticket.objects.get().holder is None
    assert Reply.objects.get().slots["own line"] == "I would be worried too."


def test_danger_goes_to_safety_at_once_with_the_words_kept(sue: Client, page: str) -> None:
    for _click in range(2):
        given = sue.post("/desk/danger/", fields(page), follow=True).content.decode()
        assert "You did right" in given
    ticket = Ticket.objects.get()
    assert (ticket.holder, ticket.queue.key, ticket.urgency) == (None, "safety", Urgency.DANGER)
    assert Reply.objects.get().slots["own line"] == "I would be worried too."
    assert AuditEvent.objects.filter(action="ticket.raise_danger").count() == 1


def test_passing_on_what_looks_dangerous_leads_to_the_same_page(sue: Client, page: str) -> None:
    form = {"email": fields(page)["email"], "reason": "dangerous"}
    assert "You did right" in sue.post("/desk/pass-on/", form, follow=True).content.decode()


def test_a_question_keeps_the_email_here(sue: Client, page: str) -> None:
    sue.post("/desk/ask/", {"email": fields(page)["email"], "text": "May I say this?"})
    assert Question.objects.get().text == "May I say this?"
    assert "May I say this?" in sue.get("/desk/").content.decode()


def test_no_answer_is_there_already_when_the_sorter_is_not_sure(sue: Client) -> None:
    answers.approved()
    sorted_as(desk.ticket("unsorted"), "data_concern", confident=False)
    page = sue.post("/desk/next/", follow=True).content.decode()
    assert "Please choose the answer that fits." in page
    assert "Your own line" in page
    assert " checked" not in page
    assert "Best match" not in page


def test_sending_without_a_choice_is_said_and_the_own_line_is_kept(sue: Client, page: str) -> None:
    sent = fields(page)
    del sent["answer"]
    answer = sue.post("/desk/send/", sent)
    assert "Please choose an approved answer first." in answer.content.decode()
    assert "I would be worried too." in answer.content.decode()


def test_the_support_team_closes_an_email_that_needs_no_answer(sue: Client, page: str) -> None:
    sue.post("/desk/no-answer/", {"email": fields(page)["email"], "reason": "advertising"})
    assert Outcome.objects.get().kind == Outcome.Kind.NO_REPLY_NEEDED
    assert Ticket.objects.get().state == Ticket.State.CLOSED


def test_done_for_now_gives_the_email_back(sue: Client, page: str) -> None:
    sue.post("/desk/done/")
    assert Ticket.objects.get().holder is None


def test_a_form_without_an_email_is_refused(sue: Client) -> None:
    assert sue.post("/desk/send/", {"email": "x"}).status_code == 403


def test_the_page_of_my_sent_shows_only_mine(sue: Client, page: str) -> None:
    sue.post("/desk/send/", fields(page))
    other = Client()
    other.force_login(desk.user("Tim", "support"))
    assert "Dana" in sue.get("/desk/sent/").content.decode()
    assert "Dana" not in other.get("/desk/sent/").content.decode()


def test_done_for_now_asks_once_when_an_answer_is_begun(sue: Client, page: str) -> None:
    asked = sue.post("/desk/done/", fields(page)).content.decode()
    assert "Done for now?" in asked
    assert Ticket.objects.get().holder is not None
    sue.post("/desk/done/")
    assert Ticket.objects.get().holder is None
    assert Reply.objects.get().slots["own line"] == "I would be worried too."


def test_done_for_now_does_not_ask_about_a_page_without_own_words(sue: Client, page: str) -> None:
    sue.post("/desk/done/", {**fields(page), "slot-own line": ""})
    assert Ticket.objects.get().holder is None


def test_whose_helping_time_ended_in_mid_sentence_loses_no_word(client: Client) -> None:
    ann = people.person("ann", at=timezone.now())
    part = people.helper(ann, people.incident(at=timezone.now()), at=timezone.now())
    desk.ticket()
    client.force_login(ann)
    client.post("/desk/next/")
    people.Enlistment.objects.filter(pk=part.pk).update(state="ended", ended_at=timezone.now())
    late = {"email": str(Ticket.objects.get().pk), "slot-own line": "Half a sent"}
    assert client.post("/desk/draft/", late).status_code == 403
    assert Reply.objects.get().slots["own line"] == "Half a sent"


def test_my_answers_say_in_plain_words_how_it_stands_with_each(sue: Client, page: str) -> None:
    sue.post("/desk/send/", fields(page))
    assert "on its way" in sue.get("/desk/sent/").content.decode()
    OutboundMessage.objects.update(state="bounced", due_at=None)
    assert "That is not your doing" in sue.get("/desk/sent/").content.decode()


def test_of_an_email_passed_on_only_the_own_words_are_shown(sue: Client, page: str) -> None:
    sue.post("/desk/draft/", fields(page))
    sue.post("/desk/pass-on/", {"email": fields(page)["email"], "reason": "too_hard"})
    sue.get("/desk/")
    mine = sue.get("/desk/sent/").content.decode()
    assert "Begun, not sent" in mine
    assert "I would be worried too." in mine
    assert "Dana" not in mine
    assert "Did they get my card number?" not in mine


@pytest.fixture
def full_page(sue: Client, page: str) -> None:
    """Everything on it: files, earlier mails and answers, a question, an undo strip, a reason."""
    held = Ticket.objects.get()
    first = held.conversation.messages.get()
    Attachment.objects.create(
        message=first, part_index=1, filename="a.pdf", content_type="application/pdf",
        size=7, sha256="0" * 64,
    )  # fmt: skip
    sue.post("/desk/ask/", {"email": held.pk, "text": "May I say this?"})
    PassedOn.objects.create(ticket=held, user=desk.user("Tim"), reason="language", at=desk.NOON)
    desk.message(held.conversation)
    at = timezone.now()
    Reply.objects.create(
        ticket=desk.ticket(), author=User.objects.get(name="Sue"), version=desk.version(),
        seen_message=first, state=Reply.State.RELEASED, created_at=at, saved_at=at, released_at=at,
        outbound=outbox.answer(held.conversation.mailbox, due_at=at + desk.minutes(1)),
    )  # fmt: skip
    sue.get("/desk/")  # the word about the question is said once, and then forgotten


def test_the_answer_page_takes_twelve_statements_with_everything_on_it(
    sue: Client, full_page: None, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        shown = sue.get("/desk/").content.decode()
    assert all(part in shown for part in ("a.pdf", "May I say this?", "Undo", "not in my language"))


def test_the_pause_takes_twelve_statements(
    sue: Client, page: str, django_assert_max_num_queries: object
) -> None:
    sam = desk.actor("Sam", "supervisor", at=timezone.now())
    release(ticket_id=Ticket.objects.get().pk, by=sam, at=timezone.now())
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert "Sam has taken care" in sue.get("/desk/").content.decode()
