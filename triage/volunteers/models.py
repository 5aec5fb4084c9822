"""Helpers for a day: the link they came by, how far they are, and until when they may help."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from triage.accounts.policy import Trust
from triage.incidents.models import Briefing, Incident


class EnlistmentLink(models.Model):
    """One link by which colleagues join; only a hash of its secret is kept."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="links")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    note = models.CharField(max_length=120, blank=True)
    allowed_domains = models.JSONField(default=list, help_text="empty: any address")
    max_uses = models.PositiveIntegerField()
    uses = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="link_used_within_its_cap", condition=Q(uses__lte=F("max_uses"))
            )
        ]

    def __str__(self) -> str:
        return f"link {self.pk}"


class Enlistment(models.Model):
    """One person's helping time in one incident; rights are valid only while this row says so."""

    class State(models.TextChoices):
        """How far a person is; `paused` and `suspended` are a supervisor's word and can end."""

        INVITED = "invited"
        CONFIRMED = "confirmed"
        BRIEFING = "briefing"
        PRACTISING = "practising"
        READY = "ready"
        ACTIVE = "active"
        ON_BREAK = "on_break"
        PAUSED = "paused"
        SUSPENDED = "suspended"
        ENDED = "ended"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enlistments"
    )
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="enlistments")
    link = models.ForeignKey(
        EnlistmentLink, null=True, on_delete=models.PROTECT, related_name="enlistments"
    )
    state = models.CharField(max_length=10, choices=State, default=State.INVITED)
    until = models.DateTimeField()
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=200, blank=True)
    read_version = models.PositiveIntegerField(
        default=0, help_text="the incident's reading_version that this person acknowledged"
    )
    trust = models.PositiveSmallIntegerField(
        default=Trust.NEWCOMER.value, choices=[(level.value, level.name.lower()) for level in Trust]
    )
    languages = models.JSONField(default=list, help_text="codes they answer in; empty: any")
    department = models.CharField(max_length=60, blank=True)
    shows_department = models.BooleanField(default=False)
    promised_at = models.DateTimeField(null=True, help_text="gave the confidentiality promise")
    practised_at = models.DateTimeField(null=True, help_text="got enough practice mails right")
    takes_furious = models.BooleanField(
        default=False, help_text="asked for more than two furious emails in a row"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "incident"], name="enlistment_once"),
            models.CheckConstraint(
                name="enlistment_ended_has_time",
                condition=Q(state="ended", ended_at__isnull=False)
                | (~Q(state="ended") & Q(ended_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"enlistment {self.pk}"


class BriefingReceipt(models.Model):
    """One person read and acknowledged one version of the briefing."""

    enlistment = models.ForeignKey(Enlistment, on_delete=models.CASCADE, related_name="receipts")
    briefing = models.ForeignKey(Briefing, on_delete=models.PROTECT, related_name="receipts")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enlistment", "briefing"], name="briefing_receipt_once")
        ]

    def __str__(self) -> str:
        return f"receipt {self.pk}"
