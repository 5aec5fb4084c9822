"""The incident: its level, its mailboxes, its facts, its briefing and who was told of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from inbox.models import Mailbox


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
    known_since = models.DateTimeField(help_text="when we came to know; the regulator's clock")
    level_since = models.DateTimeField()
    recovery_at = models.DateTimeField(null=True, help_text="all-hands moves to recovery then")
    closed_at = models.DateTimeField(null=True)
    needs_second_person = models.BooleanField(
        default=False, help_text="two people switch on and close; stays so once it is set"
    )
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
    overrides = models.JSONField(default=list, help_text="warnings that stood and were passed over")
    asked_by_name = models.CharField(
        max_length=200, blank=True, help_text="the first of two people; `by_name` is the second"
    )
    alone_because = models.CharField(
        max_length=300, blank=True, help_text="why one person did alone what needs two"
    )
    left = models.JSONField(
        default=dict, help_text="what was left when somebody closed all the same"
    )
    signature = models.CharField(max_length=200, blank=True, help_text="the name typed under it")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "version"], name="level_change_once")
        ]

    def __str__(self) -> str:
        return f"{self.from_level} to {self.to_level}"


class LevelRequest(models.Model):
    """One person asks for a change of level that needs two; it holds for one version only."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="requests")
    version = models.PositiveIntegerField(help_text="the incident's version that was seen")
    to_level = models.CharField(max_length=10, choices=Incident.Level)
    recovery_at = models.DateTimeField(null=True)
    left = models.JSONField(default=dict, help_text="what was left, as the first person signed it")
    signature = models.CharField(max_length=200, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=200, blank=True)
    is_confirmed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(ended_at__isnull=True),
                name="level_request_one_open",
            ),
            models.CheckConstraint(
                name="level_request_confirmed_has_time",
                condition=Q(is_confirmed=False) | Q(ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"request for {self.to_level}"


class IncidentMailbox(models.Model):
    """One mailbox whose emails belong to the incident, and the queue they come to.

    The queue is kept by its key: queues stand above incidents.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="bound")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="+")
    queue_key = models.SlugField(max_length=40)
    bound_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "mailbox"], name="incident_mailbox_bound_once"
            )
        ]

    def __str__(self) -> str:
        return f"mailbox {self.mailbox_id} of incident {self.incident_id}"


class Told(models.Model):
    """Somebody was told of the incident: who, when, how and by whom."""

    class Audience(models.TextChoices):
        STAFF = "staff", _("Our own people")
        CUSTOMERS = "customers", _("Customers")
        REGULATOR = "regulator", _("The regulator")
        PRESS = "press", _("The press")
        OTHERS = "others", _("Others")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="told")
    audience = models.CharField(max_length=10, choices=Audience)
    told_at = models.DateTimeField()
    told_by = models.CharField(max_length=120, help_text="who told them, as people call them")
    is_elsewhere = models.BooleanField(default=True, help_text="not by Muster itself")
    how = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, help_text="it was written down by mistake")
    taken_back_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="told_before_it_was_written", condition=Q(told_at__lte=F("at"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.audience} told"


class Fact(models.Model):
    """One question about the incident whose answer is quoted by name, never typed twice."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="facts")
    key = models.SlugField(max_length=40)
    question = models.CharField(max_length=200)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "key"], name="fact_key_once_per_incident")
        ]

    def __str__(self) -> str:
        return self.key


class FactVersion(models.Model):
    """One answer to a fact's question: proposed by its owner, confirmed by somebody else.

    `unknown` claims nothing, so it holds at once; it has no value.
    """

    class State(models.TextChoices):
        UNKNOWN = "unknown"
        PROPOSED = "proposed"
        CONFIRMED = "confirmed"

    class Change(models.TextChoices):
        """Whether what was said before was true and became more, or was wrong."""

        FIRST = "first"
        UPDATED = "updated"
        CONTRADICTED = "contradicted"

    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    value = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=9, choices=State)
    change = models.CharField(max_length=12, choices=Change)
    source = models.CharField(max_length=300, blank=True, help_text="how we know")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fact", "number"], name="fact_version_once"),
            models.CheckConstraint(
                name="fact_unknown_has_no_value",
                condition=Q(state="unknown", value="") | (~Q(state="unknown") & ~Q(value="")),
            ),
            models.CheckConstraint(
                name="fact_confirmed_by_another",
                condition=Q(
                    ~Q(state="confirmed"), confirmed_by__isnull=True, confirmed_at__isnull=True
                )
                | Q(
                    ~Q(confirmed_by=F("owner")),
                    state="confirmed",
                    confirmed_by__isnull=False,
                    confirmed_at__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of fact {self.fact_id}"


class Briefing(models.Model):
    """One version of the page that every helper reads before the first answer."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="briefings")
    version = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "version"], name="briefing_version_once")
        ]

    def __str__(self) -> str:
        return f"briefing {self.version}"


class BriefingParagraph(models.Model):
    """One paragraph of one version of the briefing, for helpers only or for everybody."""

    class Section(models.TextChoices):
        HAPPENED = "happened", _("What happened")
        KNOWN = "known", _("What we know")
        UNKNOWN = "unknown", _("What we do not know")
        NEVER_SAY = "never_say", _("What never to say")
        TO_DO = "to_do", _("What to do")

    briefing = models.ForeignKey(Briefing, on_delete=models.PROTECT, related_name="paragraphs")
    position = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=9, choices=Section)
    text = models.TextField()
    is_public = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["briefing", "position"], name="briefing_paragraph_once"
            ),
            models.CheckConstraint(
                name="briefing_public_only_what_everybody_may_know",
                condition=Q(is_public=False) | Q(section__in=["happened", "known", "unknown"]),
            ),
        ]

    def __str__(self) -> str:
        return f"paragraph {self.position} of briefing {self.briefing_id}"


class StatusUpdate(models.Model):
    """One dated entry on the incident's public page."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="updates")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"update {self.pk}"
