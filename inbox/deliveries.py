"""What becomes of a mail on its way out, as rows: claimed, tried, and how each try ended.

Every change is conditional on what was there before, so that of two workers that believe they
have the same mail only one goes on. The final dot is sent only after `enter(DOT)` was committed
on an attempt that is still open; whoever takes the mail over closes that attempt first.
"""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, F, Q, QuerySet

from inbox.jobs import ring
from inbox.models import DeliveryAttempt, Mailbox, OutboundMessage, SendingPause
from inbox.smtp import NoAnswer, Phase, Refused, ServerTrouble

log = structlog.get_logger("muster.outbox")

State = OutboundMessage.State
Result = DeliveryAttempt.Result

HOLD = timedelta(minutes=5)
PROOF_EVERY = timedelta(minutes=1)
GIVE_UP_AFTER = timedelta(hours=24)
_WORDS_KEPT = 500


class Overtaken(Exception):
    """Another worker, or a person, has this mail now: nothing more may be sent in this attempt."""


def wait(since: datetime, at: datetime, *, least: timedelta, most: timedelta) -> timedelta:
    """Gives how long to wait: as long again as it has been going wrong, within the bounds."""
    return min(max(at - since, least), most)


def ready(at: datetime) -> "QuerySet[OutboundMessage]":
    """Gives the mails that may be sent now, the most urgent first.

    While somebody has paused sending these are only mails to our own staff.
    """
    paused = Exists(SendingPause.objects.filter(ended_at__isnull=True))
    return OutboundMessage.objects.filter(
        Q(kind=OutboundMessage.Kind.STAFF) | ~paused,
        ~Q(mailbox__smtp_url=""),
        Q(mailbox__send_retry_at__isnull=True) | Q(mailbox__send_retry_at__lte=at),
        state__in=[State.QUEUED, State.SENDING],
        due_at__lte=at,
        mailbox__is_active=True,
    ).order_by("priority", "due_at", "pk")


def claim(mailbox: Mailbox, *, at: datetime) -> OutboundMessage | None:
    """Gives the next mail of this mailbox to this caller alone; None when nothing is due.

    A mail whose last worker died after the dot becomes unknown instead of being sent again.
    """
    while True:
        with transaction.atomic():
            rows = ready(at).filter(mailbox=mailbox).select_related("mailbox")
            outbound = rows.select_for_update(skip_locked=True, of=("self",)).first()
            if outbound is None:
                return None
            # A mail that nobody has claimed before has no attempt that could be open.
            if outbound.state == State.SENDING and _leave_unknown(outbound, at=at):
                continue
            OutboundMessage.objects.filter(pk=outbound.pk).update(
                state=State.SENDING, due_at=at + HOLD, attempts=F("attempts") + 1
            )
        outbound.attempts += 1
        return outbound


def _leave_unknown(outbound: OutboundMessage, *, at: datetime) -> bool:
    """Closes what a dead worker left open; true when that mail may have gone out."""
    left = DeliveryAttempt.objects.filter(outbound=outbound, result=Result.OPEN)
    words = "The sending process stopped in the middle."
    closed = {"server_words": words, "finished_at": at}
    if left.filter(phase=DeliveryAttempt.Phase.DOT).update(result=Result.UNKNOWN, **closed):
        _end(outbound, State.UNKNOWN, words, at=at)
        return True
    left.update(result=Result.RETRY, **closed)
    return False


def open_attempt(outbound: OutboundMessage, *, at: datetime) -> DeliveryAttempt:
    """Gives the row of this try, committed before anything is said to a server.

    Raises Overtaken when the mail was claimed again since.
    """
    with transaction.atomic():
        mine = OutboundMessage.objects.filter(
            pk=outbound.pk, state=State.SENDING, attempts=outbound.attempts
        )
        if not mine.update(due_at=at + HOLD):
            raise Overtaken
        return DeliveryAttempt.objects.create(
            outbound=outbound, number=outbound.attempts, started_at=at
        )


def enter(attempt: DeliveryAttempt, phase: Phase) -> None:
    """Writes that the phase begins; raises Overtaken when the attempt is no longer ours."""
    mine = DeliveryAttempt.objects.filter(pk=attempt.pk, result=Result.OPEN)
    if not mine.update(phase=phase.value):
        raise Overtaken
    attempt.phase = phase.value


def mark_sent(attempt: DeliveryAttempt, words: str, *, at: datetime) -> None:
    """Writes that the server has taken it; this holds also when it was thought unknown by now."""
    with transaction.atomic():
        DeliveryAttempt.objects.filter(
            pk=attempt.pk, result__in=[Result.OPEN, Result.UNKNOWN]
        ).update(result=Result.SENT, server_words=words[:_WORDS_KEPT], finished_at=at)
        _end(attempt.outbound, State.SENT, words, at=at)
    log.info("mail sent", outbound=attempt.outbound_id, attempt=attempt.number)


def mark_refused(attempt: DeliveryAttempt, refusal: Refused, *, at: datetime) -> None:
    """Writes the server's no: to be tried again, or rejected with its words.

    A mail that was put off for a day is rejected too, so that a person hears of it.
    """
    outbound = attempt.outbound
    words = f"{refusal.code} {refusal.words}"
    if refusal.for_good or at - outbound.created_at > GIVE_UP_AFTER:
        with transaction.atomic():
            _close(attempt, Result.REJECTED, words, refusal.code, at=at)
            _end(outbound, State.REJECTED, words, at=at)
        return
    pause = wait(outbound.created_at, at, least=timedelta(seconds=15), most=timedelta(minutes=15))
    _try_again(attempt, words, refusal.code, due_at=at + pause, at=at)


def mark_unsent(
    attempt: DeliveryAttempt, trouble: ServerTrouble, *, due_at: datetime, at: datetime
) -> None:
    """Writes that the server failed before the dot: the same bytes are tried again at `due_at`."""
    _try_again(attempt, trouble.words, trouble.code, due_at=due_at, at=at)


def mark_unknown(attempt: DeliveryAttempt, silence: NoAnswer, *, at: datetime) -> None:
    """Writes that nobody knows whether the server has it; it is never sent again unasked."""
    words = str(silence)
    with transaction.atomic():
        _close(attempt, Result.UNKNOWN, words, None, at=at)
        _end(attempt.outbound, State.UNKNOWN, words, at=at)
    log.warning("mail unknown", outbound=attempt.outbound_id, attempt=attempt.number)


def end_unknown(outbound: OutboundMessage, words: str, *, at: datetime) -> bool:
    """Writes that an unknown mail did go out; false when it was decided meanwhile."""
    with transaction.atomic():
        return _end(outbound, State.SENT, words, at=at, only_from=[State.UNKNOWN])


def note_trouble(mailbox: Mailbox, trouble: str, *, at: datetime) -> datetime:
    """Writes that the mailbox cannot send, and gives when to try again: 5 s to 5 min from now."""
    since = mailbox.send_failing_since or at
    retry_at = at + wait(since, at, least=timedelta(seconds=5), most=timedelta(minutes=5))
    mailbox.send_failing_since, mailbox.send_retry_at = since, retry_at
    mailbox.send_failure = trouble[:_WORDS_KEPT]
    mailbox.save(update_fields=["send_failing_since", "send_retry_at", "send_failure"])
    log.warning("mailbox cannot send", mailbox=mailbox.pk)
    return retry_at


def note_working(mailbox: Mailbox) -> None:
    """Writes that the mailbox sends again, when it was thought not to."""
    if mailbox.send_failing_since is None:
        return
    mailbox.send_failing_since = mailbox.send_retry_at = None
    mailbox.send_failure = ""
    mailbox.save(update_fields=["send_failing_since", "send_retry_at", "send_failure"])


def _close(
    attempt: DeliveryAttempt, result: str, words: str, code: int | None, *, at: datetime
) -> None:
    mine = DeliveryAttempt.objects.filter(pk=attempt.pk, result=Result.OPEN)
    ended = {"result": result, "code": code, "finished_at": at}
    if not mine.update(**ended, server_words=words[:_WORDS_KEPT]):
        raise Overtaken


def _try_again(
    attempt: DeliveryAttempt, words: str, code: int | None, *, due_at: datetime, at: datetime
) -> None:
    with transaction.atomic():
        _close(attempt, Result.RETRY, words, code, at=at)
        OutboundMessage.objects.filter(pk=attempt.outbound_id, state=State.SENDING).update(
            due_at=due_at, server_words=words[:_WORDS_KEPT]
        )


def _end(
    outbound: OutboundMessage,
    state: str,
    words: str,
    *,
    at: datetime,
    only_from: tuple[str, ...] | list[str] = (State.SENDING, State.UNKNOWN),
) -> bool:
    """Writes the end, and when the next look at it is: its copy, its proof, the level above."""
    sent = state == State.SENT
    copied = sent and outbound.mailbox is not None and outbound.mailbox.imap_url != ""
    changed = OutboundMessage.objects.filter(pk=outbound.pk, state__in=only_from).update(
        state=state,
        server_words=words[:_WORDS_KEPT],
        due_at=at if state == State.UNKNOWN else None,
        sent_at=at if sent else None,
        finished_at=at,
        copy_due_at=at if copied and outbound.kind != OutboundMessage.Kind.STAFF else None,
        settle_due_at=at if outbound.kind == OutboundMessage.Kind.ANSWER else None,
    )
    if changed:
        ring("settle")
    return bool(changed)
