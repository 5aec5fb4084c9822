"""Who waits, in which line, who answers them now, and how each email ended."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inbox.models import Conversation, Message, OutboundMessage
from triage.accounts.policy import Trust
from triage.classification.models import Classification


class Queue(models.Model):
    """One line of people who wait; a lane is a queue that only its own members may see."""

    class Kind(models.TextChoices):
        OPEN = "open"
        LANE = "lane"

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.OPEN)
    label = models.CharField(max_length=16, blank=True, help_text="sorter label that leads here")
    promise_minutes = models.PositiveIntegerField(default=240)
    position = models.PositiveSmallIntegerField(default=0)
    paused_at = models.DateTimeField(
        null=True, help_text="nobody is given an email from here while this is set"
    )
    paused_by_name = models.CharField(max_length=200, blank=True)
    min_people = models.PositiveSmallIntegerField(
        default=0, help_text="proposals never leave fewer people here"
    )
    target_people = models.PositiveSmallIntegerField(
        null=True, help_text="how many people a supervisor wants here; empty: as many as it needs"
    )
    named = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+",
        help_text="who answers for a lane",
    )  # fmt: skip
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="queue_only_lanes_name_people",
                condition=Q(kind="lane") | Q(named__isnull=True, stand_in__isnull=True),
            ),
            models.CheckConstraint(
                name="queue_stand_in_is_another",
                condition=Q(named__isnull=True)
                | Q(stand_in__isnull=True)
                | ~Q(stand_in=F("named")),
            ),
            models.CheckConstraint(
                name="queue_paused_by_somebody",
                condition=Q(paused_at__isnull=True, paused_by_name="")
                | (Q(paused_at__isnull=False) & ~Q(paused_by_name="")),
            ),
            models.CheckConstraint(
                name="queue_target_not_below_minimum",
                condition=Q(target_people__isnull=True) | Q(target_people__gte=F("min_people")),
            ),
            models.UniqueConstraint(
                fields=["label"], condition=~Q(label=""), name="queue_one_per_label"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_lane(self) -> bool:
        """Tells whether only its own members see what waits here."""
        return self.kind == self.Kind.LANE


class QueueMembership(models.Model):
    """One person serves one queue. Who has no row serves every open queue."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="queue_memberships"
    )
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "queue"], name="membership_once")]

    def __str__(self) -> str:
        return f"user {self.user_id} serves queue {self.queue_id}"


class Urgency(models.IntegerChoices):
    """What goes before every promise; the lower, the sooner."""

    DANGER = 0
    RISK = 1
    NORMAL = 2


class Line(models.Model):
    """Emails that the same people can answer: one queue, one language, one need of experience.

    Few dozens of rows, made when first needed and never changed. A claim looks at the head of
    each line that a person may serve. `language` is empty where nobody could tell, and `und` where
    somebody said that it is not theirs.
    """

    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="lines")
    language = models.CharField(max_length=8, blank=True)
    needs_trust = models.PositiveSmallIntegerField(
        default=Trust.NEWCOMER.value, choices=[(level.value, level.name.lower()) for level in Trust]
    )
    tone = models.CharField(
        max_length=8, choices=Classification.Tone, default=Classification.Tone.NEUTRAL
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "language", "needs_trust", "tone"], name="line_once"
            )
        ]

    def __str__(self) -> str:
        return f"line {self.pk} of queue {self.queue_id}"


class Ticket(models.Model):
    """A conversation that needs an answer: where it waits and who holds it until when.

    `open` waits or is held; `answering` has an answer on its way; `closed` needs nothing. `line`
    is one of `queue`: whatever moves a ticket to another queue gives it a line there (lines.py).
    """

    class State(models.TextChoices):
        OPEN = "open"
        ANSWERING = "answering"
        CLOSED = "closed"

    class Hard(models.TextChoices):
        """Why an email asks for somebody experienced."""

        LEFT_TWICE = "left_twice", _("Two people had it in their hands and did not finish")
        WROTE_OFTEN = "wrote_often", _("This person wrote three times without an answer")
        CAME_BACK = "came_back", _("This person came back for the third time")
        TOO_HARD = "too_hard", _("Someone found it too hard")

    conversation = models.OneToOneField(
        Conversation, on_delete=models.PROTECT, related_name="ticket"
    )
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="tickets")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="tickets")
    urgency = models.PositiveSmallIntegerField(choices=Urgency, default=Urgency.NORMAL)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    promise_at = models.DateTimeField(
        help_text="when this person was promised an answer; the order"
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="held_tickets"
    )
    held_since = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    lapses = models.PositiveSmallIntegerField(default=0)
    reopenings = models.PositiveSmallIntegerField(
        default=0, help_text="how often this person wrote again after all was answered"
    )
    hard_because = models.CharField(max_length=12, choices=Hard, blank=True)
    routed_version = models.PositiveSmallIntegerField(
        default=0, help_text="version of the classification that chose the queue"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ticket_held_in_full_or_not_at_all",
                condition=Q(holder__isnull=True, held_since__isnull=True, held_until__isnull=True)
                | Q(holder__isnull=False, held_since__isnull=False, held_until__isnull=False),
            ),
            models.CheckConstraint(
                name="ticket_held_only_while_open",
                condition=Q(holder__isnull=True) | Q(state="open"),
            ),
            models.UniqueConstraint(
                fields=["holder"], condition=Q(holder__isnull=False), name="ticket_one_per_holder"
            ),
        ]
        indexes = [
            models.Index(
                fields=["line", "urgency", "promise_at", "id"],
                condition=Q(state="open", holder__isnull=True),
                name="ticket_in_order_of_claiming",
            ),
            models.Index(
                fields=["held_until", "id"],
                condition=Q(holder__isnull=False),
                name="ticket_by_lapse",
            ),
        ]

    def __str__(self) -> str:
        return f"ticket {self.pk}"


class PassReason(models.TextChoices):
    """Why a person hands an email on: the closed list. Nobody asks further."""

    LANGUAGE = "language", _("It is not in my language")
    ACCESS = "access", _("It needs access that I do not have")
    TOO_HARD = "too_hard", _("It is too hard for me")
    UPSETS_ME = "upsets_me", _("It upsets me")
    KNOW_PERSON = "know_person", _("I know this person")
    DANGEROUS = "dangerous", _("It looks dangerous, or someone may be in danger")


class PassedOn(models.Model):
    """One person handed one email on, and why; it does not come to them again."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="passed_on")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12, choices=PassReason)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "ticket"], name="passed_on_once_per_person")
        ]

    def __str__(self) -> str:
        return f"user {self.user_id} passed on ticket {self.ticket_id}"


class Pace(models.Model):
    """How one person is going: what they were given last, and since when they are at it.

    Only their own claims and what they put down write it, so nobody waits for it.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="pace"
    )
    furious_in_row = models.PositiveSmallIntegerField(default=0)
    wants_kind = models.BooleanField(default=False, help_text="the last one upset them")
    working_since = models.DateTimeField(help_text="end of their last break")
    active_at = models.DateTimeField(help_text="when they last took or put down an email")

    def __str__(self) -> str:
        return f"pace of user {self.user_id}"


class HandOverReason(models.TextChoices):
    """Why an email goes to a lane: the closed list; `routing.HANDED_TO` says to which."""

    ACCOUNT = "account", _("It needs somebody with access to accounts or orders")
    WEAKNESS = "weakness", _("It tells of a weakness, or of data that somebody has")
    LAWYER = "lawyer", _("A lawyer, a court or an authority writes")
    RIGHTS = "rights", _("They ask for their rights: what we hold, or to delete it")
    JOURNALIST = "journalist", _("A journalist asks")
    DANGER = "danger", _("Someone may be in danger")


class HandBackReason(models.TextChoices):
    """Why a lane gives an email back: the closed list."""

    NOT_OURS = "not_ours", _("It is not for us after all")
    PART_DONE = "part_done", _("Our part is done, anybody may answer now")
    MISTAKE = "mistake", _("It came here by mistake")


class HandOver(models.Model):
    """One email was handed over to a lane: by whom, why, and how it was given back, if it was.

    `acknowledgement` is the holding answer that its writer got for it, at most one.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="hand_overs")
    lane = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+")
    from_queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12, choices=HandOverReason)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    acknowledgement = models.OneToOneField(
        OutboundMessage, null=True, on_delete=models.PROTECT, related_name="hand_over"
    )
    acknowledged_with = models.TextField(blank=True, help_text="the words of the holding answer")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    back_reason = models.CharField(
        max_length=12, choices=HandBackReason, blank=True, help_text="empty: it went on elsewhere"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(ended_at__isnull=True), name="hand_over_one_running"
            ),
            models.CheckConstraint(
                name="hand_over_ended_in_full_or_not_at_all",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, back_reason="")
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.CheckConstraint(
                name="hand_over_acknowledged_with_words",
                condition=Q(acknowledgement__isnull=True) | ~Q(acknowledged_with=""),
            ),
        ]

    def __str__(self) -> str:
        return f"hand-over {self.pk}"


class LaneNote(models.Model):
    """A note of a lane about one email: seen by its members alone.

    It leaves Muster only in an export, and only once a member of the lane said so.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="lane_notes")
    lane = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=4000)
    at = models.DateTimeField()
    in_export = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(in_export=True), name="lane_note_in_export")
        ]

    def __str__(self) -> str:
        return f"lane note {self.pk}"


class Outcome(models.Model):
    """How one email ended; no row means it is still waiting or open."""

    class Kind(models.TextChoices):
        ANSWERED = "answered"
        COVERED = "covered"
        ANSWERED_ELSEWHERE = "answered_elsewhere"
        NO_REPLY_NEEDED = "no_reply_needed"
        UNDELIVERABLE = "undeliverable"
        MACHINE = "machine"

    class Reason(models.TextChoices):
        """Why an email needs no reply: the closed list."""

        ADVERTISING = "advertising"
        NOT_FOR_US = "not_for_us"
        DOUBLE = "double"
        ASKED_US_NOT_TO = "asked_us_not_to"
        NO_WAY_TO_REACH = "no_way_to_reach"

    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="outcome")
    kind = models.CharField(max_length=20, choices=Kind)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    reference = models.CharField(max_length=300, blank=True)
    outbound = models.ForeignKey(
        OutboundMessage, null=True, on_delete=models.PROTECT, related_name="outcomes"
    )
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="outcome_answered_names_the_answer",
                condition=~Q(kind__in=["answered", "covered"]) | Q(outbound__isnull=False),
            ),
            models.CheckConstraint(
                name="outcome_no_reply_has_reason",
                condition=~Q(kind="no_reply_needed") | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} message {self.message_id}"


class Question(models.Model):
    """A helper asks an experienced colleague about the email they hold."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="questions")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    text = models.TextField(max_length=2000)
    answer = models.TextField(max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="question_answered_in_full_or_not_at_all",
                condition=Q(answered_by__isnull=True, answered_at__isnull=True, answer="")
                | (Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer="")),
            )
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=Q(answered_at__isnull=True),
                name="question_unanswered",
            )
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"


class Counter(models.Model):
    """A folded sum: one queue, one measure, one hour (or no hour for what is true now)."""

    class Measure(models.TextChoices):
        WAITING = "waiting"
        HELD = "held"
        CAME_IN = "came_in"
        WENT_OUT = "went_out"
        SENT = "sent"

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="counters")
    measure = models.CharField(max_length=10, choices=Measure)
    hour = models.DateTimeField(help_text="start of the hour; the epoch for what is true now")
    value = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "measure", "hour"], name="counter_once")
        ]
        indexes = [models.Index(fields=["hour"], name="counter_by_hour")]

    def __str__(self) -> str:
        return f"{self.measure} of queue {self.queue_id}"


class CounterDelta(models.Model):
    """A change not yet folded: claimers insert rows and never wait for one another.

    Without a constraint or an index on the queue: checking it would lock the queue's row for every
    claimer at once.
    """

    queue = models.ForeignKey(
        Queue, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    measure = models.CharField(max_length=10, choices=Counter.Measure)
    hour = models.DateTimeField()
    amount = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.amount:+} {self.measure} of queue {self.queue_id}"


class ForecastNote(models.Model):
    """What the board said in one quarter of an hour, kept to be compared with what happened.

    `cleared_at` is when nobody waited any more for the first time after it.
    """

    quarter = models.DateTimeField(unique=True, help_text="start of the quarter of an hour")
    waiting = models.PositiveIntegerField()
    people = models.PositiveIntegerField(help_text="who could answer then")
    oldest_opened_at = models.DateTimeField(null=True)
    clear_at = models.DateTimeField(null=True, help_text="empty: it could not be said")
    low = models.DateTimeField(null=True)
    high = models.DateTimeField(null=True, help_text="empty: not in sight")
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["quarter"],
                condition=Q(clear_at__isnull=False, cleared_at__isnull=True),
                name="forecast_note_unproven",
            )
        ]

    def __str__(self) -> str:
        return f"forecast note {self.pk}"


class BulkMove(models.Model):
    """One frozen selection of emails that goes to another queue, or gets another label.

    The emails are fixed as items when it is made; a step does them in batches, and undoes them.
    """

    class State(models.TextChoices):
        FROZEN = "frozen"
        RUNNING = "running"
        DONE = "done"
        UNDOING = "undoing"
        UNDONE = "undone"

    state = models.CharField(max_length=8, choices=State, default=State.FROZEN)
    chosen = models.JSONField(default=dict, help_text="the filter by which the emails were found")
    total = models.PositiveIntegerField(default=0)
    to_queue = models.ForeignKey(Queue, null=True, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(max_length=16, blank=True)
    tone = models.CharField(max_length=8, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, help_text="when its next batch is to be done")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="bulk_move_due_only_while_at_work",
                condition=Q(due_at__isnull=True) | Q(state__in=["running", "undoing"]),
            ),
            models.CheckConstraint(
                name="bulk_move_goes_somewhere_or_gets_a_label",
                condition=Q(to_queue__isnull=False, topic="", tone="")
                | (Q(to_queue__isnull=True) & ~Q(topic="") & ~Q(tone="")),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="bulk_move_due")
        ]

    def __str__(self) -> str:
        return f"bulk move {self.pk}"


class BulkMoveItem(models.Model):
    """One email of a frozen selection: what was to be done, what was, and what it was before."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        HELD = "held"
        GONE = "gone"
        UNDONE = "undone"

    bulk = models.ForeignKey(BulkMove, on_delete=models.CASCADE, related_name="items")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    from_queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+")
    was_topic = models.CharField(max_length=16, blank=True)
    was_tone = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bulk", "ticket"], name="bulk_move_item_once")
        ]
        indexes = [models.Index(fields=["bulk", "state", "id"], name="bulk_move_item_by_state")]

    def __str__(self) -> str:
        return f"email {self.ticket_id} of bulk move {self.bulk_id}"
