"""Once a day the head of the record leaves the database: a file, a mail to auditors, a webhook."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from triage.accounts.queries import with_role
from triage.audit.actions import Step, record
from triage.audit.chain import Head
from triage.audit.heads import write_head
from triage.audit.jobs import chain_head
from triage.notices.email import queue_staff_mail
from triage.notices.webhook import post


def note_head(*, at: datetime) -> int:
    """Step: notes the day's head outside the database, once a day; gives 1 when it just did."""
    folder = Path(settings.MUSTER_DATA_DIR) / "audit-heads"
    if (folder / f"{at:%Y-%m-%d}.json").exists():
        return 0
    head = chain_head()
    if not write_head(head, folder=folder, at=at):
        return 0
    _tell(head, at=at)
    if settings.MUSTER_ALERT_WEBHOOK:
        told = {"text": _subject(), "head": str(head), "noted_at": at.isoformat()}
        post(settings.MUSTER_ALERT_WEBHOOK, told, about="head")
    return 1


def _tell(head: Head, *, at: datetime) -> None:
    auditors = with_role("auditor")
    with transaction.atomic():
        for person in auditors:
            queue_staff_mail(recipient=person.email, subject=_subject(), text=_text(head), at=at)
        detail = {"sequence": head.sequence, "hash": head.hash, "told": len(auditors)}
        record(action="audit.head", by=Step("notify"), at=at, detail=detail)


def _subject() -> str:
    return _("Muster: the seal of today's record, please keep this email")


def _text(head: Head) -> str:
    words = _(
        "This line proves later that nothing was cut off the record before today. You need not "
        "do anything but keep it:"
    )
    how = _("To check it, save this email as a file and run: manage.py audit_verify --head FILE")
    return f"{words}\n\n{head}\n\n{how}\n"
