"""Approved answers: a name, its immutable versions, and who approved which."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Response(models.Model):
    """One answer to one kind of email in one language, through all its versions."""

    class Label(models.TextChoices):
        PASSWORD_RESET = "password_reset", _("Password")
        DATA_CONCERN = "data_concern", _("Data concern")
        ANGRY = "angry", _("Upset")
        PRAISE = "praise", _("Praise")
        OTHER = "other", _("Other")

    key = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    note = models.CharField(max_length=200, blank=True, help_text="when to choose this answer")
    label = models.CharField(max_length=16, choices=Label)
    language = models.CharField(max_length=8, default="en")
    is_holding = models.BooleanField(
        default=False, help_text="says that an email is in good hands, and answers nothing"
    )
    paused_at = models.DateTimeField(
        null=True, help_text="nobody can choose or send this answer while this is set"
    )
    paused_by_name = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class ResponseVersion(models.Model):
    """The words of one version: written once, never edited; usable once a second person said yes.

    `body` is plain text with slots such as [[greeting]], [[own line]] and [[sign-off]]; everything
    else in it is locked (blocks.py says how it is read). A version that an approver returned is a
    draft again, with the reason.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("Waiting for approval")
        APPROVED = "approved", _("Approved")
        SUPERSEDED = "superseded", _("Replaced")
        RETIRED = "retired", _("Retired")

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    body = models.TextField(max_length=6000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    returned_reason = models.CharField(max_length=300, blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["response", "number"], name="response_version_numbered_once"
            ),
            models.UniqueConstraint(
                fields=["response"],
                condition=Q(state="approved"),
                name="response_one_approved_version",
            ),
            models.CheckConstraint(
                name="response_version_approved_by_another",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("author")),
            ),
            models.CheckConstraint(
                name="response_version_approval_complete",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="response_version_approved_means_someone",
                condition=~Q(state="approved") | Q(approved_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of response {self.response_id}"
