"""The open page asks what is new: changed parts or nothing, one statement beside the person's."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import answers, desk
from tests.triage.desk.test_desk import fields, sorted_as
from triage.queues.actions import answer_question, ask_a_pro, release, set_queues
from triage.queues.jobs import lapse
from triage.queues.models import Question, Ticket
from triage.replies.models import Reply
from triage.responses.models import ResponseVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def sue(client: Client) -> Client:
    client.force_login(desk.user("Sue", "support"))
    return client


@pytest.fixture
def shown(sue: Client) -> dict[str, str]:
    """What Sue's open page would ask with."""
    answers.approved()
    sorted_as(desk.ticket("data_concern"), "data_concern")
    page = sue.post("/desk/next/", follow=True).content.decode()
    until = Ticket.objects.get().held_until
    assert until
    known = {"known-yours": until.isoformat(), "known-notes": "", "known-asked": "0"}
    return {**fields(page), "solved": "0", "hushed": "", **known}


def news(client: Client, shown: dict[str, str]) -> str:
    given = client.get("/desk/pulse/", shown)
    assert given.status_code == 200
    return given.content.decode()


def test_nothing_new_is_an_empty_answer_in_six_statements(
    sue: Client, shown: dict[str, str], django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        assert sue.get("/desk/pulse/", shown).status_code == 204


def test_being_here_renews_the_time_and_gives_it_back(sue: Client, shown: dict[str, str]) -> None:
    Ticket.objects.update(held_until=timezone.now() + desk.minutes(2))
    given = sue.post("/desk/here/", shown).content.decode()
    until = Ticket.objects.get().held_until
    assert until and until > timezone.now() + desk.minutes(19)
    assert until.isoformat() in given
    assert "Are you still there?" not in given


def test_no_activity_keeps_an_email_longer_than_an_hour(sue: Client, shown: dict[str, str]) -> None:
    at = timezone.now()
    Ticket.objects.update(held_since=at - desk.minutes(58), held_until=at + desk.minutes(2))
    given = sue.post("/desk/here/", shown).content.decode()
    until = Ticket.objects.get().held_until
    assert until and until < at + desk.minutes(3)
    assert "One email can be yours for an hour." in given
    assert "I&#x27;m still here" not in given


def test_the_warning_comes_with_a_button(sue: Client, shown: dict[str, str]) -> None:
    Ticket.objects.update(held_until=timezone.now() + desk.minutes(2))
    assert "Are you still there?" in news(sue, shown)
    assert "Are you still there?" in sue.get("/desk/").content.decode()


def test_new_mail_is_told_before_send(sue: Client, shown: dict[str, str]) -> None:
    desk.message(Ticket.objects.get().conversation)
    assert "Dana R. has just written again." in news(sue, shown)


def test_a_withdrawn_answer_is_told(sue: Client, shown: dict[str, str]) -> None:
    ResponseVersion.objects.update(state="retired")
    assert "was just withdrawn" in news(sue, shown)


def test_the_answer_to_a_question_comes_into_the_page(sue: Client, shown: dict[str, str]) -> None:
    at, by = timezone.now(), desk.actor("Sue", at=timezone.now())
    asked = ask_a_pro(ticket_id=int(shown["email"]), text="May I say this?", by=by, at=at)
    sam = desk.actor("Sam", "supervisor", at=at)
    answer_question(question_id=asked.pk, text="Yes, you may.", by=sam, at=at)
    given = news(sue, shown)
    assert "Yes, you may." in given
    assert "Your question has an answer." in given


def test_an_email_taken_over_says_by_whom(sue: Client, shown: dict[str, str]) -> None:
    sam = desk.actor("Sam", "supervisor", at=timezone.now())
    release(ticket_id=int(shown["email"]), by=sam, at=timezone.now())
    assert "Sam has taken care of this email." in news(sue, shown)
    assert "Sam has taken care of this email." in sue.get("/desk/").content.decode()


def test_who_is_moved_hears_where_the_next_emails_come_from(
    sue: Client, shown: dict[str, str]
) -> None:
    at = timezone.now()
    sam = desk.actor("Sam", "supervisor", at=at)
    set_queues(
        user_id=desk.user("Sue").pk, queue_ids=[desk.queue("password_reset").pk], by=sam, at=at
    )
    given = news(sue, shown)
    assert "the next ones come from Password reset" in given
    key = re.search(r'data-hush="(moved/\d+)"', given)
    assert key
    assert sue.get("/desk/pulse/", {**shown, "hushed": key[1]}).status_code == 204


def test_after_the_next_email_nobody_is_told_of_the_last(
    sue: Client, shown: dict[str, str]
) -> None:
    sam = desk.actor("Sam", "supervisor", at=timezone.now())
    release(ticket_id=int(shown["email"]), by=sam, at=timezone.now())
    sue.post("/desk/next/")
    sue.post("/desk/done/")
    assert "has taken care" not in sue.get("/desk/").content.decode()


def test_time_that_is_over_is_said_kindly_and_what_is_typed_later_is_kept(
    sue: Client, shown: dict[str, str]
) -> None:
    Ticket.objects.update(held_until=timezone.now() - desk.minutes(1))
    assert "The time for this email was over" in news(sue, shown)
    lapse(at=timezone.now())
    typed = {**shown, "slot-own line": "Typed a moment too late."}
    saved = sue.post("/desk/draft/", typed, headers={"HX-Request": "true", "HX-Target": "saved"})
    assert "The time for this email was over" in saved.content.decode()
    assert Reply.objects.get().slots["own line"] == "Typed a moment too late."


def test_of_another_persons_email_the_page_tells_nothing(shown: dict[str, str]) -> None:
    other = Client()
    other.force_login(desk.user("Tim", "support"))
    Question.objects.create(
        ticket_id=shown["email"], asked_by=desk.user("Sue"), text="Secret?", asked_at=desk.NOON
    )
    given = news(other, {**shown, "seen": "0", "known-asked": "9"})
    assert "This email is no longer with you." in given
    assert "Dana" not in given
    assert "Secret?" not in given
