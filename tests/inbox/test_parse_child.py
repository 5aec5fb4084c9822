"""The child keeps its protocol, its limits and its promise to outlive any mail."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inbox import parse_child
from inbox.rawstore import RawStore

MAIL = b"From: ann@customer.example\r\nSubject: Help\r\n\r\nI cannot log in.\r\n"


class Line:
    """A child, spoken to in frames."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "inbox.parse_child", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self.hear() == {"ready": True}

    def say(self, **request: Any) -> None:
        assert self.process.stdin
        parse_child.write_frame(self.process.stdin.fileno(), parse_child.to_bytes(request))

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout
        frame = parse_child.read_frame(self.process.stdout.fileno())
        assert frame is not None
        answer: dict[str, Any] = json.loads(frame)
        return answer

    def worker(self) -> int:
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        (worker,) = map(int, path.read_text().split())
        return worker

    def close(self) -> None:
        with self.process:
            self.process.kill()


@pytest.fixture(scope="module")
def line() -> Iterator[Line]:
    """One for all tests: it has to recover from each of them."""
    line = Line()
    yield line
    line.close()


@pytest.fixture
def stored(tmp_path: Path) -> str:
    store = RawStore(tmp_path / "raw")
    return str(store.path(store.put(MAIL)))


@pytest.fixture
def endless(tmp_path: Path) -> str:
    """A file whose reading never ends."""
    os.mkfifo(tmp_path / "endless")
    return str(tmp_path / "endless")


def wait_until_gone(pid: int) -> None:
    until = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert not Path(f"/proc/{pid}").exists()


def test_requests_are_answered_in_order(line: Line, stored: str) -> None:
    line.say(id=7, path=stored)
    line.say(id=3, path=stored + "x")
    line.say(id=5, path=stored)
    answers = [line.hear() for _ in range(3)]
    assert [(answer["id"], answer["ok"]) for answer in answers] == [
        (7, True),
        (3, False),
        (5, True),
    ]
    assert answers[0]["mail"]["subject"] == "Help"
    assert answers[1]["reason"] == parse_child.NOT_STORED


def test_it_ends_with_its_input_and_takes_the_worker_along() -> None:
    line = Line()
    worker = line.worker()
    assert line.process.stdin
    line.process.stdin.close()
    assert line.process.wait(10) == 0
    line.close()
    wait_until_gone(worker)


def test_a_mail_that_overruns_its_seconds_fails_alone(
    line: Line, stored: str, endless: str
) -> None:
    worker = line.worker()
    line.say(id=1, path=endless, seconds=0.2)
    line.say(id=2, path=stored)
    assert line.hear() == {"id": 1, "ok": False, "reason": parse_child.OVERRAN}
    assert line.hear()["ok"]
    assert line.worker() != worker
    wait_until_gone(worker)


def test_a_mail_whose_worker_dies_fails_alone(line: Line, stored: str, endless: str) -> None:
    line.say(id=1, path=endless, seconds=20)
    line.say(id=2, path=stored)
    os.kill(line.worker(), signal.SIGKILL)
    assert line.hear() == {"id": 1, "ok": False, "reason": parse_child.DIED}
    assert line.hear()["ok"]


def test_a_worker_is_replaced_after_a_thousand_mails(line: Line, stored: str) -> None:
    worker = line.worker()
    for number in range(parse_child.MAILS_PER_WORKER):
        line.say(id=number, path=stored)
        assert line.hear()["ok"]
    line.say(id=0, path=stored)
    assert line.hear()["ok"]
    assert line.worker() != worker


def test_a_mail_that_needs_more_memory_than_allowed_fails_alone(
    tmp_path: Path, stored: str
) -> None:
    store = RawStore(tmp_path / "raw")
    big = store.path(store.put(b"Subject: x\n\n" + bytes(55_000_000)))
    line = Line("--memory", str(260 * 1024 * 1024))
    line.say(id=1, path=str(big))
    line.say(id=2, path=stored)
    assert line.hear() == {"id": 1, "ok": False, "reason": parse_child.DIED}
    assert line.hear()["ok"]
    line.close()


def test_a_file_that_unpacks_to_more_than_sixty_megabytes_is_refused(
    line: Line, tmp_path: Path
) -> None:
    store = RawStore(tmp_path / "raw")
    bomb = store.path(store.put(bytes(70_000_000)))
    assert bomb.stat().st_size < 1_000_000
    line.say(id=1, path=str(bomb))
    assert line.hear() == {"id": 1, "ok": False, "reason": parse_child.TOO_LARGE}


def test_worker_and_keeper_have_a_memory_limit_and_leave_no_core(line: Line) -> None:
    for pid in (line.process.pid, line.worker()):
        limits = Path(f"/proc/{pid}/limits").read_text()
        assert any("address space" in row and "536870912" in row for row in limits.splitlines())
        assert any("core file" in row and row.split()[4] == "0" for row in limits.splitlines())


def test_it_imports_no_django() -> None:
    program = "import sys, inbox.parse_child; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], timeout=60).returncode == 0


def test_extract_writes_the_bytes_of_one_attachment(tmp_path: Path) -> None:
    raw = (Path(__file__).parent.parent / "mail" / "attachment.eml").read_bytes()
    store = RawStore(tmp_path)
    command = [
        sys.executable,
        "-m",
        "inbox.parse_child",
        "--extract",
        str(store.path(store.put(raw))),
    ]
    ended = subprocess.run([*command, "1"], capture_output=True, timeout=60)
    assert (ended.returncode, ended.stdout) == (0, b"%PDF-1.4 not really")
    assert subprocess.run([*command, "9"], capture_output=True, timeout=60).returncode == 1
