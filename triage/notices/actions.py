"""Raising, seeing and ending alerts: one per cause, until it is over."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from inbox.jobs import ring
from triage.accounts.policy import Act, Actor, may
from triage.audit.actions import Doer, Step, record
from triage.notices.models import Alert, Notice, Recipient
from triage.notices.staff import distinct_addresses

_STEP = Step("notify")


class NotAllowed(Exception):
    """The person may not do this; the text says so."""

    def __str__(self) -> str:
        return str(_("You cannot do this."))


def raise_alert(*, cause: str, text: str, at: datetime, by: Doer = _STEP) -> Alert:
    """Gives the alert of this cause: a new one, or the one that is not over yet.

    `text` is a sentence for supervisors without anything of a customer's mail; an alert that
    goes on keeps its first words' age but says the newest. Two callers at once raise one.
    """
    try:
        with transaction.atomic():
            known = Alert.objects.filter(cause=cause, over_at=None).first()
            if known is not None:
                return _told_anew(known, text)
            alert = Alert.objects.create(cause=cause, text=text[:500], raised_at=at)
            record(action="alert.raise", by=by, at=at, subject=alert, detail={"cause": cause})
            return alert
    except IntegrityError:
        return Alert.objects.get(cause=cause, over_at=None)


def _told_anew(alert: Alert, text: str) -> Alert:
    if alert.text != text[:500]:
        alert.text = text[:500]
        alert.save(update_fields=["text"])
    return alert


def end_alert(*, cause: str, at: datetime, by: Doer = _STEP) -> bool:
    """Ends the alert of this cause; false when there is none."""
    with transaction.atomic():
        alert = Alert.objects.select_for_update().filter(cause=cause, over_at=None).first()
        if alert is None:
            return False
        alert.over_at = at
        alert.save(update_fields=["over_at"])
        record(action="alert.end", by=by, at=at, subject=alert, detail={"cause": cause})
    return True


def see_alert(*, alert_id: int, by: Actor, at: datetime) -> bool:
    """Writes who takes care of it, so that it is repeated no more; false when somebody did."""
    if not may(by, Act.ALERT_SEE):
        raise NotAllowed
    with transaction.atomic():
        unseen = Alert.objects.filter(pk=alert_id, seen_at=None)
        if not unseen.update(seen_by_id=by.id, seen_at=at):
            return False
        record(action="alert.see", by=by, at=at, subject=Alert.objects.get(pk=alert_id))
    return True


def write_to_staff(
    *,
    incident_id: int,
    subject: str,
    text: str,
    addresses: Iterable[str],
    sent_key: str,
    user_id: int,
    by: Doer,
    at: datetime,
    operation_id: str = "",
) -> Notice | None:
    """Sends one letter to each of these addresses; their mails are written by the step.

    None when this form was sent before: a double click is one letter.
    """
    with transaction.atomic():
        notice, is_new = Notice.objects.get_or_create(
            sent_key=sent_key,
            defaults={
                "incident_id": incident_id,
                "subject": subject,
                "text": text,
                "by_id": user_id,
                "at": at,
            },
        )
        if not is_new:
            return None
        people = [
            Recipient(notice=notice, address=address, due_at=at)
            for address in distinct_addresses(addresses)
        ]
        Recipient.objects.bulk_create(people)
        record(
            action="notice.staff",
            by=by,
            at=at,
            subject=notice,
            detail={"count": len(people)},
            operation_id=operation_id,
        )
    ring("notify")
    return notice
