"""What changes the sorting: corrections by people, and which model is active."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import F

from classifiers.artifact import load, save
from classifiers.dataset import Example
from classifiers.labels import primary_label
from classifiers.prediction import Sorter
from inbox.jobs import ring
from inbox.models import Message
from triage.accounts.policy import Act, Actor, Subject, may
from triage.audit.actions import Doer, record
from triage.classification.models import Classification, Correction, SorterModel
from triage.classification.sorting import classify, models_folder

log = structlog.get_logger("muster.sorting")

__all__ = ["activate_model", "classify", "correct", "correct_all", "store", "train_model"]


class CorrectionRefused(Exception):
    """The person may not correct this email."""


def store(classifications: Iterable[Classification]) -> None:
    """Keeps what the sorter said of a batch, in one statement, in the batch's transaction.

    An email that has a classification already keeps it.
    """
    Classification.objects.bulk_create(classifications, ignore_conflicts=True)


def correct(
    *, message_id: int, topic: str, tone: str, by: Actor, at: datetime, holder_id: int | None = None
) -> Classification:
    """Gives the email's classification as a person says it is; the sorter learns from it.

    `holder_id` is who holds its conversation now. Intake then puts the conversation where it
    belongs; who holds it keeps it. Raises CorrectionRefused.
    """
    subject = Subject(kind="ticket", holder_id=holder_id)
    if not may(by, Act.EMAIL_ANSWER, subject) and not may(by, Act.EMAIL_BROWSE):
        raise CorrectionRefused
    topic, tone = Classification.Topic(topic).value, Classification.Tone(tone).value
    with transaction.atomic():
        said = Classification.objects.select_for_update().get(message_id=message_id)
        Correction.objects.create(
            message_id=message_id,
            topic=topic,
            tone=tone,
            was_topic=said.topic,
            was_tone=said.tone,
            by_id=by.id,
            at=at,
        )
        Classification.objects.filter(pk=said.pk).update(
            topic=topic,
            tone=tone,
            label=primary_label(topic, tone),
            confident=True,
            version=F("version") + 1,
            at=at,
        )
        Message.objects.filter(pk=message_id).update(due_at=at)
        was, now = [said.topic, said.tone], [topic, tone]
        detail = {"message": message_id, "was": was, "is": now}
        record(action="message.correct", by=by, at=at, subject=said, detail=detail)
        ring("triage")
    return Classification.objects.get(pk=said.pk)


def correct_all(
    *, message_ids: Sequence[int], topic: str, tone: str, by_user_id: int, at: datetime
) -> int:
    """Writes of many emails what a supervisor says they are; gives how many that changed.

    In four statements, within a batch whose own event tells of it; intake then moves them.
    """
    topic, tone = Classification.Topic(topic).value, Classification.Tone(tone).value
    said = list(
        Classification.objects.select_for_update()
        .filter(message_id__in=message_ids)
        .exclude(topic=topic, tone=tone)
        .order_by("pk")
    )
    Correction.objects.bulk_create(
        Correction(
            message_id=row.message_id,
            topic=topic,
            tone=tone,
            was_topic=row.topic,
            was_tone=row.tone,
            by_id=by_user_id,
            at=at,
        )
        for row in said
    )
    changed = [row.message_id for row in said]
    Classification.objects.filter(message_id__in=changed).update(
        topic=topic,
        tone=tone,
        label=primary_label(topic, tone),
        confident=True,
        version=F("version") + 1,
        at=at,
    )
    Message.objects.filter(pk__in=changed).update(due_at=at)
    ring("triage")
    return len(changed)


def train_model(*, by: Doer, at: datetime, seed: int = 0) -> SorterModel:
    """Gives a model freshly trained from the shipped emails and all corrections.

    It is not active yet, unless the same one is already: the same emails and seed give the same
    model. Takes some seconds of computing, outside any transaction. Raises TrainingError.
    """
    from classifiers.training import train_shipped  # scikit-learn, which sorting does without

    sorter = train_shipped(_corrected(), seed=seed)
    save(sorter, models_folder())
    return _register(sorter, by=by, at=at)


def _corrected() -> list[Example]:
    """The emails that people corrected, with their latest answers, as training examples."""
    rows = Correction.objects.select_related("message").order_by("pk")
    latest = {row.message_id: row for row in rows}
    return [
        Example(
            subject=row.message.subject,
            body=row.message.new_text or row.message.text,
            topic=row.topic,
            tone=row.tone,
            language=row.message.language,
            style=f"customer-{row.message.from_address}",
        )
        for row in latest.values()
    ]


def _register(sorter: Sorter, *, by: Doer, at: datetime) -> SorterModel:
    with transaction.atomic():
        model, _made = SorterModel.objects.update_or_create(
            version=sorter.version,
            defaults={"trained_at": at, "metrics": dict(sorter.model.facts)},
        )
        record(action="sorter.train", by=by, at=at, subject=model)
    return model


def activate_model(*, model_id: int, by: Doer, at: datetime) -> SorterModel:
    """Makes this model the one that sorts, everywhere from the next batch on.

    Its files are read first: raises ModelError when they cannot be used, and then nothing changes.
    Raises SorterModel.DoesNotExist.
    """
    model = SorterModel.objects.get(pk=model_id)
    load(models_folder() / model.version)
    with transaction.atomic():
        list(SorterModel.objects.select_for_update().order_by("pk"))
        SorterModel.objects.filter(is_active=True).update(is_active=False)
        SorterModel.objects.filter(pk=model_id).update(is_active=True, activated_at=at)
        record(action="sorter.activate", by=by, at=at, subject=model)
    model.refresh_from_db()
    return model
