from collections import Counter
from pathlib import Path

import pytest

from classifiers import dataset
from classifiers.dataset import DatasetError, Example
from classifiers.labels import LABELS, LANGUAGES, primary_label


def test_the_shipped_emails_are_many_distinct_and_cover_every_label() -> None:
    own = dataset.load_own()
    labels = Counter(primary_label(one.topic, one.tone) for one in own)
    assert len({one.body for one in own}) == len(own) >= 400
    assert min(labels[label] for label in LABELS) >= 20
    assert {one.language for one in own} == set(LANGUAGES)


def test_no_writer_of_the_held_out_tenth_is_trained_on() -> None:
    own = dataset.load_own()
    known, held_out = dataset.split(own)
    assert not {one.style for one in known} & {one.style for one in held_out}
    assert len(known) + len(held_out) == len(own)
    assert 0.08 <= len(held_out) / len(own) <= 0.2


def test_a_single_writer_of_a_language_is_trained_on() -> None:
    only = [Example("", "bonjour", "other", "neutral", "fr", "odile")] * 3
    assert dataset.split(only) == (only, [])


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "F.jsonl, line 2, is not JSON."),
        ("[1]", "F.jsonl, line 2, is not a JSON object."),
        ("\udcff", "F.jsonl, line 2, is not UTF-8 text."),
        ('{"topic": "other", "tone": "angry"}', 'F.jsonl, line 2, has no "body".'),
        (
            '{"body": 7, "topic": "other", "tone": "angry"}',
            'F.jsonl, line 2, has no text in "body".',
        ),
        (
            '{"body": "x", "topic": "spam", "tone": "angry"}',
            'F.jsonl, line 2, has a "topic" that is none of password_reset, data_concern, other.',
        ),
    ],
)
def test_a_bad_line_is_named_in_one_sentence(tmp_path: Path, line: str, sentence: str) -> None:
    file = tmp_path / "F.jsonl"
    file.write_text(f"\n{line}\n", encoding="utf-8", errors="surrogateescape")
    with pytest.raises(DatasetError) as refused:
        dataset.load(file)
    assert str(refused.value) == sentence


def test_a_missing_file_is_named_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"cannot be read: No such file or directory\.$"):
        dataset.load(tmp_path / "none.jsonl")
