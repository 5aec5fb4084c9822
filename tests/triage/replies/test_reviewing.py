"""Which answers are read before they go: the rules alone."""

import pytest

from tests.factories.desk import NOON, minutes
from triage.accounts.policy import Trust
from triage.replies.models import Review
from triage.replies.reviewing import OwnWords, is_hold, is_sampled, why_read

LINE = OwnWords(has_own_line=True, is_edited=False)
GREETING = OwnWords(has_own_line=False, is_edited=True)
NOTHING = OwnWords(has_own_line=False, is_edited=False)
Why = Review.Why


@pytest.mark.parametrize(
    ("written", "why"), [(LINE, Why.NEWCOMER), (GREETING, Why.EDITED), (NOTHING, None)]
)
def test_a_newcomers_own_words_are_read_and_approved_words_alone_are_not(written, why):
    assert why_read(trust=Trust.NEWCOMER, written=written) == why


@pytest.mark.parametrize("trust", [Trust.TRUSTED, Trust.EDITOR])
def test_who_is_trusted_is_read_only_by_sample_or_wish(trust):
    assert why_read(trust=trust, written=LINE) is None
    assert why_read(trust=trust, written=LINE, is_sampled=True) == Why.SAMPLE
    assert why_read(trust=trust, written=NOTHING, is_sampled=True) is None
    assert why_read(trust=trust, written=NOTHING, is_asked=True) == Why.ASKED


def test_who_reads_others_is_read_by_nobody():
    assert why_read(trust=Trust.REVIEWER, written=LINE, is_asked=True, is_sampled=True) is None


def test_a_sample_takes_one_in_so_many_or_none():
    assert [number for number in range(1, 41) if is_sampled(number, every=20)] == [20, 40]
    assert not any(is_sampled(number, every=0) for number in range(1, 41))


@pytest.mark.parametrize(
    ("mode", "waited", "holds"),
    [
        ("automatic", 9, False),
        ("automatic", 10, True),
        ("always", 600, False),
        ("hold", 0, True),
    ],
)
def test_reading_becomes_a_hold_when_the_oldest_waited_ten_minutes(mode, waited, holds):
    assert is_hold(mode, oldest_asked_at=NOON - minutes(waited), at=NOON) is holds


def test_with_nothing_waiting_there_is_no_hold_unless_chosen():
    assert not is_hold("automatic", oldest_asked_at=None, at=NOON)
    assert is_hold("hold", oldest_asked_at=None, at=NOON)
