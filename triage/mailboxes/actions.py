"""What people decide about mailboxes and about mail that was set aside."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inbox import receive
from inbox.mailboxes import Opening, open_mailbox, sealed
from inbox.models import Mailbox
from triage.audit.actions import Doer, record


class ReasonMissingError(ValueError):
    """Mail is never put away without saying why."""


def add_mailbox(
    *,
    address: str,
    imap_url: str,
    smtp_url: str,
    password: str,
    begin: Opening,
    by: Doer,
    at: datetime,
) -> Mailbox:
    """Takes a mailbox into service from `begin` on; raises MailboxError when it is here already.

    The servers were tried before: `inbox.mailboxes.opening` and `try_smtp`.
    """
    with transaction.atomic():
        mailbox = open_mailbox(
            address=address,
            imap_url=imap_url,
            smtp_url=smtp_url,
            password=password,
            begin=begin,
            at=at,
        )
        detail = {"start_uid": begin.start_uid, "before_start": begin.before_start}
        record(action="mailbox.add", by=by, at=at, subject=mailbox, detail=detail)
    return mailbox


def change_password(*, mailbox_id: int, password: str, by: Doer, at: datetime) -> None:
    """Keeps a new password, encrypted, and lets the mailbox be tried again at once."""
    with transaction.atomic():
        mailbox = Mailbox.objects.select_for_update().get(pk=mailbox_id)
        mailbox.secret, mailbox.retry_at = sealed(password), at
        mailbox.save(update_fields=["secret", "retry_at"])
        record(action="mailbox.change_password", by=by, at=at, subject=mailbox)


def set_watched(*, mailbox_id: int, watched: bool, by: Doer, at: datetime) -> bool:
    """Begins or ends fetching and sending for a mailbox; false when nothing changed."""
    with transaction.atomic():
        mailbox = Mailbox.objects.select_for_update().get(pk=mailbox_id)
        if mailbox.is_active == watched:
            return False
        mailbox.is_active = watched
        mailbox.save(update_fields=["is_active"])
        name = "mailbox.resume" if watched else "mailbox.pause"
        record(action=name, by=by, at=at, subject=mailbox)
    return True


def set_daily_limit(
    *, mailbox_id: int, daily_send_limit: int | None, by: Doer, at: datetime
) -> None:
    """Notes how many emails its provider lets a mailbox send a day; None: nobody knows."""
    with transaction.atomic():
        mailbox = Mailbox.objects.select_for_update().get(pk=mailbox_id)
        mailbox.daily_send_limit = daily_send_limit
        mailbox.save(update_fields=["daily_send_limit"])
        detail = {"daily_send_limit": daily_send_limit}
        record(action="mailbox.daily_limit", by=by, at=at, subject=mailbox, detail=detail)


def replay(*, arrival_ids: Sequence[int], by: Doer, at: datetime) -> int:
    """Puts mail that was set aside back in line to be read anew; how many."""
    with transaction.atomic():
        count = receive.replay(arrival_ids=arrival_ids, at=at)
        if count:
            detail = {"arrivals": list(arrival_ids), "count": count}
            record(action="set_aside.replay", by=by, at=at, detail=detail)
    return count


def discard(*, arrival_ids: Sequence[int], reason: str, by: Doer, at: datetime) -> int:
    """Ends mail that was set aside, for a reason that stays with it; how many.

    The raw mail is kept. Raises ReasonMissingError.
    """
    if not reason.strip():
        raise ReasonMissingError(_("Please say why this email needs nothing more."))
    with transaction.atomic():
        count = receive.discard(arrival_ids=arrival_ids, reason=reason.strip())
        if count:
            detail = {"arrivals": list(arrival_ids), "count": count}
            record(action="set_aside.discard", by=by, at=at, detail=detail)
    return count
