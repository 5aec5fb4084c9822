"""What an open page says by itself: pure rules on what happened while somebody answers."""

from dataclasses import replace

import pytest

from tests.factories.desk import NOON, minutes
from triage.accounts.policy import Helping
from triage.desk.pulse import Email, Kind, OpenPage, notes

PAGE = OpenPage(ticket_id=1, message_id=10, version_id=5, solved=0)
EMAIL = Email(
    held_until=NOON + minutes(20),
    held_at_most_until=NOON + minutes(60),
    latest_message_id=10,
    is_usable=True,
    solved=0,
    customer_name="Dana R.",
)


HELPING = Helping(until=NOON + minutes(600), state="active", level="all-hands", briefed=True)


def said(
    email: Email = EMAIL, page: OpenPage = PAGE, helping: Helping | None = HELPING
) -> list[Kind]:
    return [note.kind for note in notes(page, email, helping=helping, at=NOON)]


def test_a_quiet_page_says_nothing() -> None:
    assert said() == []


@pytest.mark.parametrize(("left", "warned"), [(3.1, []), (3, [Kind.ENDING]), (0, [Kind.ENDING])])
def test_it_warns_three_minutes_before_the_end(left: float, warned: list[Kind]) -> None:
    assert said(replace(EMAIL, held_until=NOON + minutes(left))) == warned


def test_the_last_minutes_of_the_hour_are_told_honestly() -> None:
    end = NOON + minutes(2)
    assert said(replace(EMAIL, held_until=end, held_at_most_until=end)) == [Kind.LAST_MINUTES]


def test_new_mail_a_withdrawn_answer_and_an_answered_question_are_told() -> None:
    email = replace(EMAIL, latest_message_id=11, is_usable=False, solved=1)
    assert said(email) == [Kind.NEW_MAIL, Kind.WITHDRAWN, Kind.ANSWERED]


def test_a_page_without_a_chosen_answer_misses_none() -> None:
    assert said(replace(EMAIL, is_usable=False), replace(PAGE, version_id=None)) == []


def test_what_was_closed_is_said_again_only_when_it_happens_again() -> None:
    page = replace(PAGE, hushed=["answered/1"])
    assert said(replace(EMAIL, solved=1), page) == []
    assert said(replace(EMAIL, solved=2), page) == [Kind.ANSWERED]


def test_a_changed_briefing_is_told_beside_the_email() -> None:
    assert said(helping=replace(HELPING, must_read_again=True)) == [Kind.READ_AGAIN]


def test_who_is_to_pause_finishes_first() -> None:
    assert said(helping=replace(HELPING, state="paused")) == [Kind.PAUSED]


def test_the_support_team_is_never_told_of_helping_time() -> None:
    assert said(helping=None) == []
