"""The active sorter of this process, and what it makes of a batch of emails; writes nothing."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from django.conf import settings

from classifiers.artifact import ModelError, load
from classifiers.prediction import Mail, Prediction, Sorter
from inbox.models import Message
from triage.classification.models import Classification, SorterModel

log = structlog.get_logger("muster.sorting")

READ_CHARACTERS = 20_000  # what an email is about stands at its beginning
UNSURE = "other"


@dataclass
class _Loaded:
    """The model this process has in memory, and the one that it could not load."""

    sorter: Sorter | None = None
    version: str = ""
    refused: str = ""


_loaded = _Loaded()
_loading = threading.Lock()


def models_folder() -> Path:
    """Gives the folder that holds one folder per trained model."""
    return Path(settings.MUSTER_DATA_DIR) / "models"


def active_sorter() -> Sorter | None:
    """Gives the active model, loaded once and again when another is activated.

    None when none is active or its files are missing, damaged or too old; that is logged once.
    """
    version = SorterModel.objects.filter(is_active=True).values_list("version", flat=True).first()
    if version is None:
        return None
    with _loading:
        if _loaded.version != version:
            _load(version)
        return _loaded.sorter if _loaded.version == version else None


def _load(version: str) -> None:
    try:
        _loaded.sorter = load(models_folder() / version)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a model, mail goes on
        if _loaded.refused != version:
            reason = str(error) if isinstance(error, ModelError) else type(error).__name__
            log.error("the active model cannot be used", model=version, reason=reason)
        _loaded.refused = version
        return
    _loaded.version, _loaded.refused = version, ""


def classify(messages: Sequence[Message], *, at: datetime) -> list[Classification]:
    """Gives one unsaved Classification an email, in their order; reads only the new words.

    Without a usable model, and for an email on which the sorter fails, it is "Not sure yet": a
    person sorts it, and the others of the batch are not delayed.
    """
    sorter = active_sorter()
    if sorter is None:
        return [_unsure(message, at=at) for message in messages]
    mails = [_mail(message) for message in messages]
    predictions = _predict(sorter, mails)
    return [
        _said(message, prediction, sorter.version, at=at) if prediction else _unsure(message, at=at)
        for message, prediction in zip(messages, predictions, strict=True)
    ]


def _predict(sorter: Sorter, mails: Sequence[Mail]) -> list[Prediction | None]:
    """All at once; when that fails, one by one, so that only the one that fails goes without."""
    try:
        return list(sorter.predict(mails))
    except Exception as error:  # noqa: BLE001 - whatever an email does to it, it delays only itself
        if len(mails) == 1:
            log.warning("sorter failed", message=mails[0].id, error=type(error).__name__)
            return [None]
    return [_predict(sorter, [mail])[0] for mail in mails]


def _mail(message: Message) -> Mail:
    words = message.new_text or message.text
    return Mail(
        id=str(message.pk),
        subject=message.subject,
        body=words[:READ_CHARACTERS],
        language=message.language,
        is_new_text=bool(message.new_text),
    )


def _said(
    message: Message, prediction: Prediction, version: str, *, at: datetime
) -> Classification:
    return Classification(
        message=message,
        sorter_version=version,
        topic=prediction.topic,
        tone=prediction.tone,
        label=prediction.label,
        confident=prediction.confident,
        probabilities=dict(prediction.probabilities),
        reasons=list(prediction.reasons),
        at=at,
    )


def _unsure(message: Message, *, at: datetime) -> Classification:
    return Classification(
        message=message,
        topic=Classification.Topic.OTHER,
        tone=Classification.Tone.NEUTRAL,
        label=UNSURE,
        confident=False,
        at=at,
    )
