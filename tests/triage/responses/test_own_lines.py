"""The lines that a helper may tap: three each, in their language, and nothing that is not ours."""

import pytest

from triage.responses import own_words
from triage.responses.blocks import SLOTS
from triage.responses.own_lines import own_lines
from triage.responses.starters import LANGUAGES

LABELS = ("password_reset", "data_concern", "angry", "praise", "other")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("label", LABELS)
def test_there_are_three_short_lines_that_may_leave_as_they_are(label: str, language: str) -> None:
    lines = own_lines(label=label, language=language)
    assert len(set(lines)) == 3
    for line in lines:
        assert len(line) <= min(90, SLOTS["own line"].max_length)
        assert own_words.tidy(line, multiline=False) == line
        assert own_words.foreign_links(line) == []


def test_a_language_that_nobody_wrote_lines_for_has_none() -> None:
    assert own_lines(label="angry", language="pl") == ()
