from datetime import timedelta

from tests.factories.people import NOON
from triage.audit.pace import HELPERS_OPEN, Deed, is_too_fast, opened_lately


def deed(number: int, action: str = "email.view", minutes: float = 1) -> Deed:
    at = NOON - timedelta(minutes=minutes)
    return Deed(action=action, subject=("conversation", str(number)), at=at)


def test_one_email_opened_often_is_one() -> None:
    assert opened_lately([deed(1), deed(1), deed(1, "email.reveal")], at=NOON) == 1


def test_what_is_ten_minutes_old_counts_no_more() -> None:
    assert opened_lately([deed(1, minutes=10), deed(2, minutes=9.9)], at=NOON) == 1


def test_who_answers_as_fast_as_they_open_is_never_slowed() -> None:
    claims = [deed(number, "ticket.claim") for number in range(100)]
    answers = [deed(number, "reply.submit") for number in range(100)]
    assert not is_too_fast(claims + answers, supervises=False, at=NOON)
    assert is_too_fast(claims, supervises=False, at=NOON)


def test_supervisors_may_look_into_more() -> None:
    views = [deed(number) for number in range(HELPERS_OPEN)]
    assert is_too_fast(views, supervises=False, at=NOON)
    assert not is_too_fast(views, supervises=True, at=NOON)
