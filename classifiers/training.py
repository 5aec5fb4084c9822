"""From labelled emails to a calibrated sorter with thresholds that keep a promised precision."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from classifiers import dataset, pipeline
from classifiers.dataset import Example
from classifiers.evaluation import cases, evaluate
from classifiers.labels import LABELS, TONES, TOPICS, primary_label
from classifiers.prediction import NEVER, Sorter, certainty
from classifiers.scoring import CLASSES, HEADS, VIEWS, Floats, Ids, Scorer, weighed
from classifiers.text import Reading, read

PROMISED_PRECISION = 0.95
FEWEST_PROOFS = 10
"""Held-out emails that a threshold must rest on; below that a label is never called confident."""

BENEFIT_OF_DOUBT = 0.5
"""Mistakes counted in advance: the best of many thresholds looks better than it will be."""

FOLDS = 5
PULL = 0.3
"""How strongly trust is drawn to an even share: few emails must not make anyone certain."""

TINY = 1e-12

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
        views = _held_out_views(readings, answers, folds)
        shares = _held_out_shares(views, answers, folds)
        model = replace(pipeline.fit(readings, answers), trust=calibrate(views, answers))
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
        if number >= FEWEST_PROOFS and right - BENEFIT_OF_DOUBT >= promise * number:
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


def _held_out_views(
    readings: Sequence[Reading], answers: Sequence[Answers], folds: Sequence[tuple[Ids, Ids]]
) -> Floats:
    """The views of every email by a model that has not read its writer."""
    views = np.zeros((len(readings), len(VIEWS), len(CLASSES)))
    for known, unknown in folds:
        _check([answers[i] for i in known])
        model = pipeline.fit([readings[i] for i in known], [answers[i] for i in known])
        scorer = Scorer(model)
        views[unknown] = scorer.views(scorer.find([readings[i] for i in unknown]))
    return views


def _held_out_shares(
    views: Floats, answers: Sequence[Answers], folds: Sequence[tuple[Ids, Ids]]
) -> Floats:
    """Calibrated probabilities of every email, calibrated without its writer."""
    shares = np.zeros((len(views), len(CLASSES)))
    for known, unknown in folds:
        shares[unknown] = weighed(
            views[unknown], calibrate(views[known], [answers[i] for i in known])
        )
    return shares


def calibrate(views: Floats, answers: Sequence[Answers]) -> Floats:
    """The trust in each view, by head, under which the right answers are likeliest.

    Temperature scaling (Guo et al. 2017) with a temperature a view. No class has a weight of its
    own: that fitted our writers as well, and strangers' single sentences far worse.
    """
    trust = np.zeros((len(VIEWS), len(HEADS)))
    for number, (head, names) in enumerate(zip(HEADS, (TOPICS, TONES), strict=True)):
        right = np.array([names.index(answer[number]) for answer in answers])
        start = np.full(len(VIEWS), 1 / len(VIEWS))
        found = minimize(
            _surprise, start, (views[:, :, head], right), "L-BFGS-B", jac=True,
            bounds=[(0, None)] * len(VIEWS),
        )  # fmt: skip
        trust[:, number] = found.x
    return trust


def _surprise(trust: Floats, views: Floats, right: Ids) -> tuple[float, Floats]:
    """The negative log-likelihood of the right answers with the pull, and its slope."""
    scores = np.tensordot(views, trust, axes=([1], [0]))
    scores -= scores.max(axis=1, keepdims=True)
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    rows = np.arange(len(right))
    pull = trust - 1 / len(VIEWS)
    surprise = -float(np.log(shares[rows, right] + TINY).sum()) + PULL * float(pull @ pull)
    shares[rows, right] -= 1
    return surprise, np.einsum("nvk,nk->v", views, shares) + 2 * PULL * pull


def _facts(examples: Sequence[Example], seed: int, promise: float) -> Mapping[str, Any]:
    libraries = {name: version(name) for name in ("numpy", "scipy", "scikit-learn")}
    return {
        "libraries": {"python": platform.python_version(), **libraries},
        "data": {"emails": len(examples), "sha256": dataset.fingerprint(examples)},
        "seed": seed,
        "promised_precision": promise,
    }
