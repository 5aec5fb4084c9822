"""Answers: from the first saved word to the mail that left."""

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from inbox.models import Message, OutboundMessage
from triage.queues.models import Ticket
from triage.responses.models import ResponseVersion


class Reply(models.Model):
    """One answer in one conversation.

    Until it is released its state is here (in review: a colleague reads it first, there is no mail
    of it yet); from then on it is read from its OutboundMessage and
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
            models.CheckConstraint(
                name="reply_in_review_is_complete",
                condition=~Q(state="in_review")
                | Q(version__isnull=False, seen_message__isnull=False, submit_key__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["author", "-released_at"], name="reply_by_author")]

    def __str__(self) -> str:
        return f"reply {self.pk}"


class Review(models.Model):
    """One reply that a colleague is to read before it goes, and what became of that.

    `holds_until` is set when nobody has the time: then it goes out unread at that moment unless a
    reader stops it. `reader` has it open until `read_until`. A reply that came back and is sent
    anew has a new row.
    """

    class Why(models.TextChoices):
        """Why somebody reads it."""

        NEWCOMER = "newcomer", _("One of their first answers")
        EDITED = "edited", _("They changed the greeting or the sign-off")
        SAMPLE = "sample", _("Every so often one answer is read")
        ASKED = "asked", _("They asked for a second pair of eyes")

    class Decision(models.TextChoices):
        """What became of it; `taken_back` is its writer's own."""

        APPROVED = "approved"
        RETURNED = "returned"
        SENT_UNREAD = "sent_unread"
        TAKEN_BACK = "taken_back"

    class Reason(models.TextChoices):
        """What a reader says about it, in the words that its writer reads: the closed list."""

        KIND_CLEAR = "kind_clear", _("Kind and clear")
        QUESTION = "question", _("It does not answer what they asked")
        FACTS = "facts", _("It says something that we do not know")
        PROMISE = "promise", _("It promises something that we may not keep")
        TONE = "tone", _("It could sound warmer")
        PRIVATE = "private", _("It says more about somebody than it should")
        SLIP = "slip", _("A name or a word is not right")
        WROTE_AGAIN = "wrote_again", _("The person wrote again before it went")
        WITHDRAWN = "withdrawn", _("The approved answer was withdrawn before it went")

    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="reviews")
    why = models.CharField(max_length=10, choices=Why)
    has_own_words = models.BooleanField(help_text="something in it is not the approved words")
    asked_at = models.DateTimeField()
    holds_until = models.DateTimeField(null=True, help_text="goes out unread then, unless stopped")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    read_until = models.DateTimeField(null=True)
    decision = models.CharField(max_length=12, choices=Decision, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=12, choices=Reason, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reply"],
                condition=Q(decided_at__isnull=True),
                name="review_one_undecided_per_reply",
            ),
            models.UniqueConstraint(
                fields=["reader"],
                condition=Q(decided_at__isnull=True, reader__isnull=False),
                name="review_one_open_per_reader",
            ),
            models.CheckConstraint(
                name="review_read_in_full_or_not_at_all",
                condition=Q(reader__isnull=True, read_until__isnull=True)
                | Q(reader__isnull=False, read_until__isnull=False),
            ),
            models.CheckConstraint(
                name="review_decided_in_full_or_not_at_all",
                condition=(Q(decided_at__isnull=False) & ~Q(decision=""))
                | Q(decided_at__isnull=True, decided_by__isnull=True, decision="", reason=""),
            ),
            models.CheckConstraint(
                name="review_approved_by_a_person",
                condition=~Q(decision="approved") | Q(decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="review_returned_has_reason",
                condition=~Q(decision="returned") | ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at", "id"],
                condition=Q(decided_at__isnull=True),
                name="review_undecided",
            ),
            models.Index(
                fields=["holds_until", "id"],
                condition=Q(decided_at__isnull=True, holds_until__isnull=False),
                name="review_held",
            ),
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"


class ReviewMode(models.Model):
    """How answers are read before they go, as a supervisor chose it; no row is `automatic`.

    `automatic` waits for a reader and, once the oldest has waited ten minutes, becomes a hold of
    two minutes; `always` waits for a reader however long; `hold` never waits longer than that.
    """

    class Mode(models.TextChoices):
        AUTOMATIC = "automatic", _("A colleague reads first; when that takes long, two minutes")
        ALWAYS = "always", _("A colleague always reads first, however long it takes")
        HOLD = "hold", _("Two minutes in which a colleague can stop it")

    mode = models.CharField(max_length=10, choices=Mode, default=Mode.AUTOMATIC)
    sample_every = models.PositiveSmallIntegerField(
        default=0, help_text="one in so many answers of experienced helpers is read too; 0: none"
    )

    class Meta:
        constraints = [models.UniqueConstraint(Value(1), name="review_mode_one")]

    def __str__(self) -> str:
        return self.mode
