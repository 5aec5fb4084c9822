"""The step that sees to it that somebody hears of trouble, and again until they have."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from triage.accounts.models import User
from triage.accounts.queries import with_role
from triage.notices.actions import end_alert, raise_alert
from triage.notices.causes import DANGER, WATCHED, causes
from triage.notices.email import queue_staff_mail
from triage.notices.models import Alert
from triage.notices.staff import write_letters
from triage.notices.webhook import post_alert
from triage.queues import routing

REPEAT_AFTER = timedelta(minutes=15)


def notify(*, at: datetime) -> int:
    """Step: raises and ends alerts as their causes come and go, and tells those unseen.

    Supervisors and admins are told by mail, and MUSTER_ALERT_WEBHOOK is posted to, at once and
    every 15 minutes until somebody has seen it. Letters to our own people are written here too.
    Gives how many alerts changed or were told, and how many letters were written.
    """
    now = causes(at=at)
    open_alerts = dict(Alert.objects.filter(over_at=None).values_list("cause", "text"))
    fresh = {cause: text for cause, text in now.items() if open_alerts.get(cause) != text[:500]}
    for cause, text in fresh.items():
        raise_alert(cause=cause, text=text, at=at)
    over = [cause for cause in open_alerts if cause.startswith(WATCHED) and cause not in now]
    for cause in over:
        end_alert(cause=cause, at=at)
    return len(fresh) + len(over) + _tell(_untold(at), at=at) + write_letters(at=at)


def _untold(at: datetime) -> Iterable[Alert]:
    due = Q(told_at=None) | Q(told_at__lte=at - REPEAT_AFTER)
    return Alert.objects.filter(due, over_at=None, seen_at=None).order_by("pk")


def _tell(alerts: Iterable[Alert], *, at: datetime) -> int:
    told = 0
    for alert in alerts:
        if _mail(alert, at=at):
            told += 1
            _post(alert)
    return told


def _mail(alert: Alert, *, at: datetime) -> bool:
    """Claims this telling and queues its mails in one transaction; false when it was told."""
    with transaction.atomic():
        mine = Alert.objects.filter(pk=alert.pk, told_at=alert.told_at, seen_at=None, over_at=None)
        if not mine.update(told_at=at, tellings=F("tellings") + 1):
            return False
        for person in _owners(alert):
            queue_staff_mail(
                recipient=person.email, subject=_subject(alert), text=_text(alert), at=at
            )
    return True


def _owners(alert: Alert) -> list[User]:
    """Supervisors and admins; of someone in danger also the people of Safety."""
    people = with_role("supervisor", "admin")
    if not alert.cause.startswith(DANGER):
        return people
    of_safety = User.objects.filter(
        is_active=True, queue_memberships__queue__key=routing.SAFETY
    ).exclude(pk__in=[person.pk for person in people])
    return [*people, *of_safety.order_by("pk")]


def _subject(alert: Alert) -> str:
    if alert.tellings:
        return _("Muster needs you: told again, nobody has seen it yet")
    return _("Muster needs you: please look at the board")


def _text(alert: Alert) -> str:
    told_by_itself = _(
        "Muster tells you this every 15 minutes until somebody presses “Seen” on the board, "
        "or until it is over:"
    )
    return f"{alert.text}\n\n{told_by_itself}\n{_page(alert)}\n"


def _post(alert: Alert) -> None:
    if settings.MUSTER_ALERT_WEBHOOK:
        post_alert(
            settings.MUSTER_ALERT_WEBHOOK,
            alert_id=alert.pk,
            cause=alert.cause,
            text=alert.text,
            raised_at=alert.raised_at,
            page=_page(alert),
        )


def _page(alert: Alert) -> str:
    return f"{settings.MUSTER_BASE_URL}{alert.page}"
