"""Mail that Muster itself writes to staff, and the alerts that must be seen."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from inbox.models import OutboundMessage
from triage.incidents.models import Incident


class Alert(models.Model):
    """Something a person must look at; repeated until seen, over when its cause is."""

    cause = models.CharField(max_length=120, help_text="what raised it, such as mailbox:3:imap")
    text = models.CharField(max_length=500)
    raised_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    tellings = models.PositiveSmallIntegerField(default=0)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    seen_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cause"], condition=Q(over_at__isnull=True), name="alert_once_per_cause"
            )
        ]

    def __str__(self) -> str:
        return f"alert {self.pk}"

    @property
    def page(self) -> str:
        """Gives the page on which something can be done about it."""
        pages = {"recovery": "/all-hands/extend/", "asked": "/all-hands/"}
        return pages.get(self.cause.partition(":")[0], "/board/")


class Notice(models.Model):
    """One letter that an admin sends to all our own people."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="notices")
    subject = models.CharField(max_length=200)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sent_key = models.CharField(
        max_length=64, unique=True, help_text="one per shown form: a double click is one"
    )

    def __str__(self) -> str:
        return f"notice {self.pk}"


class Recipient(models.Model):
    """One colleague a notice goes to; `due_at` is when its mail should be written."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="recipients")
    address = models.EmailField()
    due_at = models.DateTimeField(null=True)
    outbound = models.OneToOneField(
        OutboundMessage, null=True, on_delete=models.PROTECT, related_name="recipient_of"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "address"], name="notice_once_per_address"),
            models.CheckConstraint(
                name="recipient_due_until_its_mail_is_written",
                condition=Q(due_at__isnull=True) | Q(outbound__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(due_at__isnull=False),
                name="recipient_to_write",
            )
        ]

    def __str__(self) -> str:
        return f"recipient {self.pk}"
