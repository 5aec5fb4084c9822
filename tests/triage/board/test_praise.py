"""The first sentence that says something, and nothing of a greeting."""

import pytest

from triage.board.praise import first_sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Dear team,\nthank you for your patience! Best, Dana", "thank you for your patience!"),
        ("Hello!\n\nYou were   wonderful today.", "You were wonderful today."),
        ("Thanks", ""),
        ("", ""),
    ],
)
def test_the_first_sentence_is_the_first_that_says_something(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence


def test_a_sentence_without_an_end_is_cut() -> None:
    assert len(first_sentence("very good " * 100)) == 200
