"""The mailbox account itself: its addresses, its secret, its start, and how it fares."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db.models import F

from inbox.addresses import WrongImapUrlError, imap_address
from inbox.imap import ImapError, ImapSession, session
from inbox.models import Folder, Mailbox
from inbox.smtp import Connection, ServerTrouble, WrongSmtpUrl, parse_smtp_url
from inbox.sync import FolderState, first_uid_since

INBOX = "INBOX"
IMPORT_ADDRESS = "import"
_FIRST_WAIT_SECONDS = 2.0
_LONGEST_WAIT = timedelta(minutes=5)
_CHUNK = 500
_SERVER_FIELDS = ["kind", "imap_url", "smtp_url", "secret"]

log = structlog.get_logger("muster.mailbox")


class MailboxError(Exception):
    """A mailbox cannot be used as it is set up; the message is one sentence for people."""


@dataclass(frozen=True)
class Opening:
    """Where the books of a folder begin: everything below `start_uid` stays untouched."""

    uidvalidity: int
    start_uid: int
    start_at: datetime | None
    before_start: int
    exists: int

    @property
    def taken_in(self) -> int:
        """How many mails lie on the server from the start on."""
        return self.exists - self.before_start


def sealed(password: str) -> bytes:
    """The password as it is stored: encrypted with the newest of MUSTER_SECRETS_KEY."""
    return _keys().encrypt(json.dumps({"password": password}).encode())


def password_of(mailbox: Mailbox) -> str:
    """The stored password, "" for none; raises MailboxError when no key opens it."""
    if not mailbox.secret:
        return ""
    try:
        opened = json.loads(_keys().decrypt(bytes(mailbox.secret)))
    except InvalidToken as error:
        raise MailboxError(
            "The stored password cannot be opened with MUSTER_SECRETS_KEY. "
            "Put the former key behind the new one, or enter the password again."
        ) from error
    return str(opened["password"])


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.MUSTER_SECRETS_KEYS])


@contextmanager
def imap_session(mailbox: Mailbox) -> Iterator[ImapSession]:
    """A logged-in connection to the mailbox; raises ImapError or MailboxError."""
    with _connected(mailbox.imap_url, password_of(mailbox)) as opened:
        yield opened


@contextmanager
def _connected(imap_url: str, password: str) -> Iterator[ImapSession]:
    try:
        server = imap_address(imap_url)
    except WrongImapUrlError as error:
        raise MailboxError(str(error)) from error
    with session(server, password) as opened:
        yield opened


def try_smtp(smtp_url: str, password: str, *, address: str) -> None:
    """Logs in to the outgoing server and leaves; raises MailboxError with a sentence."""
    try:
        server = parse_smtp_url(smtp_url, password=password, hello=address.rpartition("@")[2])
        Connection(server).close()
    except WrongSmtpUrl as error:
        raise MailboxError(str(error)) from error
    except ServerTrouble as error:
        raise MailboxError(f"Outgoing mail: {error.words}") from error


def opening(
    imap_url: str, password: str, *, start_at: datetime | None, from_now: bool = False
) -> Opening:
    """Logs in and finds where the books of INBOX would begin; raises MailboxError.

    `start_at` is when the first mail to take in was received; None takes in every mail. With
    `from_now` it is the present moment, and no mail that is there is looked at.
    """
    try:
        with _connected(imap_url, password) as opened:
            state = opened.examine(INBOX)
            return find_start(opened, state, start_at=start_at, from_now=from_now)
    except ImapError as error:
        raise MailboxError(f"Incoming mail: {error}") from error


def find_start(
    opened: ImapSession, state: FolderState, *, start_at: datetime | None, from_now: bool = False
) -> Opening:
    """Resolves a start to a UID of the examined folder, by the time the server received a mail."""
    if start_at is None:
        return Opening(state.uidvalidity, 1, None, 0, state.exists)
    uids = opened.all_uids(state.exists) if state.exists else []
    end = max(state.uidnext, uids[-1] + 1 if uids else 1)
    start_uid = end if from_now else _first_uid(opened, state, start_at) or end
    before = sum(1 for uid in uids if uid < start_uid)
    return Opening(state.uidvalidity, start_uid, start_at, before, len(uids))


def _first_uid(opened: ImapSession, state: FolderState, start_at: datetime) -> int | None:
    """SEARCH knows days only, and in a zone of its own: a day earlier, then to the second."""
    candidates = opened.uids_since(_day_before(start_at), state.exists)
    for index in range(0, len(candidates), _CHUNK):
        chunk = candidates[index : index + _CHUNK]
        found = first_uid_since(opened.list_range(chunk[0], chunk[-1]), start_at)
        if found is not None:
            return found
    return None


def _day_before(moment: datetime) -> date:
    return (moment - timedelta(days=1)).date()


def open_mailbox(
    *,
    address: str,
    imap_url: str,
    smtp_url: str,
    password: str,
    begin: Opening,
    at: datetime,
) -> Mailbox:
    """Writes down a new mailbox with the start of its books; call it inside a transaction.

    A mailbox that so far only held imported mail becomes one with servers. Raises MailboxError
    when there is one with servers already.
    """
    mailbox = Mailbox.objects.filter(address__iexact=address).first()
    if mailbox is not None and mailbox.kind == Mailbox.Kind.SERVER:
        raise MailboxError(f"The mailbox {address} is already here.")
    mailbox = mailbox or Mailbox(address=address, created_at=at)
    mailbox.kind = Mailbox.Kind.SERVER
    mailbox.imap_url, mailbox.smtp_url = imap_url, smtp_url
    mailbox.secret = sealed(password)
    mailbox.save(update_fields=None if mailbox.pk is None else _SERVER_FIELDS)
    open_folder(mailbox=mailbox, name=INBOX, begin=begin, at=at)
    return mailbox


def open_folder(*, mailbox: Mailbox, name: str, begin: Opening, at: datetime) -> Folder:
    """Writes down the books of one folder, with nothing listed yet."""
    return Folder.objects.create(
        mailbox=mailbox,
        name=name,
        uidvalidity=begin.uidvalidity,
        start_uid=begin.start_uid,
        start_at=begin.start_at,
        before_start=begin.before_start,
        listed_uid=begin.start_uid - 1,
        opened_at=at,
    )


def note_heard(mailbox: Mailbox, *, at: datetime) -> None:
    """Writes down that the server answered; a failure before it is over."""
    if mailbox.failing_since is not None:
        log.info("mailbox works again", mailbox=mailbox.pk)
    mailbox.last_heard_at, mailbox.failing_since, mailbox.retry_at = at, None, None
    mailbox.failure, mailbox.failures = "", 0
    Mailbox.objects.filter(pk=mailbox.pk).update(
        last_heard_at=at, failing_since=None, failure="", failures=0, retry_at=None
    )


def note_failure(mailbox: Mailbox, sentence: str, *, at: datetime) -> timedelta:
    """Writes down why the mailbox cannot be read and gives how long to wait until the next try.

    The wait doubles up to five minutes, each time off by up to a quarter, so that many mailboxes
    do not come back at once. Only the first failure of a row of them is logged.
    """
    if mailbox.failing_since is None:
        log.warning("mailbox cannot be read", mailbox=mailbox.pk, reason=sentence)
    mailbox.failing_since = mailbox.failing_since or at
    mailbox.failures += 1
    wait = min(
        _LONGEST_WAIT, timedelta(seconds=_FIRST_WAIT_SECONDS * 2 ** min(mailbox.failures - 1, 12))
    )
    wait *= random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, protects nothing
    Mailbox.objects.filter(pk=mailbox.pk).update(
        failure=sentence[:500],
        failing_since=mailbox.failing_since,
        failures=F("failures") + 1,
        retry_at=at + wait,
    )
    return wait
