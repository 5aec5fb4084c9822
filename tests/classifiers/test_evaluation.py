import json
from pathlib import Path

import pytest

from classifiers import dataset
from classifiers.dataset import DatasetError
from classifiers.evaluation import Case, cases, compare, evaluate, load_cases, table
from classifiers.labels import TONES, TOPICS, primary_label
from classifiers.prediction import Mail, Prediction, Sorter


def case(topic: str | None, tone: str | None) -> Case:
    return Case(Mail("1", "", ""), topic, tone)


def said(topic: str, tone: str, sure: float = 1.0, *, confident: bool = True) -> Prediction:
    shares = dict.fromkeys((*TOPICS, *TONES), 0.0) | {topic: sure, tone: sure}
    label = primary_label(topic, tone)
    return Prediction("1", label, topic, tone, shares, confident, (), "en")


def test_what_is_not_known_is_not_scored() -> None:
    report = compare("1", [case(None, "angry"), case("other", None)], [said("other", "angry")] * 2)
    assert (report.topic.emails, report.tone.emails, report.label.emails) == (1, 1, 0)


def test_a_known_topic_settles_the_label_without_a_tone() -> None:
    assert case("data_concern", None).label == "data_concern"
    assert case("other", None).label is None
    assert case("other", "praise").label == "praise"


def test_precision_recall_and_f1_are_counted_per_label() -> None:
    known = [case("other", "angry")] * 3 + [case("other", "praise")]
    answers = [said("other", "angry")] * 2 + [said("other", "praise")] * 2
    angry = compare("1", known, answers).tone.labels["angry"]
    assert (angry.emails, angry.precision) == (3, 1.0)
    assert angry.recall == pytest.approx(2 / 3)
    assert angry.f1 == pytest.approx(0.8)


def test_macro_f1_is_over_the_labels_that_occur() -> None:
    report = compare("1", [case(None, "angry")], [said("other", "angry")])
    assert report.tone.macro_f1 == 1.0


def test_only_confident_answers_count_as_going_without_a_person() -> None:
    known = [case("other", "angry")] * 4
    answers = [
        said("other", "angry"),
        said("other", "praise"),
        said("other", "praise", confident=False),
        said("other", "angry", confident=False),
    ]
    report = compare("1", known, answers)
    assert (report.confident_share, report.confident_precision) == (0.5, 0.5)
    assert report.angry_as_praise == 0.5


def test_certainty_that_is_not_kept_is_a_calibration_error() -> None:
    known = [case("password_reset", None)] * 4
    honest = [said("password_reset", "neutral", 0.75)] * 3 + [said("other", "neutral", 0.75)]
    boasting = [said("other", "neutral", 0.95)] * 4
    assert compare("1", known, honest).calibration_error["topic"] == pytest.approx(0)
    assert compare("1", known, boasting).calibration_error["topic"] == pytest.approx(0.95)


def test_a_report_is_plain_json_and_reads_well(sorter: Sorter) -> None:
    report = evaluate(sorter, cases(dataset.load_own()[:30]))
    assert json.loads(json.dumps(report.as_json()))["emails"] == 30
    assert "without a person" in table(report)


def test_the_sorter_keeps_its_quality_on_writers_it_never_read(sorter: Sorter) -> None:
    _, held_out = dataset.split(dataset.load_own())
    report = evaluate(sorter, cases(held_out))
    assert report.topic.macro_f1 >= 0.85
    assert report.label.macro_f1 >= 0.75
    assert report.confident_share >= 0.5
    assert report.confident_precision >= 0.9


def test_a_line_without_its_answers_or_with_wrong_ones_is_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "F.jsonl"
    file.write_text('{"id": "1", "body": "x", "topic": null}\n\n{"id": 2, "body": "", "tone": 1}\n')
    with pytest.raises(DatasetError, match=r'F\.jsonl, line 3, has no text in "tone"\.'):
        load_cases(file)
    file.write_text('{"id": "1", "body": "x", "topic": null, "tone": "angry"}\n')
    (found,) = load_cases(file)
    assert (found.topic, found.tone) == (None, "angry")
