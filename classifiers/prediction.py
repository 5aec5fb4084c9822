"""The sorter at work: emails in, labels with their certainty and their reasons out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from classifiers.labels import LANGUAGES, TONES, TOPICS, primary_label
from classifiers.lexicon import has_complaint
from classifiers.scoring import CLASSES, Floats, Found, Model, Scorer
from classifiers.text import Reading, read

BATCH = 256
MOST_REASONS = 5
LEAST_REASON_SHARE = 0.2
LEAST_KNOWN_SHARE = 0.5
NEVER = 1.01
"""A threshold that no probability reaches: always ask a person."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One email to sort; `is_new_text` says that inbox has cut quotes and signature already."""

    id: str
    subject: str
    body: str
    html: str = ""
    language: str = ""
    is_new_text: bool = False


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the sorter makes of one email.

    `probabilities` holds three topics and three tones, each three summing to 1. `confident` is
    False when a person must sort it: too uncertain, nothing to read, or a language that the
    sorter never learned. `reasons` are the words that carried the label, strongest first.
    """

    id: str
    label: str
    topic: str
    tone: str
    probabilities: Mapping[str, float]
    confident: bool
    reasons: tuple[str, ...]
    language: str


class Sorter:
    """A trained model, ready to sort emails."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._scorer = Scorer(model)

    @property
    def version(self) -> str:
        """The name of this model: the same arrays and thresholds have the same name."""
        return self.model.version

    @property
    def thresholds(self) -> Mapping[str, float]:
        """The certainty from which on each label is called confident."""
        return self.model.thresholds

    def predict(self, mails: Sequence[Mail]) -> list[Prediction]:
        """One prediction an email, in their order; each depends on its own email only."""
        starts = range(0, len(mails), BATCH)
        return [one for start in starts for one in self._batch(mails[start : start + BATCH])]

    def _batch(self, mails: Sequence[Mail]) -> Iterator[Prediction]:
        readings = [
            read(one.subject, one.body, one.html, one.language, is_new_text=one.is_new_text)
            for one in mails
        ]
        found = self._scorer.find(readings)
        shares = self._scorer.probabilities(self._scorer.views(found))
        labels = [_answers(row) for row in shares]
        reasons = self._reasons(readings, found, [_column(*answers) for answers in labels])
        for number, mail in enumerate(mails):
            yield self._prediction(mail, readings[number], shares[number], reasons[number])

    def _prediction(
        self, mail: Mail, reading: Reading, shares: Floats, reasons: tuple[str, ...]
    ) -> Prediction:
        if not reading.sentences:
            return _unreadable(mail, reading)
        topic, tone = _answers(shares)
        probabilities = dict(zip(CLASSES, (round(float(x), 4) for x in shares), strict=True))
        return Prediction(
            id=mail.id,
            label=primary_label(topic, tone),
            topic=topic,
            tone=tone,
            probabilities=probabilities,
            confident=self._is_confident(reading, topic, tone, probabilities),
            reasons=reasons,
            language=reading.language,
        )

    def _is_confident(
        self, reading: Reading, topic: str, tone: str, probabilities: Mapping[str, float]
    ) -> bool:
        label = primary_label(topic, tone)
        if certainty(topic, tone, probabilities) < self.thresholds.get(label, NEVER):
            return False
        if label == "praise" and has_complaint(reading.sentences):
            return False
        if reading.language:
            return reading.language in LANGUAGES
        return self._scorer.known_share(reading) >= LEAST_KNOWN_SHARE

    def _reasons(
        self, readings: Sequence[Reading], found: Found, columns: Sequence[int]
    ) -> list[tuple[str, ...]]:
        carried = self._scorer.carried(found, np.array(columns, dtype=np.int64))
        reasons, start = [], 0
        for reading in readings:
            surface = [word for part in reading.sentences for word in part.surface]
            reasons.append(_strongest(surface, carried[start : start + len(surface)]))
            start += len(surface)
        return reasons


def certainty(topic: str, tone: str, probabilities: Mapping[str, float]) -> float:
    """How likely the primary label of these answers is; a topic does not depend on the tone."""
    if topic != "other":
        return probabilities[topic]
    return probabilities[topic] * probabilities[tone]


def _answers(shares: Floats) -> tuple[str, str]:
    return TOPICS[int(shares[:3].argmax())], TONES[int(shares[3:].argmax())]


def _column(topic: str, tone: str) -> int:
    """The class that an email's reasons speak for: its topic, else its tone, else `other`."""
    label = primary_label(topic, tone)
    return CLASSES.index(label)


def _strongest(surface: Sequence[str], carried: Floats) -> tuple[str, ...]:
    """The words that weigh most, each once, without the faint ones."""
    total: dict[str, float] = {}
    for word, weight in zip(surface, carried.tolist(), strict=True):
        if len(word) > 1:
            total[word.casefold()] = total.get(word.casefold(), 0.0) + weight
    ranked = sorted(total.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_REASONS]
    least = max(0.0, ranked[0][1] * LEAST_REASON_SHARE) if ranked else 0.0
    return tuple(word for word, weight in ranked if weight > least)


def _unreadable(mail: Mail, reading: Reading) -> Prediction:
    """An email without words is a rule, never a guess: a person looks at it."""
    even = {name: round(1 / 3, 4) for name in CLASSES}
    return Prediction(
        mail.id, "other", "other", "neutral", even, False, (), language=reading.language
    )
