"""The incident: its level, its briefing and what the public is told."""

from django.conf import settings
from django.db import models
from django.db.models import Q, Value


class Incident(models.Model):
    """What went wrong, and how many hands are called for; one is open at a time.

    `level` is the one row that says whether helpers may answer; each change raises `version`.
    """

    class Level(models.TextChoices):
        WATCH = "watch"
        ELEVATED = "elevated"
        ALL_HANDS = "all-hands"
        RECOVERY = "recovery"
        CLOSED = "closed"

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    level = models.CharField(max_length=10, choices=Level, default=Level.WATCH)
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    level_since = models.DateTimeField()
    recovery_at = models.DateTimeField(null=True, help_text="all-hands moves to recovery then")
    closed_at = models.DateTimeField(null=True)
    reading_version = models.PositiveIntegerField(
        default=0, help_text="raised by every change that helpers must read before they go on"
    )
    reading_note = models.CharField(
        max_length=300, blank=True, help_text="that change in one line, for who acknowledges it"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Value(1), condition=Q(closed_at__isnull=True), name="incident_one_open"
            ),
            models.CheckConstraint(
                name="incident_closed_has_time",
                condition=Q(level="closed", closed_at__isnull=False)
                | (~Q(level="closed") & Q(closed_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LevelChange(models.Model):
    """One change of an incident's level: who, when, and the preview they were shown."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField()
    from_level = models.CharField(max_length=10, choices=Incident.Level)
    to_level = models.CharField(max_length=10, choices=Incident.Level)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    preview = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "version"], name="level_change_once")
        ]

    def __str__(self) -> str:
        return f"{self.from_level} to {self.to_level}"


class Briefing(models.Model):
    """One version of the page that every helper reads before the first answer."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="briefings")
    version = models.PositiveIntegerField()
    happened = models.TextField()
    known = models.TextField()
    unknown = models.TextField(blank=True)
    never_say = models.TextField(blank=True)
    to_do = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "version"], name="briefing_version_once")
        ]

    def __str__(self) -> str:
        return f"briefing {self.version}"


class StatusUpdate(models.Model):
    """One dated entry on the incident's public page."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="updates")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"update {self.pk}"
