"""Mail as rows: what servers showed us, what it says, and what we sent."""

from django.db import models
from django.db.models import Q, Value


class Mailbox(models.Model):
    """One mail account whose mail we take in and answer from (or `import`, without a server)."""

    class Kind(models.TextChoices):
        SERVER = "server"
        IMPORT = "import"

    address = models.CharField(max_length=254, unique=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SERVER)
    imap_url = models.CharField(max_length=500, blank=True)
    smtp_url = models.CharField(max_length=500, blank=True)
    secret = models.BinaryField(default=b"", help_text="encrypted with MUSTER_SECRETS_KEY")
    sent_folder = models.CharField(max_length=255, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    last_heard_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failure = models.CharField(max_length=500, blank=True)
    failures = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    send_failing_since = models.DateTimeField(null=True)
    send_failure = models.CharField(max_length=500, blank=True)
    send_retry_at = models.DateTimeField(null=True)
    daily_send_limit = models.PositiveIntegerField(
        null=True, help_text="emails its provider lets it send a day; empty: nobody said"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mailbox_server_has_imap_url",
                condition=Q(kind="import") | ~Q(imap_url=""),
            )
        ]

    def __str__(self) -> str:
        return self.address


class Folder(models.Model):
    """One folder of a mailbox in one UIDVALIDITY: the books of one list of UIDs.

    UIDs below `start_uid` were there before our start and stay untouched on the server; they are
    counted once, when the start is resolved. A new UIDVALIDITY is a new row, whose start is found
    again from `start_at`.
    """

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="folders")
    name = models.CharField(max_length=255)
    uidvalidity = models.BigIntegerField()
    start_uid = models.BigIntegerField()
    start_at = models.DateTimeField(null=True, help_text="empty: from the first mail on")
    before_start = models.PositiveIntegerField(default=0)
    listed_uid = models.BigIntegerField(
        default=0, help_text="the cursor: all UIDs up to it are listed"
    )
    is_current = models.BooleanField(default=True)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "name", "uidvalidity"], name="folder_once_per_uidvalidity"
            ),
            models.UniqueConstraint(
                fields=["mailbox", "name"],
                condition=Q(is_current=True),
                name="folder_one_current_uidvalidity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mailbox_id}/{self.name}"


class Conversation(models.Model):
    """A thread with one person: what they wrote and what we answered."""

    customer_address = models.CharField(max_length=320, blank=True, db_index=True)
    customer_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=1000, blank=True)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"conversation {self.pk}"


class Message(models.Model):
    """One mail that came in, as it was understood; immutable but for its conversation.

    `due_at` says when the level above should look at it; empty once it has taken it over.
    """

    class Kind(models.TextChoices):
        PERSON = "person"
        AUTO_REPLY = "auto_reply"
        BOUNCE = "bounce"
        LIST = "list"

    class Channel(models.TextChoices):
        EMAIL = "email"
        SOCIAL = "social"
        PHONE = "phone"
        CHAT = "chat"

    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="messages"
    )
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="+")
    raw_sha256 = models.CharField(max_length=64, db_index=True)
    raw_size = models.PositiveIntegerField()
    content_sha256 = models.CharField(max_length=64)
    message_id = models.CharField(max_length=998, blank=True, db_index=True)
    in_reply_to = models.JSONField(default=list)
    references = models.JSONField(default=list)
    subject = models.CharField(max_length=1000, blank=True)
    from_address = models.CharField(max_length=320, blank=True)
    from_name = models.CharField(max_length=200, blank=True)
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)
    reply_to = models.CharField(max_length=320, blank=True)
    date = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    text = models.TextField(blank=True)
    new_text = models.TextField(blank=True)
    html = models.TextField(blank=True, help_text="cleaned in the parse child")
    kind = models.CharField(max_length=10, choices=Kind)
    automatic = models.BooleanField(default=False)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.EMAIL)
    language = models.CharField(max_length=8, blank=True)
    bounce_of = models.JSONField(default=list)
    bounce_recipients = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    claims_to_continue = models.ForeignKey(
        Conversation, null=True, on_delete=models.SET_NULL, related_name="claimed_by"
    )
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message_id", "content_sha256"], name="message_same_mail_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(due_at__isnull=False),
                name="message_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Arrival(models.Model):
    """One delivery seen on a server: one UID in one folder, or one imported file.

    Written before its body is fetched. `due_at` says when to fetch (listed) or parse (stored) it.
    """

    class State(models.TextChoices):
        LISTED = "listed"
        STORED = "stored"
        PARSED = "parsed"
        QUARANTINED = "quarantined"
        DISCARDED = "discarded"
        GONE = "gone"

    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="arrivals")
    uid = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.LISTED)
    internal_date = models.DateTimeField()
    size = models.PositiveIntegerField(default=0)
    raw_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    message = models.ForeignKey(
        Message, null=True, on_delete=models.PROTECT, related_name="arrivals"
    )
    reason = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    listed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["folder", "uid"], name="arrival_once_per_uid"),
            models.CheckConstraint(
                name="arrival_parsed_has_message",
                condition=~Q(state="parsed") | Q(message__isnull=False),
            ),
            models.CheckConstraint(
                name="arrival_stored_has_raw",
                condition=Q(state__in=["listed", "gone"]) | ~Q(raw_sha256=""),
            ),
            models.CheckConstraint(
                name="arrival_quarantined_has_reason",
                condition=~Q(state__in=["quarantined", "discarded"]) | ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(state="stored"), name="arrival_to_parse"
            ),
            models.Index(
                fields=["folder", "uid"], condition=Q(state="listed"), name="arrival_to_fetch"
            ),
            models.Index(fields=["id"], condition=Q(state="quarantined"), name="arrival_set_aside"),
        ]

    def __str__(self) -> str:
        return f"arrival {self.pk}"


class Attachment(models.Model):
    """One attached file of a message; its bytes stay in the raw mail until someone downloads."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    part_index = models.PositiveSmallIntegerField()
    filename = models.CharField(max_length=255)
    content_type = models.CharField(max_length=127, help_text="as the sender claims it")
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    inline = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "part_index"], name="attachment_part_once")
        ]

    def __str__(self) -> str:
        return f"attachment {self.pk}"


class OutboundMessage(models.Model):
    """One mail we send to one person: its bytes and Message-ID never change once the row is there.

    `due_at` is when to send (the end of the undo window, or of a back-off), empty when finished.
    """

    class Kind(models.TextChoices):
        ANSWER = "answer"
        ACKNOWLEDGEMENT = "receipt"
        STAFF = "staff"

    class State(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        REJECTED = "rejected"
        UNKNOWN = "unknown"
        BOUNCED = "bounced"
        WITHDRAWN = "withdrawn"

    kind = models.CharField(max_length=10, choices=Kind)
    mailbox = models.ForeignKey(
        Mailbox, null=True, on_delete=models.PROTECT, related_name="outbound",
        help_text="empty for staff mail written before there is any mailbox",
    )  # fmt: skip
    conversation = models.ForeignKey(
        Conversation, null=True, on_delete=models.PROTECT, related_name="outbound"
    )
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    sender = models.CharField(max_length=320)
    recipient = models.CharField(max_length=320)
    subject = models.CharField(max_length=1000)
    message_id = models.CharField(max_length=255, unique=True)
    content = models.BinaryField()
    content_sha256 = models.CharField(max_length=64)
    priority = models.PositiveSmallIntegerField(default=5, help_text="staff mail 0, answers 5")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    server_words = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    copy_due_at = models.DateTimeField(null=True, help_text="when to copy it to the Sent folder")
    settle_due_at = models.DateTimeField(
        null=True, help_text="when the level above should look at the end of it; empty once it has"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="outbound_due_only_while_unfinished",
                condition=Q(due_at__isnull=True) | Q(state__in=["queued", "sending", "unknown"]),
            ),
            models.CheckConstraint(
                name="outbound_sent_has_time",
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["priority", "due_at", "id"],
                condition=Q(state__in=["queued", "sending"]),
                name="outbound_to_send",
            ),
            models.Index(
                fields=["settle_due_at", "id"],
                condition=Q(settle_due_at__isnull=False),
                name="outbound_to_settle",
            ),
            models.Index(
                fields=["copy_due_at", "id"],
                condition=Q(copy_due_at__isnull=False),
                name="outbound_to_copy",
            ),
            models.Index(
                fields=["due_at", "id"], condition=Q(state="unknown"), name="outbound_unknown"
            ),
            models.Index(
                fields=["finished_at"], condition=Q(state="bounced"), name="outbound_came_back"
            ),
        ]

    def __str__(self) -> str:
        return f"outbound message {self.pk}"


class DeliveryAttempt(models.Model):
    """One try to hand one mail to a server: the phase is committed before it is entered."""

    class Phase(models.TextChoices):
        CLAIMED = "claimed"
        CONNECT = "connect"
        ENVELOPE = "envelope"
        CONTENT = "content"
        DOT = "dot"

    class Result(models.TextChoices):
        OPEN = "open"
        SENT = "sent"
        RETRY = "retry"
        REJECTED = "rejected"
        UNKNOWN = "unknown"

    outbound = models.ForeignKey(
        OutboundMessage, on_delete=models.PROTECT, related_name="delivery_attempts"
    )
    number = models.PositiveSmallIntegerField()
    phase = models.CharField(max_length=10, choices=Phase, default=Phase.CLAIMED)
    result = models.CharField(max_length=10, choices=Result, default=Result.OPEN)
    code = models.PositiveSmallIntegerField(null=True)
    server_words = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["outbound", "number"], name="attempt_numbered_once")
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} of outbound {self.outbound_id}"


class SendingPause(models.Model):
    """A time in which no answer leaves any mailbox; mail to our own staff still does."""

    paused_at = models.DateTimeField()
    paused_by_name = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Value(1), condition=Q(ended_at__isnull=True), name="sending_paused_once"
            )
        ]

    def __str__(self) -> str:
        return f"sending pause {self.pk}"
