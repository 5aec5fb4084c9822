"""Mail from files (.eml, mbox, Maildir, folders of them) into the same books as fetched mail."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from inbox.books import raw_store
from inbox.failpoints import failpoint
from inbox.jobs import ring
from inbox.mailboxes import IMPORT_ADDRESS
from inbox.models import Arrival, Folder, Mailbox
from inbox.sync import COMMIT_BYTES, COMMIT_COUNT

FOLDER = "import"
# The line that begins each mail of an mbox carries an asctime date; "From here on ..." does not.
_MBOX_LINE = re.compile(rb"From \S{1,300}.{0,40}\d{1,2}:\d{2}.{0,20}\b\d{4}\b")
_QUOTED_FROM = re.compile(rb"^>(>*From )")


@dataclass(frozen=True)
class FoundMail:
    """One mail in a file, and when it was received, where the file tells."""

    raw: bytes
    received_at: datetime | None = None


@dataclass
class Imported:
    """What an import did: mails seen, newly stored, known before, and files it could not read."""

    mails: int = 0
    stored: int = 0
    known: int = 0
    unreadable: list[str] = field(default_factory=list)


def mails_in(paths: Iterable[Path], unreadable: list[str]) -> Iterator[FoundMail]:
    """Gives every mail in these files and folders, in the order of their names.

    A file that is no mbox is one mail, whatever it holds. Names of files that cannot be read are
    added to `unreadable`.
    """
    for path in paths:
        try:
            if path.is_dir():
                yield from _in_folder(path, unreadable)
            else:
                yield from _in_file(path)
        except OSError:
            unreadable.append(str(path))


def _in_folder(folder: Path, unreadable: list[str]) -> Iterator[FoundMail]:
    entries = sorted(folder.iterdir())
    if (folder / "cur").is_dir() and (folder / "new").is_dir():
        yield from _in_maildir(folder, unreadable)
        entries = [
            entry for entry in entries if entry.is_dir() and entry.name not in ("cur", "new", "tmp")
        ]
    else:
        entries = [entry for entry in entries if not entry.name.startswith(".")]
    yield from mails_in((entry for entry in entries if not _leads_back(entry)), unreadable)


def _leads_back(entry: Path) -> bool:
    return entry.is_symlink() and entry.is_dir()


def _in_maildir(folder: Path, unreadable: list[str]) -> Iterator[FoundMail]:
    files = [file for part in ("cur", "new") for file in (folder / part).iterdir()]
    for file in sorted(files, key=lambda file: file.name):
        try:
            moment = datetime.fromtimestamp(file.stat().st_mtime, UTC)
            yield FoundMail(file.read_bytes(), moment)
        except OSError:
            unreadable.append(str(file))


def _in_file(path: Path) -> Iterator[FoundMail]:
    with path.open("rb") as file:
        first = file.readline(1_000)
        file.seek(0)
        if not _MBOX_LINE.match(first):
            yield FoundMail(file.read())
            return
        yield from _in_mbox(file)


def _in_mbox(lines: Iterable[bytes]) -> Iterator[FoundMail]:
    """Cuts at From_ lines that follow an empty line, and takes one `>` off `>From ` (mboxrd)."""
    mail: list[bytes] | None = None
    after_gap = True
    for line in lines:
        if after_gap and _MBOX_LINE.match(line):
            if mail is not None:
                yield FoundMail(_without_last_gap(mail))
            mail = []
        elif mail is not None:
            mail.append(_QUOTED_FROM.sub(rb"\1", line))
        after_gap = not line.strip(b"\r\n")
    if mail is not None:
        yield FoundMail(_without_last_gap(mail))


def _without_last_gap(lines: list[bytes]) -> bytes:
    return b"".join(lines[:-1] if lines and not lines[-1].strip(b"\r\n") else lines)


def import_mailbox(address: str, *, at: datetime) -> Mailbox:
    """The mailbox that imported mail goes to; made at need, then without servers."""
    wanted = address or IMPORT_ADDRESS
    known = Mailbox.objects.filter(address__iexact=wanted).first()
    return known or Mailbox.objects.create(address=wanted, kind=Mailbox.Kind.IMPORT, created_at=at)


def import_mails(
    mails: Iterable[FoundMail],
    *,
    mailbox: Mailbox,
    clock: Callable[[], datetime],
    told: Callable[[Imported], None] = lambda imported: None,
) -> Imported:
    """Stores mails that this mailbox does not have yet; they are parsed like fetched ones.

    Repeating an import, or a killed one, stores nothing twice: the same bytes are the same mail.
    """
    folder, _ = Folder.objects.get_or_create(
        mailbox=mailbox,
        name=FOLDER,
        uidvalidity=1,
        defaults={"start_uid": 1, "opened_at": clock()},
    )
    imported = Imported()
    for batch in _batches(mails):
        stored = _store(batch, folder, clock())
        imported.mails += len(batch)
        imported.stored += stored
        imported.known += len(batch) - stored
        told(imported)
    return imported


def _batches(mails: Iterable[FoundMail]) -> Iterator[list[FoundMail]]:
    batch: list[FoundMail] = []
    filled = 0
    for mail in mails:
        batch.append(mail)
        filled += len(mail.raw)
        if len(batch) >= COMMIT_COUNT or filled >= COMMIT_BYTES:
            yield batch
            batch, filled = [], 0
    if batch:
        yield batch


def _store(batch: Sequence[FoundMail], folder: Folder, at: datetime) -> int:
    by_name = {hashlib.sha256(mail.raw).hexdigest(): mail for mail in batch}
    new = {name: by_name[name] for name in by_name.keys() - _known(by_name, folder)}
    names = raw_store().put_many([mail.raw for mail in new.values()])
    failpoint("receive.after_stored")
    with transaction.atomic():
        home = Folder.objects.select_for_update().get(pk=folder.pk)
        # Another import may have stored some of them while we wrote the bytes.
        fresh = [name for name in by_name if name in set(names) - _known(new, folder)]
        rows = [
            _arrival(home, home.listed_uid + number, name, new[name], at)
            for number, name in enumerate(fresh, start=1)
        ]
        Arrival.objects.bulk_create(rows)
        Folder.objects.filter(pk=home.pk).update(listed_uid=home.listed_uid + len(rows))
        ring("parse")
    return len(rows)


def _known(names: Iterable[str], folder: Folder) -> set[str]:
    rows = Arrival.objects.filter(folder__mailbox=folder.mailbox_id, raw_sha256__in=list(names))
    return set(rows.values_list("raw_sha256", flat=True))


def _arrival(folder: Folder, uid: int, name: str, mail: FoundMail, at: datetime) -> Arrival:
    return Arrival(
        folder=folder,
        uid=uid,
        state=Arrival.State.STORED,
        internal_date=min(mail.received_at or at, at),
        size=len(mail.raw),
        raw_sha256=name,
        due_at=at,
        listed_at=at,
    )
