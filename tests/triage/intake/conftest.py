"""A sorter that says what a test tells it."""

from collections.abc import Sequence

import pytest

from classifiers.labels import TONES, TOPICS
from classifiers.prediction import Mail, Prediction
from inbox.models import Message
from triage.classification import sorting


class ToldSorter:
    """Says the same of every email, and fails on those it is told to."""

    version = "told"

    def __init__(self) -> None:
        self.label, self.confident, self.poison = "other", True, ""

    def says(self, label: str, *, confident: bool = True) -> None:
        self.label, self.confident = label, confident

    def fails_on(self, message: Message) -> None:
        self.poison = str(message.pk)

    def predict(self, mails: Sequence[Mail]) -> list[Prediction]:
        if self.poison in [mail.id for mail in mails]:
            raise RuntimeError("cannot read this")
        return [self._prediction(mail) for mail in mails]

    def _prediction(self, mail: Mail) -> Prediction:
        return Prediction(
            id=mail.id,
            label=self.label,
            topic=self.label if self.label in TOPICS else "other",
            tone=self.label if self.label in TONES else "neutral",
            probabilities={self.label: 0.9},
            confident=self.confident,
            reasons=("password",),
            language=mail.language,
        )


@pytest.fixture
def sorter(monkeypatch: pytest.MonkeyPatch) -> ToldSorter:
    told = ToldSorter()
    monkeypatch.setattr(sorting, "active_sorter", lambda: told)
    return told
