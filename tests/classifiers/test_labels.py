import pytest

from classifiers.labels import LABELS, TONES, TOPICS, primary_label


@pytest.mark.parametrize("tone", TONES)
def test_a_topic_goes_before_every_tone(tone: str) -> None:
    assert primary_label("data_concern", tone) == "data_concern"
    assert primary_label("password_reset", tone) == "password_reset"


def test_without_a_topic_the_tone_is_the_label() -> None:
    assert [primary_label("other", tone) for tone in TONES] == ["angry", "praise", "other"]


def test_every_answer_has_one_of_the_five_labels() -> None:
    assert {primary_label(topic, tone) for topic in TOPICS for tone in TONES} == set(LABELS)
