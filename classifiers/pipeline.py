"""The scikit-learn pipeline that learns the weights, and the arrays that it leaves behind."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multioutput import MultiOutputClassifier
from sklearn.pipeline import FeatureUnion, Pipeline
from threadpoolctl import threadpool_limits

from classifiers.features import BLOCKS, counted
from classifiers.labels import TONES, TOPICS
from classifiers.scoring import VIEWS, Floats, Model
from classifiers.text import Reading

BLOCK_WEIGHTS = {"words": 1.0, "characters": 1.0, "signs": 0.7}
FEWEST_MAILS = {"words": 2, "characters": 3, "signs": 2}
MOST_FEATURES = {"words": 20_000, "characters": 40_000, "signs": 2_000}
STRENGTH = 10.0
"""Inverse of the regularisation of the two logistic regressions."""


def pipeline() -> Pipeline:
    """TF-IDF of words, pieces of words and signs; then topic and tone, each a regression."""
    union = FeatureUnion(
        [(block, _weigher(block)) for block in BLOCKS], transformer_weights=BLOCK_WEIGHTS
    )
    head = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2_000, tol=1e-5)
    return Pipeline([("features", union), ("heads", MultiOutputClassifier(head))])


def fit(readings: Sequence[Reading], answers: Sequence[tuple[str, str]]) -> Model:
    """A model of these emails and their (topic, tone); it trusts the whole email alone."""
    with threadpool_limits(limits=1):
        return arrays(pipeline().fit(readings, np.array(answers)))


def arrays(fitted: Pipeline) -> Model:
    """What a fitted pipeline has learned, as arrays with the classes in our order."""
    blocks = dict(fitted.named_steps["features"].transformer_list)
    scale = np.concatenate(
        [np.full(len(blocks[block].vocabulary_), BLOCK_WEIGHTS[block]) for block in BLOCKS]
    )
    heads = fitted.named_steps["heads"].estimators_
    order = [_order(head, names) for head, names in zip(heads, (TOPICS, TONES), strict=True)]
    coefficients = [head.coef_[rows] for head, rows in zip(heads, order, strict=True)]
    intercepts = [head.intercept_[rows] for head, rows in zip(heads, order, strict=True)]
    return Model(
        vocabulary={block: _listed(blocks[block]) for block in BLOCKS},
        idf=np.concatenate([_rarity(blocks[block]) for block in BLOCKS]).astype(np.float32),
        weights=(np.vstack(coefficients).T * scale[:, None]).astype(np.float32),
        bias=np.concatenate(intercepts).astype(np.float32),
        trust=np.eye(len(VIEWS))[:, [0, 0]],
        thresholds={},
    )


def _weigher(block: str) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer=partial(counted, block),
        sublinear_tf=True,
        use_idf=block != "signs",
        min_df=FEWEST_MAILS[block],
        max_features=MOST_FEATURES[block],
        dtype=np.float64,
    )


def _listed(weigher: TfidfVectorizer) -> tuple[str, ...]:
    return tuple(sorted(weigher.vocabulary_, key=weigher.vocabulary_.__getitem__))


def _rarity(weigher: TfidfVectorizer) -> Floats:
    if weigher.use_idf:
        return np.asarray(weigher.idf_, dtype=np.float64)
    return np.ones(len(weigher.vocabulary_))


def _order(head: LogisticRegression, names: Sequence[str]) -> list[int]:
    return [list(head.classes_).index(name) for name in names]
