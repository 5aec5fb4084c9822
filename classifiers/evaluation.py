"""How right a sorter is, and how honest about it, on emails whose answers are known."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifiers import dataset
from classifiers.dataset import DatasetError, Example
from classifiers.labels import LABELS, TONES, TOPICS, primary_label
from classifiers.prediction import Mail, Prediction, Sorter

BINS = 10


@dataclass(frozen=True, slots=True)
class Case:
    """An email with the answers that are known of it; None is not known and not scored."""

    mail: Mail
    topic: str | None
    tone: str | None

    @property
    def label(self) -> str | None:
        """The primary label, where the known answers settle it."""
        if self.topic is None or (self.topic == "other" and self.tone is None):
            return None
        return primary_label(self.topic, self.tone or "neutral")


@dataclass(frozen=True, slots=True)
class Scores:
    """Counts and shares of one label: how often it was right to say it, how often it was seen."""

    emails: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Question:
    """One question's figures over the emails whose answer is known."""

    emails: int
    accuracy: float
    macro_f1: float
    labels: dict[str, Scores]
    confusion: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Report:
    """What `evaluate` measured.

    `calibration_error` is the expected calibration error over ten bins, by question. Of the
    emails with a known label, `confident_share` went without a person and `confident_precision`
    of those were right. `angry_as_praise` is the share of angry emails taken for praise.
    """

    version: str
    emails: int
    topic: Question
    tone: Question
    label: Question
    calibration_error: dict[str, float]
    confident_share: float
    confident_precision: float
    angry_as_praise: float
    languages: dict[str, dict[str, float]]

    def as_json(self) -> dict[str, Any]:
        """The report as plain JSON values, shares rounded to four places."""
        return {name: _plain(getattr(self, name)) for name in self.__slots__}


def evaluate(sorter: Sorter, cases: Sequence[Case]) -> Report:
    """The figures of a sorter on these cases."""
    return compare(sorter.version, cases, sorter.predict([case.mail for case in cases]))


def compare(version: str, cases: Sequence[Case], said: Sequence[Prediction]) -> Report:
    """The figures of these predictions against what is known of the same emails."""
    pairs = list(zip(cases, said, strict=True))
    labelled = [(case.label, one) for case, one in pairs if case.label is not None]
    routed = [label == one.label for label, one in labelled if one.confident]
    angry = [one.tone for case, one in pairs if case.tone == "angry"]
    return Report(
        version=version,
        emails=len(cases),
        topic=_question(TOPICS, [(c.topic, p.topic) for c, p in pairs if c.topic]),
        tone=_question(TONES, [(c.tone, p.tone) for c, p in pairs if c.tone]),
        label=_question(LABELS, [(label, one.label) for label, one in labelled]),
        calibration_error={
            "topic": _calibration_error((c.topic, p.topic, p) for c, p in pairs),
            "tone": _calibration_error((c.tone, p.tone, p) for c, p in pairs),
        },
        confident_share=_share(len(routed), len(labelled)),
        confident_precision=_share(sum(routed), len(routed)),
        angry_as_praise=_share(angry.count("praise"), len(angry)),
        languages=_languages(pairs),
    )


def cases(examples: Iterable[Example]) -> list[Case]:
    """Labelled emails, their new words already cut out, as cases."""
    return [
        Case(Mail(str(n), x.subject, x.body, "", x.language, True), x.topic, x.tone)
        for n, x in enumerate(examples)
    ]


def load_cases(path: Path) -> list[Case]:
    """The cases of a JSONL file, read as raw emails; raises DatasetError at the first bad line."""
    try:
        with path.open("rb") as lines:
            found = [_case(raw, f"{path.name}, line {n},") for n, raw in enumerate(lines, 1)]
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}.") from error
    return [case for case in found if case is not None]


def table(report: Report) -> str:
    """The report for a person at a terminal."""
    lines = [f"Model {report.version}, {report.emails} emails"]
    for name in ("topic", "tone", "label"):
        question: Question = getattr(report, name)
        lines.append(
            f"\n{name}: macro-F1 {question.macro_f1:.3f}, right {question.accuracy:.1%}"
            f" of {question.emails}"
        )
        lines += [_row(label, scores) for label, scores in question.labels.items()]
    lines += [
        f"\nwithout a person {report.confident_share:.1%},"
        f" of those right {report.confident_precision:.1%}",
        f"upset taken for praise {report.angry_as_praise:.1%}",
        *(f"calibration error {k} {v:.3f}" for k, v in report.calibration_error.items()),
        *(f"{k or '??'}: topic right {v['topic']:.1%} of {v['emails']}"
          for k, v in report.languages.items()),
    ]  # fmt: skip
    return "\n".join(lines)


def _row(label: str, scores: Scores) -> str:
    return (
        f"  {label:<15} precision {scores.precision:.3f}  recall {scores.recall:.3f}"
        f"  F1 {scores.f1:.3f}  of {scores.emails}"
    )


def _case(raw: bytes, where: str) -> Case | None:
    line = dataset.parse_line(raw, where)
    if line is None:
        return None
    return Case(
        mail=mail_of(line, where),
        topic=dataset.answer_of(TOPICS, line, "topic", where),
        tone=dataset.answer_of(TONES, line, "tone", where),
    )


def mail_of(line: dict[str, Any], where: str) -> Mail:
    """The raw email on a line of `predict`, `groups` or `evaluate`; raises DatasetError."""
    has_html = isinstance(line.get("html"), str)
    identity = line.get("id")
    if isinstance(identity, bool) or not isinstance(identity, str | int):
        raise DatasetError(f'{where} has no "id".')
    return Mail(
        id=str(identity),
        subject=dataset.text_of(line, "subject", where, default=""),
        body=dataset.text_of(line, "body", where, default="" if has_html else None),
        html=dataset.text_of(line, "html", where, default=""),
        language=dataset.text_of(line, "language", where, default=""),
    )


def _question(names: Sequence[str], answers: Sequence[tuple[str | None, str]]) -> Question:
    counts = Counter(answers)
    labels = {name: _scores(name, counts) for name in names}
    seen = [scores.f1 for scores in labels.values() if scores.emails]
    return Question(
        emails=len(answers),
        accuracy=_share(sum(counts[name, name] for name in names), len(answers)),
        macro_f1=_share(sum(seen), len(seen)),
        labels=labels,
        confusion={true: {said: counts[true, said] for said in names} for true in names},
    )


def _scores(name: str, counts: Counter[tuple[str | None, str]]) -> Scores:
    right = counts[name, name]
    seen = sum(number for (true, _), number in counts.items() if true == name)
    said = sum(number for (_, answer), number in counts.items() if answer == name)
    f1 = _share(2 * right, seen + said)
    return Scores(seen, _share(right, said), _share(right, seen), f1)


def _calibration_error(answers: Iterable[tuple[str | None, str, Prediction]]) -> float:
    """The mean distance between certainty and being right, over ten bins of certainty."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for true, said, prediction in answers:
        if true is not None:
            sure = prediction.probabilities[said]
            bins[min(BINS - 1, int(sure * BINS))].append((sure, true == said))
    gaps = [abs(sum(sure - right for sure, right in found)) for found in bins]
    return _share(sum(gaps), sum(map(len, bins)))


def _languages(pairs: Sequence[tuple[Case, Prediction]]) -> dict[str, dict[str, float]]:
    found: dict[str, list[bool]] = {}
    for case, one in pairs:
        if case.topic is not None:
            found.setdefault(one.language, []).append(case.topic == one.topic)
    return {
        language: {"emails": len(right), "topic": _share(sum(right), len(right))}
        for language, right in sorted(found.items())
    }


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _plain(value: object) -> object:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, Question | Scores):
        return {name: _plain(getattr(value, name)) for name in value.__slots__}
    return value
