"""Scores of a trained model from its arrays alone: no scikit-learn is needed to predict."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.features import BLOCKS, pairs, pieces
from classifiers.labels import TONES, TOPICS
from classifiers.lexicon import signs
from classifiers.text import Reading, Sentence

Floats = NDArray[np.float64]
Weights = NDArray[np.float32]
Ids = NDArray[np.int64]

SCHEMA = 1
"""Raise it when arrays or manifest change their meaning: older models are refused then."""

CLASSES = (*TOPICS, *TONES)
"""The columns of every score: the three topics, then the three tones."""

VIEWS = ("whole", "sentences", "opening")
"""The three ways to score an email that calibration weighs against each other."""

ENOUGH_WORDS = 8
"""A sentence of this many words weighs fully."""

FAINTEST = 1e-3
_REMEMBERED_WORDS = 200_000

HEADS = (slice(0, len(TOPICS)), slice(len(TOPICS), len(CLASSES)))


@dataclass(frozen=True, eq=False)
class Model:
    """A trained model as arrays.

    `vocabulary` lists the features of each block; a feature's number is its place in all of them
    together. `idf` has one weight a feature, `weights` a row a feature and a column a class.
    `trust` has a row a view and a column a head: how much each view counts in the end.
    """

    vocabulary: Mapping[str, tuple[str, ...]]
    idf: Weights
    weights: Weights
    bias: Weights
    trust: Floats
    thresholds: Mapping[str, float]
    facts: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def version(self) -> str:
        """A name made of what the model would answer: schema number and digest of its content."""
        named = json.dumps([dict(self.vocabulary), dict(self.thresholds)], sort_keys=True)
        total = sha256(named.encode())
        for array in (self.idf, self.weights, self.bias, self.trust):
            total.update(array.tobytes())
        return f"{SCHEMA}-{total.hexdigest()[:12]}"


@dataclass(frozen=True, eq=False)
class Found:
    """Every known feature of a batch of emails, and the word, sentence and email it stands in."""

    feature: Ids
    word: Ids
    sentence_of_word: Ids
    mail_of_sentence: Ids
    mails: int

    @property
    def sentence(self) -> Ids:
        return self.sentence_of_word[self.word]

    @property
    def mail(self) -> Ids:
        return self.mail_of_sentence[self.sentence]


class Scorer:
    """Finds a model's features in emails and scores them."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._known: dict[str, dict[str, int]] = {}
        ends = np.cumsum([len(model.vocabulary[block]) for block in BLOCKS])
        for block, end in zip(BLOCKS, ends, strict=True):
            listed = model.vocabulary[block]
            numbers = range(int(end) - len(listed), int(end))
            self._known[block] = dict(zip(listed, numbers, strict=True))
        self._block_of = np.searchsorted(ends, np.arange(ends[-1]), side="right")
        self._of_word: dict[str, Ids] = {}
        self._margins = _margins(model.weights)

    def find(self, readings: Sequence[Reading]) -> Found:
        """Where the model's features stand in these emails."""
        book = _Book()
        for number, reading in enumerate(readings):
            for part in reading.sentences:
                self._note(part, number, book)
        return book.found(len(readings))

    def views(self, found: Found) -> Floats:
        """The scores of each email, by view and class (emails, 3, 6).

        The whole email; its sentences on average, longer ones weighing more; its opening
        sentence. A score is the logarithm of a class's share within its head.
        """
        whole = log_shares(self.linear(found.feature, found.mail, found.mails))
        of_sentence = found.mail_of_sentence
        each = log_shares(self.linear(found.feature, found.sentence, len(of_sentence)))
        weight = np.minimum(np.bincount(found.sentence_of_word), ENOUGH_WORDS)
        total = np.bincount(of_sentence, weight, minlength=found.mails)
        pooled = [
            np.bincount(of_sentence, weight * np.exp(each[:, k]), minlength=found.mails)
            for k in range(len(CLASSES))
        ]
        average = np.log(np.column_stack(pooled) / np.maximum(total, 1)[:, None] + FAINTEST)
        opening = whole.copy()
        opening[of_sentence[::-1]] = each[::-1]
        return np.stack([whole, average, opening], axis=1)

    def known_share(self, reading: Reading) -> float:
        """The share of an email's words that the model has met in training."""
        words = [word for part in reading.sentences for word in part.words]
        known = self._known["words"]
        return sum(word in known for word in words) / max(1, len(words))

    def probabilities(self, views: Floats) -> Floats:
        """Calibrated probabilities of the classes, one row an email; each head sums to 1."""
        return weighed(views, self.model.trust)

    def linear(self, feature: Ids, row: Ids, rows: int) -> Floats:
        """The two logistic regressions' raw scores, one row per row number."""
        keys, counts = np.unique(row * len(self._block_of) + feature, return_counts=True)
        of_row, of_feature = np.divmod(keys, len(self._block_of))
        value = self._values(of_row, of_feature, counts, rows)
        columns = self.model.weights[of_feature] * value[:, None]
        sums = [np.bincount(of_row, columns[:, k], minlength=rows) for k in range(len(CLASSES))]
        return np.asarray(np.column_stack(sums) + self.model.bias, dtype=np.float64)

    def carried(self, found: Found, column: Ids) -> Floats:
        """How much each word of the batch speaks for the class `column[mail]` of its email."""
        keys, place, counts = np.unique(
            found.mail * len(self._block_of) + found.feature,
            return_inverse=True,
            return_counts=True,
        )
        value = self._values(*np.divmod(keys, len(self._block_of)), counts, found.mails)
        margin = self._margins[found.feature, column[found.mail]]
        share = value[place] / counts[place] * margin
        carried = np.bincount(found.word, share, minlength=len(found.sentence_of_word))
        return np.asarray(carried, dtype=np.float64)

    def _values(self, row: Ids, feature: Ids, counts: Ids, rows: int) -> Floats:
        """TF-IDF: damped counts times rarity, each block of a row brought to length 1."""
        value = (1.0 + np.log(counts)) * self.model.idf[feature]
        group = row * len(BLOCKS) + self._block_of[feature]
        length = np.sqrt(np.bincount(group, value**2, minlength=rows * len(BLOCKS)))
        return np.asarray(value / length[group])

    def _note(self, part: Sentence, mail: int, book: "_Book") -> None:
        first = book.open_sentence(mail, len(part.words))
        book.parts += [self._ids_of(word) for word in part.words]
        known = self._known["words"]
        for place, name in pairs(part):
            if (number := known.get(name)) is not None:
                book.add(first + place, number)
        known = self._known["signs"]
        for place, name in signs(part):
            if (number := known.get(name)) is not None:
                book.add(first + place, number)

    def _ids_of(self, word: str) -> Ids:
        """The features that a word has wherever it stands, remembered."""
        ids = self._of_word.get(word)
        if ids is None:
            if len(self._of_word) >= _REMEMBERED_WORDS:
                self._of_word = {}
            known = self._known["characters"]
            numbers = [self._known["words"].get(word), *map(known.get, pieces(word))]
            ids = np.array([number for number in numbers if number is not None], dtype=np.int64)
            self._of_word[word] = ids
        return ids


@dataclass
class _Book:
    """Takes down a batch sentence by sentence, and gives it as arrays."""

    parts: list[Ids] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    sentence_sizes: list[int] = field(default_factory=list)
    mail_of_sentence: list[int] = field(default_factory=list)

    def open_sentence(self, mail: int, size: int) -> int:
        self.mail_of_sentence.append(mail)
        self.sentence_sizes.append(size)
        return len(self.parts)

    def add(self, word: int, number: int) -> None:
        self.words.append(word)
        self.numbers.append(number)

    def found(self, mails: int) -> Found:
        sizes = np.array([len(part) for part in self.parts], dtype=np.int64)
        own_word = np.repeat(np.arange(len(sizes)), sizes)
        sentences = np.arange(len(self.sentence_sizes))
        return Found(
            feature=np.concatenate([*self.parts, np.array(self.numbers, dtype=np.int64)]),
            word=np.concatenate([own_word, np.array(self.words, dtype=np.int64)]),
            sentence_of_word=np.repeat(sentences, np.array(self.sentence_sizes, dtype=np.int64)),
            mail_of_sentence=np.array(self.mail_of_sentence, dtype=np.int64),
            mails=mails,
        )


def weighed(views: Floats, trust: Floats) -> Floats:
    """Probabilities from the views of emails, each trusted as given for its head."""
    by_class = np.repeat(trust, [len(TOPICS), len(TONES)], axis=1)
    return np.asarray(np.exp(log_shares((views * by_class).sum(axis=1))), dtype=np.float64)


def log_shares(scores: Floats) -> Floats:
    """Scores as logarithms of shares, within each head."""
    shares = np.empty(scores.shape)
    for head in HEADS:
        part = scores[:, head] - scores[:, head].max(axis=1, keepdims=True)
        shares[:, head] = part - np.log(np.exp(part).sum(axis=1, keepdims=True))
    return shares


def _margins(weights: Weights) -> Floats:
    """How much a feature speaks for a class against the others of its head."""
    margins = weights.astype(np.float64)
    for head in HEADS:
        size = margins[:, head].shape[1]
        total = margins[:, head].sum(axis=1, keepdims=True)
        margins[:, head] -= (total - margins[:, head]) / (size - 1)
    return margins
