"""What the sorter said of each email, and what people said of the sorter."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from inbox.models import Message


class SorterModel(models.Model):
    """One trained model in the data folder; at most one is active."""

    version = models.CharField(max_length=64, unique=True)
    trained_at = models.DateTimeField()
    metrics = models.JSONField(default=dict)
    is_active = models.BooleanField(default=False)
    activated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_active"], condition=Q(is_active=True), name="sorter_one_active"
            )
        ]

    def __str__(self) -> str:
        return self.version


class Classification(models.Model):
    """What one email is about and how it sounds, as the sorter says or, later, a person."""

    class Topic(models.TextChoices):
        PASSWORD_RESET = "password_reset"  # noqa: S105 - a label
        DATA_CONCERN = "data_concern"
        OTHER = "other"

    class Tone(models.TextChoices):
        ANGRY = "angry"
        PRAISE = "praise"
        NEUTRAL = "neutral"

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="classification")
    sorter_version = models.CharField(max_length=64, blank=True, help_text="empty: by rule alone")
    topic = models.CharField(max_length=16, choices=Topic)
    tone = models.CharField(max_length=8, choices=Tone)
    label = models.CharField(max_length=16)
    confident = models.BooleanField()
    probabilities = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    version = models.PositiveSmallIntegerField(default=1, help_text="raised by each correction")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["-id"], condition=Q(tone="praise"), name="classification_praise")
        ]

    def __str__(self) -> str:
        return f"{self.label} of message {self.message_id}"


class Correction(models.Model):
    """A person's better answer to what an email is; becomes a training example."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="corrections")
    topic = models.CharField(max_length=16, choices=Classification.Topic)
    tone = models.CharField(max_length=8, choices=Classification.Tone)
    was_topic = models.CharField(max_length=16, choices=Classification.Topic)
    was_tone = models.CharField(max_length=8, choices=Classification.Tone)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"correction of message {self.message_id}"
