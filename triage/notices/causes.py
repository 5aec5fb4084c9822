"""What a supervisor must hear of, as the database knows it now: one sentence for each cause."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, Min, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inbox.models import Mailbox, OutboundMessage, SendingPause
from triage.classification.models import SorterModel
from triage.classification.sorting import models_folder
from triage.incidents.models import Incident, LevelChange, LevelRequest
from triage.notices.models import Alert
from triage.queues.counters import waiting_now
from triage.queues.lanes import lanes
from triage.queues.models import Line, Ticket, Urgency
from triage.volunteers.models import JoinRequest

FAILING_FOR = timedelta(minutes=1)
SILENT_FOR = timedelta(minutes=10)
STUCK_FOR = timedelta(minutes=10)
# Alerts of these causes are ended here when the cause is over; others end where they were raised.
WATCHED = (
    "mailbox:",
    "outbox:",
    "sorter:",
    "joining:",
    "recovery:",
    "danger:",
    "lane:",
    "asked:",
    "alone:",
)

ALONE_SAID_FOR = timedelta(days=1)
# The tightest first: each is an alert of its own.
RECOVERY_WARNINGS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))

DANGER = "danger:"
MOST_IN_DANGER = 20

State = OutboundMessage.State


def causes(*, at: datetime) -> dict[str, str]:
    """Gives every cause of an alert at this moment with its sentence, in sixteen statements."""
    return dict(
        [
            *_danger(),
            *_mailboxes(at=at),
            *_unknown(),
            *_stuck(at=at),
            *_sorter(),
            *_joining(),
            *_lanes(at=at),
            *_recovery(at=at),
            *_asked(),
            *_alone(at=at),
        ],
    )


def _danger() -> Iterator[tuple[str, str]]:
    """Each email of someone who may be in danger, until somebody has it in their hands."""
    waiting = Ticket.objects.filter(
        line__in=Line.objects.all(),  # so that the index in the order of claiming serves it
        urgency=Urgency.DANGER,
        state=Ticket.State.OPEN,
        holder__isnull=True,
    )
    rows = waiting.order_by("opened_at", "pk").values_list("pk", "queue__name", "opened_at")
    for ticket_id, queue, since in rows[:MOST_IN_DANGER]:
        yield (
            f"{DANGER}{ticket_id}",
            _(
                "Someone may be in danger. Their email of %(since)s waits under “%(queue)s”: "
                "please take it now."
            )
            % {"since": _when(since), "queue": queue},
        )


def _mailboxes(*, at: datetime) -> Iterator[tuple[str, str]]:
    for mailbox in Mailbox.objects.filter(is_active=True).exclude(imap_url="", smtp_url=""):
        words = {"mailbox": mailbox.address}
        if since := _long(mailbox.failing_since, FAILING_FOR, at=at):
            yield (
                f"mailbox:{mailbox.pk}:imap",
                _("%(mailbox)s takes in no email since %(since)s. %(failure)s")
                % {**words, "since": _when(since), "failure": mailbox.failure},
            )
        elif since := _silent(mailbox, at=at):
            yield (
                f"mailbox:{mailbox.pk}:silent",
                _("Nobody has looked into %(mailbox)s since %(since)s. Is watch_inbox running?")
                % {**words, "since": _when(since)},
            )
        if since := _long(mailbox.send_failing_since, FAILING_FOR, at=at):
            yield (
                f"mailbox:{mailbox.pk}:smtp",
                _("%(mailbox)s sends no email since %(since)s. %(failure)s")
                % {**words, "since": _when(since), "failure": mailbox.send_failure},
            )


def _unknown() -> Iterator[tuple[str, str]]:
    """Those without proof: looking for it takes up to 15 minutes."""
    count = OutboundMessage.objects.filter(state=State.UNKNOWN, due_at=None).count()
    if count:
        yield (
            "outbox:unknown",
            ngettext(
                "Nobody knows whether %(count)s answer left: its mail server fell silent. "
                "Please look at it on the board and decide.",
                "Nobody knows whether %(count)s answers left: their mail server fell silent. "
                "Please look at them on the board and decide.",
                count,
            )
            % {"count": count},
        )


def _stuck(*, at: datetime) -> Iterator[tuple[str, str]]:
    """Due for long, though no mailbox of theirs says that it fails and nobody paused sending."""
    paused = Exists(SendingPause.objects.filter(ended_at__isnull=True))
    late = OutboundMessage.objects.filter(
        Q(mailbox=None) | Q(mailbox__send_failing_since=None),
        Q(kind=OutboundMessage.Kind.STAFF) | ~paused,
        state__in=[State.QUEUED, State.SENDING],
        due_at__lte=at - STUCK_FOR,
    ).aggregate(count=Count("pk"), since=Min("due_at"))
    if late["count"]:
        yield (
            "outbox:stuck",
            ngettext(
                "%(count)s email waits to be sent since %(since)s. Is the worker running, and can "
                "its mailbox send?",
                "%(count)s emails wait to be sent, the first since %(since)s. Is the worker "
                "running, and can their mailboxes send?",
                late["count"],
            )
            % {"count": late["count"], "since": _when(late["since"])},
        )


def _sorter() -> Iterator[tuple[str, str]]:
    active = SorterModel.objects.filter(is_active=True).first()
    if active is None or not (models_folder() / active.version).is_dir():
        yield (
            "sorter:missing",
            _(
                "There is no trained sorter, so every email waits under “Not sure yet”. "
                "manage.py train_model makes one."
            ),
        )


def _recovery(*, at: datetime) -> Iterator[tuple[str, str]]:
    """All-hands mode is about to become recovery: told once at each of the times before it.

    What was said when it was raised stays, or every email that comes in would be news.
    """
    incident = Incident.objects.filter(level=Incident.Level.ALL_HANDS, recovery_at__gt=at).first()
    left = incident.recovery_at - at if incident and incident.recovery_at else None
    before = next((each for each in RECOVERY_WARNINGS if left and left <= each), None)
    if incident is None or before is None:
        return
    cause = f"recovery:{incident.pk}:{before // timedelta(minutes=1)}"
    said = Alert.objects.filter(cause=cause, over_at=None).values_list("text", flat=True).first()
    yield cause, said or _recovery_words(incident, at=at)


def _recovery_words(incident: Incident, *, at: datetime) -> str:
    waiting = waiting_now(at=at)
    still = ngettext("%(count)s person still waits.", "%(count)s people still wait.", waiting) % {
        "count": f"{waiting:,}"
    }
    assert incident.recovery_at is not None
    return _(
        "All-hands mode ends at %(when)s: no new emails are begun then, open ones may be "
        "finished. %(still)s One press lets it go on."
    ) % {"when": _when(incident.recovery_at), "still": still}


def _asked() -> Iterator[tuple[str, str]]:
    """The first of two people waits for a second one."""
    request = (
        LevelRequest.objects.filter(ended_at=None, version=F("incident__version"))
        .select_related("asked_by")
        .first()
    )
    if request is not None:
        closes = request.to_level == Incident.Level.CLOSED
        words = (
            _("%(name)s asks to close the incident. Another admin confirms it.")
            if closes
            else _("%(name)s asks to switch on all-hands mode. Another admin confirms it.")
        )
        yield f"asked:{request.pk}", words % {"name": request.asked_by.get_full_name()}


def _alone(*, at: datetime) -> Iterator[tuple[str, str]]:
    """One person did alone what two people do; said for a day, or until somebody has seen it."""
    changes = LevelChange.objects.filter(at__gt=at - ALONE_SAID_FOR).exclude(alone_because="")
    for change in changes.select_related("incident"):
        if change.incident.needs_second_person:
            yield alone_cause(change), alone_words(change)


def alone_cause(change: LevelChange) -> str:
    """Gives the cause of the alert about a change that one person made alone."""
    return f"alone:{change.pk}"


def alone_words(change: LevelChange) -> str:
    """Gives its sentence."""
    return _("%(name)s did alone what two people do here, and says why: %(reason)s") % {
        "name": change.by_name,
        "reason": change.alone_because,
    }


def _joining() -> Iterator[tuple[str, str]]:
    waiting = JoinRequest.objects.filter(is_granted=None, incident__closed_at=None).count()
    if waiting:
        yield (
            "joining:requests",
            ngettext(
                "%(count)s person from outside asks to join and waits for an admin’s yes or no.",
                "%(count)s people from outside ask to join and wait for an admin’s yes or no.",
                waiting,
            )
            % {"count": waiting},
        )


def _lanes(*, at: datetime) -> Iterator[tuple[str, str]]:
    for lane in lanes(at=at):
        if lane.promised_at is None:
            continue
        words = {"lane": lane.name, "since": _when(lane.promised_at)}
        if lane.names_nobody:
            yield (
                f"lane:{lane.id}:nobody",
                _("Emails wait in the lane %(lane)s, and nobody is named for it. Supervisors are "
                  "given them until somebody is.") % words,
            )  # fmt: skip
        if lane.promised_at < at:
            yield (
                f"lane:{lane.id}:late",
                _("The first email in the lane %(lane)s was to be answered by %(since)s.") % words,
            )


def _silent(mailbox: Mailbox, *, at: datetime) -> datetime | None:
    if not mailbox.imap_url or mailbox.failing_since is not None:
        return None
    return _long(mailbox.last_heard_at or mailbox.created_at, SILENT_FOR, at=at)


def _long(since: datetime | None, length: timedelta, *, at: datetime) -> datetime | None:
    return since if since is not None and at - since >= length else None


def _when(moment: datetime) -> str:
    """Day, time and zone: whoever reads it may be anywhere, tomorrow."""
    local = timezone.localtime(moment)
    return f"{date_format(local, 'j F Y, H:i')} {local.tzname()}"
