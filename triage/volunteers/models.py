"""Helpers for a day: the link they came by, how far they are, and until when they may help."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from triage.accounts.policy import Trust
from triage.incidents.models import Briefing, Incident


class EnlistmentLink(models.Model):
    """One link by which colleagues join; only a hash of its secret is kept."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="links")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    note = models.CharField(max_length=120, blank=True)
    allowed_domains = models.JSONField(default=list, help_text="empty: any address")
    queue_ids = models.JSONField(default=list, help_text="where its people begin; empty: anywhere")
    languages = models.JSONField(default=list, help_text="codes its people answer in; empty: any")
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
    queue_ids = models.JSONField(default=list, help_text="where they begin; empty: anywhere")
    department = models.CharField(max_length=60, blank=True)
    shows_department = models.BooleanField(default=False)
    promised_at = models.DateTimeField(null=True, help_text="gave the confidentiality promise")
    practised_at = models.DateTimeField(null=True, help_text="got enough practice mails right")
    takes_furious = models.BooleanField(
        default=False, help_text="asked for more than two furious emails in a row"
    )
    answers_sent = models.PositiveIntegerField(null=True, help_text="counted when the time ended")
    people_helped = models.PositiveIntegerField(null=True)
    minutes_helped = models.PositiveIntegerField(null=True)

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


class JoinRequest(models.Model):
    """Somebody from outside the allowed mail domains asks to join; an admin says yes or no."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="join_requests")
    link = models.ForeignKey(
        EnlistmentLink, null=True, on_delete=models.PROTECT, related_name="join_requests"
    )
    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    asked_at = models.DateTimeField()
    is_granted = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "incident", Lower("email"), name="join_request_once_in_an_incident"
            ),
            models.CheckConstraint(
                name="join_request_decided_in_full_or_not_at_all",
                condition=Q(is_granted=None, decided_at=None, decided_by=None)
                | Q(is_granted__isnull=False, decided_at__isnull=False, decided_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["incident", "asked_at"],
                condition=Q(is_granted=None),
                name="join_request_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"join request {self.pk}"


class CodeSheet(models.Model):
    """Printed login codes made at one time: for newcomers to an incident, or for one person."""

    incident = models.ForeignKey(
        Incident, null=True, on_delete=models.PROTECT, related_name="code_sheets"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=120, blank=True)
    queue_ids = models.JSONField(default=list, help_text="where its people begin; empty: anywhere")
    languages = models.JSONField(default=list, help_text="codes its people answer in; empty: any")
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="code_sheet_for_an_incident_or_a_person",
                condition=Q(incident=None, person__isnull=False)
                | Q(incident__isnull=False, person=None),
            )
        ]

    def __str__(self) -> str:
        return f"code sheet {self.pk}"


class PrintedCode(models.Model):
    """One login code on paper, good for one login; only a keyed hash of its secret is kept."""

    sheet = models.ForeignKey(CodeSheet, on_delete=models.PROTECT, related_name="codes")
    serial = models.CharField(max_length=4, unique=True, help_text="the part that finds the row")
    secret_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="printed_code_used_in_full_or_not_at_all",
                condition=Q(used_at=None, used_by=None)
                | Q(used_at__isnull=False, used_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"printed code {self.pk}"


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


class Shift(models.Model):
    """A time for which one person said that they will help; the forecast counts on it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shifts"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "starts_at"], name="shift_begins_once"),
            models.CheckConstraint(
                name="shift_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"shift {self.pk}"


class PracticeMail(models.Model):
    """One practice mail as a supervisor wants it: a new one, or in place of the shipped one.

    `choices` is a list of {"text", "feedback", "is_right"}; exactly one is right.
    """

    key = models.SlugField(max_length=60, unique=True)
    lesson = models.CharField(max_length=20, blank=True)
    sender = models.CharField(max_length=80)
    subject = models.CharField(max_length=120)
    body = models.TextField(max_length=2000)
    choices = models.JSONField(default=list)
    is_on = models.BooleanField(default=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"practice mail {self.key}"


class PracticeRound(models.Model):
    """One go of one person at a handful of practice mails; kept across incidents."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="practice_rounds"
    )
    number = models.PositiveIntegerField()
    keys = models.JSONField(help_text="the practice mails of this go, in order")
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    passed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "number"], name="practice_round_once"),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(finished_at__isnull=True),
                name="practice_one_open_round",
            ),
            models.CheckConstraint(
                name="practice_passed_when_finished",
                condition=Q(passed=False) | Q(finished_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"practice round {self.pk}"


class PracticeAnswer(models.Model):
    """What a person chose for one practice mail of a go; the first choice counts."""

    round = models.ForeignKey(PracticeRound, on_delete=models.CASCADE, related_name="answers")
    number = models.PositiveSmallIntegerField(help_text="from 1")
    choice = models.PositiveSmallIntegerField()
    is_right = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="practice_answer_once")
        ]

    def __str__(self) -> str:
        return f"practice answer {self.pk}"


class ReviewTally(models.Model):
    """How colleagues found one person's answers so far, in all incidents together."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_tally"
    )
    approved = models.PositiveIntegerField(default=0)
    approved_in_a_row = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"reviews of user {self.user_id}"


class ThankYou(models.Model):
    """One line of thanks that a supervisor picked for everybody: no names, no details."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="thanks")
    text = models.CharField(max_length=200)
    picked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"thank-you {self.pk}"
