"""Mail that Muster itself writes to staff, and the alerts that must be seen."""

from django.conf import settings
from django.db import models
from django.db.models import Q


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
