"""The books of a folder: each UID listed before it is fetched, each body stored before its row."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F

from inbox.failpoints import failpoint
from inbox.imap import ImapError, ImapSession
from inbox.jobs import ring
from inbox.mailboxes import find_start, open_folder
from inbox.models import Arrival, Folder, Mailbox
from inbox.rawstore import RawStore
from inbox.sync import (
    COMMIT_BYTES,
    COMMIT_COUNT,
    FETCH_BYTES,
    FETCH_COUNT,
    FolderState,
    ListedMail,
    batches,
    next_range,
)

LEAST_FREE_BYTES = 200 * 1024 * 1024
_RENUMBERED = "The server renumbered this folder before the email was fetched."

log = structlog.get_logger("muster.books")


class DiskFullError(Exception):
    """Too little room for raw mail; nothing is fetched until there is more."""


def raw_store() -> RawStore:
    """Where this installation keeps raw mail."""
    return RawStore(Path(settings.MUSTER_DATA_DIR) / "raw")


def folder_in_force(
    *, mailbox: Mailbox, name: str, opened: ImapSession, state: FolderState, at: datetime
) -> Folder:
    """Gives the books of the folder as the server numbers it now.

    A new UIDVALIDITY (RFC 3501, 2.3.1.1) makes every known UID void: the former books are closed
    and new ones begin at the same moment in time as the former did. What was fetched before is
    met again by its bytes.
    """
    former = Folder.objects.filter(mailbox=mailbox, name=name, is_current=True).first()
    if former is not None and former.uidvalidity == state.uidvalidity:
        return former
    start_at = former.start_at if former else None
    begin = find_start(opened, state, start_at=start_at)
    with transaction.atomic():
        if former is not None:
            Folder.objects.filter(pk=former.pk).update(is_current=False)
            former.arrivals.filter(state=Arrival.State.LISTED).update(
                state=Arrival.State.GONE, reason=_RENUMBERED, due_at=None
            )
        fresh = open_folder(mailbox=mailbox, name=name, begin=begin, at=at)
    log.warning("folder renumbered by its server", folder=fresh.pk, mailbox=mailbox.pk)
    return fresh


def list_next(folder: Folder, opened: ImapSession, state: FolderState, *, at: datetime) -> int:
    """Writes an Arrival for each new UID of the next range and moves the cursor; how many.

    Returns -1 when nothing is left to list. Repeating it, or doing it from two processes at
    once, leaves one row a UID.
    """
    empty = 0
    while wanted := next_range(state, cursor=folder.listed_uid, empty_so_far=empty):
        listed = opened.list_range(wanted.first, wanted.last)
        end = wanted.last or max((mail.uid for mail in listed), default=folder.listed_uid)
        _write_listed(folder, listed, end, at)
        failpoint("receive.after_listed")
        if listed:
            return len(listed)
        if wanted.last is None:
            break
        empty += 1
    return -1


def _write_listed(folder: Folder, listed: Sequence[ListedMail], end: int, at: datetime) -> None:
    rows = [
        Arrival(
            folder=folder,
            uid=mail.uid,
            internal_date=mail.internal_date,
            size=mail.size,
            listed_at=at,
            due_at=at,
        )
        for mail in listed
    ]
    with transaction.atomic():
        Arrival.objects.bulk_create(rows, ignore_conflicts=True)
        Folder.objects.filter(pk=folder.pk, listed_uid__lt=end).update(listed_uid=end)
    folder.listed_uid = max(folder.listed_uid, end)


def fetch_next(folder: Folder, opened: ImapSession, *, at: datetime) -> int:
    """Fetches and stores the next mails of the folder, oldest first; how many; 0 when none is due.

    Up to 500 mails and 32 MB are committed together, asked for in hundreds. What breaks the
    connection is asked for again in tens, then alone, then ever more rarely, after all the others.
    Raises ImapError or DiskFullError.
    """
    due = folder.arrivals.filter(state=Arrival.State.LISTED, due_at__lte=at)
    tries = due.order_by("attempts").values_list("attempts", flat=True).first()
    if tries is None:
        return 0
    rows = due.filter(attempts=tries).order_by("uid").only("pk", "uid", "size")[:COMMIT_COUNT]
    chosen = next(batches([(row, row.size) for row in rows], count=COMMIT_COUNT, size=COMMIT_BYTES))
    store = raw_store()
    if store.free_bytes() < LEAST_FREE_BYTES + sum(row.size for row in chosen):
        raise DiskFullError(
            "The disk for raw mail is nearly full: fetching waits until there is room."
        )
    at_once = {0: FETCH_COUNT, 1: FETCH_COUNT // 10}.get(tries, 1)
    cut = batches([(row, row.size) for row in chosen], count=at_once, size=FETCH_BYTES)
    _fetch_and_store(cut, opened, store, at)
    return len(chosen)


def _fetch_and_store(
    cut: Iterable[list[Arrival]], opened: ImapSession, store: RawStore, at: datetime
) -> None:
    fetched: list[Arrival] = []
    missing: list[Arrival] = []
    try:
        for batch in cut:
            try:
                raws = {mail.uid: mail.raw for mail in opened.fetch([row.uid for row in batch])}
            except ImapError:
                _ask_later(batch, at)
                raise
            failpoint("receive.after_fetched")
            present = [row for row in batch if row.uid in raws]
            _put(present, raws, store)
            fetched += present
            missing += [row for row in batch if row.uid not in raws]
    finally:
        _write_stored(fetched, at)
    _write_missing(missing, opened, at)


def _put(rows: list[Arrival], raws: Mapping[int, bytes], store: RawStore) -> None:
    try:
        names = store.put_many([raws[row.uid] for row in rows])
    except OSError as error:
        raise DiskFullError(f"Raw mail cannot be written ({error.strerror}).") from error
    for row, name in zip(rows, names, strict=True):
        row.raw_sha256, row.size = name, len(raws[row.uid])


def _write_stored(rows: list[Arrival], at: datetime) -> None:
    """One row a mail turns from listed to stored; whoever comes second changes nothing."""
    if not rows:
        return
    failpoint("receive.after_stored")
    for row in rows:
        row.state, row.due_at, row.attempts = Arrival.State.STORED, at, 0
    with transaction.atomic():
        Arrival.objects.filter(state=Arrival.State.LISTED).bulk_update(
            rows, ["raw_sha256", "size", "state", "due_at", "attempts"]
        )
        ring("parse")


def _write_missing(rows: list[Arrival], opened: ImapSession, at: datetime) -> None:
    """What the server did not hand over is gone only if the server says so when asked again."""
    if not rows:
        return
    there = opened.still_there([row.uid for row in rows])
    gone = [row.pk for row in rows if row.uid not in there]
    Arrival.objects.filter(pk__in=gone, state=Arrival.State.LISTED).update(
        state=Arrival.State.GONE,
        reason="The email was removed from the server before it was fetched.",
        due_at=None,
    )
    _ask_later([row for row in rows if row.uid in there], at)


def _ask_later(rows: Sequence[Arrival], at: datetime) -> None:
    """Raises the count of tries; from the fourth on, the next try waits up to a quarter hour."""
    pks = [row.pk for row in rows]
    listed = Arrival.objects.filter(pk__in=pks, state=Arrival.State.LISTED)
    listed.update(attempts=F("attempts") + 1)
    for minutes, tries in ((1, 4), (5, 6), (15, 8)):
        listed.filter(attempts__gte=tries).update(due_at=at + timedelta(minutes=minutes))
