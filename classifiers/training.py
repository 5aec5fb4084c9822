"""From labelled emails to a calibrated sorter with thresholds that keep a promised precision."""

import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from classifiers import dataset, pipeline
from classifiers.dataset import Example
from classifiers.evaluation import cases, evaluate
from classifiers.labels import LABELS, TONES, TOPICS, primary_label
from classifiers.prediction import NEVER, Sorter, certainty
from classifiers.scoring import CLASSES, HEADS, Floats, Ids, Model, Scorer
from classifiers.text import Reading, read

PROMISED_PRECISION = 0.95
FEWEST_PROOFS = 12
"""Held-out emails that a threshold must rest on; below that a label is never called confident."""

FOLDS = 5
CALIBRATION_STRENGTH = 1.0

Answers = tuple[str, str]


class TrainingError(Exception):
    """These emails cannot train a sorter; the message is one sentence."""


def train(
    examples: Sequence[Example], *, seed: int = 0, promise: float = PROMISED_PRECISION
) -> Sorter:
    """A sorter trained on these emails; the same emails and seed give the same bits.

    Calibration and thresholds come from answers to writers whom the answering model had not
    read. Raises TrainingError when a topic or a tone is missing.
    """
    answers = [(x.topic, x.tone) for x in examples]
    _check(answers)
    readings = [read(x.subject, x.body, "", x.language, is_new_text=True) for x in examples]
    folds = _folds(examples, answers, seed)
    with threadpool_limits(limits=1):
        scores = _held_out_scores(readings, answers, folds)
        shares = _held_out_shares(scores, answers, folds)
        model = _calibrated(pipeline.fit(readings, answers), scores, answers)
    thresholds = choose_thresholds(shares, answers, promise)
    facts = _facts(examples, seed, promise)
    return Sorter(replace(model, thresholds=thresholds, facts=facts))


def train_shipped(corrections: Sequence[Example] = (), *, seed: int = 0) -> Sorter:
    """A sorter from the project's own emails and people's corrections, measured on a tenth.

    The tenth is by other writers, is never trained on, and its figures stand in `facts`.
    """
    known, held_out = dataset.split(dataset.load_own())
    sorter = train([*known, *corrections], seed=seed)
    metrics = evaluate(sorter, cases(held_out)).as_json()
    return Sorter(replace(sorter.model, facts={**sorter.model.facts, "metrics": metrics}))


def choose_thresholds(
    shares: Floats, answers: Sequence[Answers], promise: float
) -> dict[str, float]:
    """For each label the lowest certainty from which on the promised share was right."""
    certainties: dict[str, list[tuple[float, bool]]] = {label: [] for label in LABELS}
    for row, answer in zip(shares, answers, strict=True):
        topic, tone = TOPICS[int(row[:3].argmax())], TONES[int(row[3:].argmax())]
        label = primary_label(topic, tone)
        sure = certainty(topic, tone, dict(zip(CLASSES, row.tolist(), strict=True)))
        certainties[label].append((sure, label == primary_label(*answer)))
    return {label: _threshold(found, promise) for label, found in certainties.items()}


def _threshold(found: Sequence[tuple[float, bool]], promise: float) -> float:
    """The certainty of the longest list of surest answers that keeps the promise."""
    lowest, right = NEVER, 0
    for number, (sure, is_right) in enumerate(sorted(found, reverse=True), start=1):
        right += is_right
        if number >= FEWEST_PROOFS and right >= promise * number:
            lowest = sure
    return round(lowest, 4)


def _check(answers: Sequence[Answers]) -> None:
    for number, names in enumerate((TOPICS, TONES)):
        if missing := sorted(set(names) - {answer[number] for answer in answers}):
            raise TrainingError(
                f"Too few training emails by different writers are {' or '.join(missing)}."
            )


def _folds(
    examples: Sequence[Example], answers: Sequence[Answers], seed: int
) -> list[tuple[Ids, Ids]]:
    """Splits by writer, so that nobody's style is both learned and judged."""
    writers = [x.style or f"unnamed {number}" for number, x in enumerate(examples)]
    count = min(FOLDS, len(set(writers)))
    if count < 2:
        raise TrainingError("The training emails are all by one writer.")
    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    labels = [primary_label(*answer) for answer in answers]
    return list(splitter.split(labels, labels, groups=writers))


def _held_out_scores(
    readings: Sequence[Reading], answers: Sequence[Answers], folds: Sequence[tuple[Ids, Ids]]
) -> Floats:
    """Scores of every email by a model that has not read its writer."""
    scores = np.zeros((len(readings), 2 * len(CLASSES)))
    for known, unknown in folds:
        _check([answers[i] for i in known])
        model = pipeline.fit([readings[i] for i in known], [answers[i] for i in known])
        scorer = Scorer(model)
        scores[unknown] = scorer.scores(scorer.find([readings[i] for i in unknown]))
    return scores


def _held_out_shares(
    scores: Floats, answers: Sequence[Answers], folds: Sequence[tuple[Ids, Ids]]
) -> Floats:
    """Calibrated probabilities of every email, calibrated without its writer."""
    shares = np.zeros((len(scores), len(CLASSES)))
    for known, unknown in folds:
        for head, weights, bias in _calibrations(scores[known], [answers[i] for i in known]):
            raw = scores[unknown] @ weights + bias
            raw = np.exp(raw - raw.max(axis=1, keepdims=True))
            shares[unknown, head] = raw / raw.sum(axis=1, keepdims=True)
    return shares


def _calibrated(model: Model, scores: Floats, answers: Sequence[Answers]) -> Model:
    pool_weights, pool_bias = np.zeros((scores.shape[1], len(CLASSES))), np.zeros(len(CLASSES))
    for head, weights, bias in _calibrations(scores, answers):
        pool_weights[:, head], pool_bias[head] = weights, bias
    return replace(model, pool_weights=pool_weights, pool_bias=pool_bias)


def _calibrations(
    scores: Floats, answers: Sequence[Answers]
) -> Iterator[tuple[slice, Floats, Floats]]:
    """For each head the weights and bias that turn scores into honest probabilities."""
    for number, (head, names) in enumerate(zip(HEADS, (TOPICS, TONES), strict=True)):
        fitted = LogisticRegression(C=CALIBRATION_STRENGTH, max_iter=2_000, tol=1e-6)
        fitted.fit(scores, [answer[number] for answer in answers])
        order = [list(fitted.classes_).index(name) for name in names]
        yield head, fitted.coef_[order].T, fitted.intercept_[order]


def _facts(examples: Sequence[Example], seed: int, promise: float) -> Mapping[str, Any]:
    libraries = {name: version(name) for name in ("numpy", "scipy", "scikit-learn")}
    return {
        "libraries": {"python": platform.python_version(), **libraries},
        "data": {"emails": len(examples), "sha256": dataset.fingerprint(examples)},
        "seed": seed,
        "promised_precision": promise,
    }
