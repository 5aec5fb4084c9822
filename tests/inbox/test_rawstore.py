"""Raw mail is kept whole, once, under its own name, and a broken file is noticed."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
import zlib
from pathlib import Path

import pytest

from inbox.rawstore import DamagedRaw, MissingRaw, RawStore, RawTooLargeError, unpack

MAIL = b"Subject: Help\r\n\r\nI cannot log in.\r\n"
SHA = hashlib.sha256(MAIL).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> RawStore:
    return RawStore(tmp_path / "raw")


def files(store: RawStore) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file()]


def test_a_mail_comes_back_byte_for_byte_under_its_sha256(store: RawStore) -> None:
    assert store.put(MAIL) == SHA
    assert store.read(SHA) == MAIL
    assert store.path(SHA) == store.root / SHA[:2] / SHA[2:4] / f"{SHA}.z"


def test_the_same_mail_twice_is_one_file_that_is_not_written_again(store: RawStore) -> None:
    store.put(MAIL)
    before = store.path(SHA).stat()
    assert store.put_many([MAIL, MAIL]) == [SHA, SHA]
    after = store.path(SHA).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert files(store) == [store.path(SHA)]


def test_many_mails_come_back_in_the_order_they_were_given(store: RawStore) -> None:
    mails = [b"%d" % number for number in range(50)]
    assert [store.read(name) for name in store.put_many(mails)] == mails


def test_an_empty_mail_is_a_mail(store: RawStore) -> None:
    assert store.read(store.put(b"")) == b""


def test_a_mail_that_is_not_there_is_named_missing(store: RawStore) -> None:
    assert not store.exists(SHA)
    with pytest.raises(MissingRaw, match=SHA):
        store.read(SHA)


@pytest.mark.parametrize(
    "content", [b"", b"no zlib", zlib.compress(b"other"), zlib.compress(MAIL)[:-3]]
)
def test_a_damaged_file_is_noticed_and_replaced_at_the_next_delivery(
    store: RawStore, content: bytes
) -> None:
    store.put(MAIL)
    store.path(SHA).write_bytes(content)
    with pytest.raises(DamagedRaw):
        store.read(SHA)
    store.put(MAIL)
    assert store.read(SHA) == MAIL


def test_a_file_that_would_unpack_beyond_the_limit_is_refused(store: RawStore) -> None:
    name = store.put(bytes(2_000_000))
    assert store.path(name).stat().st_size < 20_000
    with pytest.raises(RawTooLargeError):
        unpack(store.path(name), limit=1_000_000)


def test_a_full_disk_leaves_no_half_file(store: RawStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.put(MAIL)
    assert files(store) == []


def test_ten_writers_of_one_mail_leave_one_whole_file(store: RawStore) -> None:
    writers = [threading.Thread(target=store.put, args=(MAIL,)) for _ in range(10)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert store.read(SHA) == MAIL
    assert files(store) == [store.path(SHA)]


@pytest.mark.parametrize(
    ("failpoint", "is_there"), [("raw.before_rename", False), ("raw.after_rename", True)]
)
def test_killed_around_the_rename_the_mail_is_whole_or_not_there(
    store: RawStore, failpoint: str, is_there: bool
) -> None:
    program = f"from inbox.rawstore import *; RawStore({str(store.root)!r}).put({MAIL!r})"
    environment = {**os.environ, "PYTHONPATH": os.getcwd(), "MUSTER_FAILPOINT": failpoint}
    ended = subprocess.run([sys.executable, "-c", program], env=environment, timeout=60)
    assert ended.returncode == -signal.SIGKILL
    assert store.exists(SHA) is is_there
    store.put(MAIL)
    assert store.read(SHA) == MAIL


def test_free_bytes_is_what_the_disk_says(store: RawStore) -> None:
    assert 0 < store.free_bytes() < 1 << 60
