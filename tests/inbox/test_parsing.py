"""The pool: every request gets one result, whatever hangs, dies, or is killed from outside."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox import parse_child, parsing
from inbox.parsing import ExtractionError, ParsePool, ParseRequest, extract_attachment
from inbox.rawstore import RawStore
from tests.inbox.test_parse_child import wait_until_gone

PARENT = """
import os, signal, time
from pathlib import Path
from inbox.parsing import ParsePool, ParseRequest
pool = ParsePool(2)
list(pool.parse([ParseRequest(1, Path({path!r}))]))
for pid in pool.pids():
    while not (worker := Path(f"/proc/{{pid}}/task/{{pid}}/children").read_text()):
        time.sleep(0.05)
    print(pid, worker, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def mail(number: int) -> bytes:
    return b"From: ann@customer.example\r\nSubject: %d\r\n\r\nI cannot log in.\r\n" % number


@pytest.fixture
def store(tmp_path: Path) -> RawStore:
    return RawStore(tmp_path / "raw")


@pytest.fixture(scope="module")
def pool() -> Iterator[ParsePool]:
    """One for all tests: it has to recover from each of them."""
    with ParsePool(2) as pool:
        yield pool


@pytest.fixture
def new_pool() -> Iterator[ParsePool]:
    with ParsePool(2) as pool:
        yield pool


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """A file whose reading never ends."""
    os.mkfifo(tmp_path / "endless")
    return tmp_path / "endless"


def requests(store: RawStore, count: int) -> list[ParseRequest]:
    names = store.put_many([mail(number) for number in range(count)])
    return [ParseRequest(number, store.path(name)) for number, name in enumerate(names)]


def test_every_mail_comes_back_under_its_own_number(pool: ParsePool, store: RawStore) -> None:
    results = {result.id: result for result in pool.parse(requests(store, 60))}
    assert sorted(results) == list(range(60))
    assert all(r.mail and r.mail.subject == str(r.id) for r in results.values())
    assert pool.in_work == 0


def test_a_pool_has_two_children_at_least(store: RawStore) -> None:
    with ParsePool(1) as pool:
        list(pool.parse(requests(store, 1)))
        assert len(pool.pids()) == 2


def test_a_mail_that_is_missing_fails_with_a_reason(pool: ParsePool, store: RawStore) -> None:
    (result,) = pool.parse([ParseRequest(4, store.path("0" * 64))])
    assert (result.id, result.mail, result.outcome) == (4, None, "failed")
    assert result.reason == parse_child.NOT_STORED


def test_a_first_try_that_hangs_fails_after_a_second_and_the_rest_is_done(
    pool: ParsePool, store: RawStore, endless: Path
) -> None:
    batch = requests(store, 20)
    list(pool.parse(batch[:1]))
    began = time.monotonic()
    results = list(pool.parse([ParseRequest(99, endless), *batch]))
    assert [result.id for result in results if result.outcome == "failed"] == [99]
    assert len(results) == 21
    assert 1 <= time.monotonic() - began < 4


def test_behind_twenty_mails_that_hang_the_next_is_parsed_within_fifteen_seconds(
    pool: ParsePool, store: RawStore, endless: Path
) -> None:
    bombs = [ParseRequest(100 + number, endless) for number in range(20)]
    began = time.monotonic()
    for result in pool.parse([*bombs, *requests(store, 1)]):
        if result.id == 0:
            assert result.outcome == "parsed"
            assert time.monotonic() - began < 15
        else:
            assert result.outcome == "failed"


def test_later_tries_never_take_the_last_child(
    new_pool: ParsePool, store: RawStore, endless: Path
) -> None:
    new_pool.submit([ParseRequest(100 + number, endless, attempt=2) for number in range(5)])
    began = time.monotonic()
    results = list(new_pool.parse(requests(store, 20)))
    assert {result.outcome for result in results} == {"parsed"}
    assert time.monotonic() - began < 10
    assert new_pool.in_work == 5


def test_a_child_killed_from_outside_costs_at_most_the_mail_it_held(
    pool: ParsePool, store: RawStore
) -> None:
    batch = requests(store, 300)
    results = []
    for result in pool.parse(batch):
        results.append(result)
        if len(results) == 50:
            os.kill(pool.pids()[0], signal.SIGKILL)
    assert sorted(result.id for result in results) == list(range(300))
    assert sum(result.outcome == "failed" for result in results) <= 1


def test_children_killed_while_idle_are_replaced(pool: ParsePool, store: RawStore) -> None:
    batch = requests(store, 30)
    list(pool.parse(batch))
    for pid in pool.pids():
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)
    results = list(pool.parse(batch))
    assert sorted(result.id for result in results) == list(range(30))
    assert {result.outcome for result in results} == {"parsed"}


def test_memory_of_all_processes_stays_below_the_limit(pool: ParsePool, store: RawStore) -> None:
    line = b"QUJD" * 19 + b"\r\n"
    head = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: a/b\r\n"
    raw = head + b"Content-Transfer-Encoding: base64\r\n\r\n" + line * 330_000 + b"--b--\r\n"
    names = store.put_many([raw + b"%d" % number for number in range(4)])
    batch = [ParseRequest(n, store.path(name), attempt=2) for n, name in enumerate(names)]
    assert {result.outcome for result in pool.parse(batch)} == {"parsed"}
    for pid in pool.pids():
        peak = Path(f"/proc/{pid}/status").read_text().partition("VmPeak:")[2].split()[0]
        assert int(peak) < 512 * 1024


def test_the_children_know_no_secret(
    new_pool: ParsePool, store: RawStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "a-very-secret-value")
    list(new_pool.parse(requests(store, 1)))
    for pid in new_pool.pids():
        assert b"a-very-secret-value" not in Path(f"/proc/{pid}/environ").read_bytes()


def test_the_children_die_with_a_parent_that_is_killed(store: RawStore) -> None:
    (request,) = requests(store, 1)
    program = PARENT.format(path=str(request.path))
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60)
    pids = [int(pid) for pid in ended.stdout.split()]
    assert len(pids) == 4
    for pid in pids:
        wait_until_gone(pid)


def test_close_leaves_no_process(store: RawStore) -> None:
    with ParsePool(2) as pool:
        list(pool.parse(requests(store, 1)))
        pids = pool.pids()
    for pid in pids:
        wait_until_gone(pid)


def test_an_installation_that_cannot_parse_blames_no_mail(
    new_pool: ParsePool, store: RawStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        parsing, "_command", lambda *options: [sys.executable, "-c", "raise SystemExit(1)"]
    )
    with pytest.raises(parsing.ParsingUnavailableError):
        list(new_pool.parse(requests(store, 1)))


def test_an_attachment_is_extracted_by_a_limited_process(store: RawStore, endless: Path) -> None:
    raw = (Path(__file__).parent.parent / "mail" / "attachment.eml").read_bytes()
    path = store.path(store.put(raw))
    assert extract_attachment(path, 1) == b"%PDF-1.4 not really"
    with pytest.raises(ExtractionError):
        extract_attachment(path, 9)
    with pytest.raises(ExtractionError):
        extract_attachment(endless, 1, limit_seconds=1)
