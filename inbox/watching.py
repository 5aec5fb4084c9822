"""Waiting for mail: a thread a mailbox, IDLE where the server can, else a look every 5 seconds."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress

import structlog
from django.db import DatabaseError, connection
from django.utils import timezone

from inbox.books import DiskFullError, fetch_next, folder_in_force, list_next
from inbox.imap import ImapError, ImapSession
from inbox.mailboxes import (
    INBOX,
    MailboxError,
    imap_session,
    note_failure,
    note_heard,
)
from inbox.models import Mailbox

POLL_SECONDS = 5.0
# RFC 2177 asks for less than 29 minutes. Far less, because some servers tell late, or never, of a
# mail that came between our last look and IDLE; each look also proves that the server still lives.
IDLE_SECONDS = 30.0
# Mail rarely comes alone: after some came, we look again soon.
SECOND_LOOK_SECONDS = 2.0
_SLICE_SECONDS = 2.0
_ROSTER_SECONDS = 5.0
_TROUBLE = (ImapError, MailboxError, DiskFullError, DatabaseError)

log = structlog.get_logger("muster.watch")


def catch_up(mailbox: Mailbox, opened: ImapSession, *, stop: Callable[[], bool]) -> int:
    """Lists and fetches everything that is new in INBOX; how many mails were stored."""
    stored = 0
    state = opened.examine(INBOX)
    folder = folder_in_force(
        mailbox=mailbox, name=INBOX, opened=opened, state=state, at=timezone.now()
    )
    more = True
    while more and not stop():
        while not stop() and (count := fetch_next(folder, opened, at=timezone.now())):
            stored += count
        more = list_next(folder, opened, state, at=timezone.now()) >= 0
    note_heard(mailbox, at=timezone.now())
    return stored


def catch_up_once(mailbox: Mailbox) -> int:
    """Connects, takes in everything new and leaves; raises MailboxError with one sentence."""
    try:
        with imap_session(mailbox) as opened:
            return catch_up(mailbox, opened, stop=lambda: False)
    except (ImapError, MailboxError, DiskFullError) as error:
        note_failure(mailbox, str(error), at=timezone.now())
        raise MailboxError(str(error)) from error


def watch(mailbox_id: int, stop: threading.Event) -> None:
    """Takes in one mailbox until told to stop, coming back by itself after every trouble."""
    while not stop.is_set():
        mailbox = Mailbox.objects.filter(pk=mailbox_id, is_active=True).first()
        if mailbox is None:
            return
        try:
            with imap_session(mailbox) as opened:
                _stay(mailbox, opened, stop)
        except _TROUBLE as error:
            if not stop.is_set():  # else the server went down with us: nothing to hold against it
                _pause(mailbox, error, stop)
        finally:
            connection.close()


def _stay(mailbox: Mailbox, opened: ImapSession, stop: threading.Event) -> None:
    """Catches up and waits, as long as the connection and the mailbox's settings last."""
    idles = opened.can_idle()
    idle_seconds = SECOND_LOOK_SECONDS
    while not stop.is_set():
        stored = catch_up(mailbox, opened, stop=stop.is_set)
        if _changed(mailbox):
            return
        connection.close()  # a waiting thread needs no place in the pool
        if idles:
            _idle(opened, stop, SECOND_LOOK_SECONDS if stored else idle_seconds)
            idle_seconds = IDLE_SECONDS
        else:
            stop.wait(POLL_SECONDS)


def _changed(mailbox: Mailbox) -> bool:
    now = Mailbox.objects.filter(pk=mailbox.pk).values_list("imap_url", "secret", "is_active")
    return [(url, bytes(secret), active) for url, secret, active in now] != [
        (mailbox.imap_url, bytes(mailbox.secret), True)
    ]


def _idle(opened: ImapSession, stop: threading.Event, seconds: float) -> None:
    with opened.idling() as idle:
        waited = 0.0
        while waited < seconds and not stop.is_set():
            if idle.news(seconds=_SLICE_SECONDS):
                return
            waited += _SLICE_SECONDS


def _pause(mailbox: Mailbox, error: Exception, stop: threading.Event) -> None:
    sentence = str(error)
    if isinstance(error, DatabaseError):
        sentence = "The database did not answer; fetching goes on by itself."
    wait = POLL_SECONDS
    with suppress(DatabaseError):
        wait = note_failure(mailbox, sentence, at=timezone.now()).total_seconds()
    end = time.monotonic() + wait
    while time.monotonic() < end and not _wanted_now(mailbox):
        connection.close()
        if stop.wait(min(_SLICE_SECONDS, wait)):
            return


def _wanted_now(mailbox: Mailbox) -> bool:
    """Whether the wait is over, or somebody has changed the mailbox meanwhile."""
    with suppress(DatabaseError):
        waiting = Mailbox.objects.filter(pk=mailbox.pk, retry_at__gt=timezone.now())
        return not waiting.exists()
    return False


class Watcher:
    """Keeps one thread for each active mailbox; mailboxes may come and go meanwhile."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._threads: dict[int, threading.Thread] = {}

    def run(self) -> None:
        """Watches until told to stop; a thread that died is started again."""
        while not self._stop.is_set():
            with suppress(DatabaseError):
                self._start_missing()
            connection.close()
            self._stop.wait(_ROSTER_SECONDS)
        for thread in self._threads.values():
            thread.join(timeout=_SLICE_SECONDS * 2)

    def _start_missing(self) -> None:
        active = Mailbox.objects.filter(is_active=True, kind=Mailbox.Kind.SERVER)
        for mailbox_id in active.values_list("pk", flat=True):
            thread = self._threads.get(mailbox_id)
            if thread is None or not thread.is_alive():
                thread = threading.Thread(
                    target=watch,
                    args=(mailbox_id, self._stop),
                    name=f"mailbox-{mailbox_id}",
                    daemon=True,
                )
                self._threads[mailbox_id] = thread
                thread.start()
