"""Server and books side by side, now: what is there, what we have, what is missing."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from inbox.imap import ImapError
from inbox.mailboxes import INBOX, MailboxError, imap_session
from inbox.models import Arrival, Folder, Mailbox

_HELD = [
    Arrival.State.STORED,
    Arrival.State.PARSED,
    Arrival.State.QUARANTINED,
    Arrival.State.DISCARDED,
]


@dataclass(frozen=True)
class Reconciliation:
    """One mailbox as the server shows it at this moment, against our books.

    `missing` lies on the server since our start and not with us; `only_here` is with us and no
    longer on the server. `problem` says why the server could not be asked, else it is empty.
    """

    address: str
    at: datetime
    on_server: int = 0
    before_start: int = 0
    stored: int = 0
    quarantined: int = 0
    missing: int = 0
    only_here: int = 0
    renumbered: bool = False
    problem: str = ""


def reconcile(mailbox: Mailbox, *, at: datetime) -> Reconciliation:
    """Asks the server for every UID of INBOX and compares; changes nothing."""
    try:
        with imap_session(mailbox) as opened:
            state = opened.examine(INBOX)
            uids = set(opened.all_uids(state.exists)) if state.exists else set()
    except (ImapError, MailboxError) as error:
        return Reconciliation(mailbox.address, at, problem=str(error))
    folder = Folder.objects.filter(mailbox=mailbox, name=INBOX, is_current=True).first()
    if folder is None:
        return Reconciliation(mailbox.address, at, len(uids), missing=len(uids))
    if folder.uidvalidity != state.uidvalidity:
        return Reconciliation(
            mailbox.address,
            at,
            len(uids),
            missing=len(uids),
            renumbered=True,
            problem=_("The server has renumbered its emails; the next fetch looks at all again."),
        )
    return _compare(mailbox, folder, uids, at)


def _compare(mailbox: Mailbox, folder: Folder, uids: set[int], at: datetime) -> Reconciliation:
    rows = dict(folder.arrivals.filter(state__in=_HELD).values_list("uid", "state"))
    here = uids & rows.keys()
    before = {uid for uid in uids - rows.keys() if uid < folder.start_uid}
    set_aside = {
        uid for uid in here if rows[uid] in {Arrival.State.QUARANTINED, Arrival.State.DISCARDED}
    }
    return Reconciliation(
        address=mailbox.address,
        at=at,
        on_server=len(uids),
        before_start=len(before),
        stored=len(here - set_aside),
        quarantined=len(set_aside),
        missing=len(uids - here - before),
        only_here=len(rows.keys() - uids),
    )
