"""Answers: from the first saved word to the mail that left."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from inbox.models import Message, OutboundMessage
from triage.queues.models import Ticket
from triage.responses.models import ResponseVersion


class Reply(models.Model):
    """One answer in one conversation.

    Until it is released its state is here; from then on it is read from its OutboundMessage and
    nowhere else. An undone reply is a draft again. Everyone who wrote has their own draft: words
    that were typed when the email went to somebody else are kept and overwrite nobody's.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        IN_REVIEW = "in_review"
        RELEASED = "released"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="replies")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.ForeignKey(
        ResponseVersion, null=True, on_delete=models.PROTECT, related_name="replies"
    )
    slots = models.JSONField(default=dict, help_text="what the person wrote, by slot")
    text = models.TextField(blank=True, help_text="as sent: rebuilt from version and slots")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="replies"
    )
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    submit_key = models.CharField(  # noqa: DJ001 - unique, and drafts have none
        max_length=64, null=True, unique=True, help_text="one per shown form: a double click is one"
    )
    seen_message = models.ForeignKey(
        Message, null=True, on_delete=models.PROTECT, related_name="+",
        help_text="the latest email its writer had read: this one and the earlier are answered",
    )  # fmt: skip
    outbound = models.OneToOneField(
        OutboundMessage, null=True, on_delete=models.PROTECT, related_name="reply"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "author"],
                condition=~Q(state="released"),
                name="reply_one_unreleased_per_author",
            ),
            models.CheckConstraint(
                name="reply_released_in_full_or_not_at_all",
                condition=(
                    Q(state="released", outbound__isnull=False, released_at__isnull=False)
                    & Q(version__isnull=False, seen_message__isnull=False)
                )
                | (~Q(state="released") & Q(outbound__isnull=True, released_at__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["author", "-released_at"], name="reply_by_author")]

    def __str__(self) -> str:
        return f"reply {self.pk}"
