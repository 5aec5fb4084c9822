"""Workers that send, in processes of their own, so that they may be killed.

`python -m tests.faults.senders FOLDER` loads Muster once and then forks a worker for each line it
reads, so that a test may kill many without waiting for each to start. `Senders` is the test's side.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.installation import ROOT, Installation


@dataclass
class Worker:
    """One worker at work; `wait` gives how it ended."""

    pid: int
    senders: Senders

    def wait(self) -> int:
        """Its exit code, negative for the signal that killed it."""
        return self.senders.ask(["wait", self.pid])

    def kill(self) -> None:
        """Ends it as a power cut would."""
        os.kill(self.pid, signal.SIGKILL)


@dataclass
class Senders:
    """Starts workers of one installation."""

    folder: Path
    process: subprocess.Popen[str]

    def ask(self, request: list[object]) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def start(self, *arguments: object, failpoint: str = "") -> Worker:
        """A worker that queues or sends (below), killed at that failpoint if there is one."""
        return Worker(self.ask(["start", failpoint, *arguments]), self)

    def queue(self, count: int, smtp_url: str, *imap: str) -> None:
        """Queues answers to p0, p1, ... of which number n is due n hours after noon."""
        assert self.start("queue", count, smtp_url, *imap).wait() == 0

    def send(self, first: int, last: int | None = None, step: int = 1) -> dict[str, str]:
        """Sends what is due over these minutes after noon; gives how each mail then stands."""
        worker = self.start("send", first, first if last is None else last, step)
        assert worker.wait() == 0
        states: dict[str, str] = json.loads((self.folder / str(worker.pid)).read_text())
        return states


@contextmanager
def senders(installation: Installation) -> Iterator[Senders]:
    """The workers of this installation, for the length of a test."""
    installation.folder.mkdir(exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.senders", str(installation.folder)],
        cwd=ROOT,
        env=installation.variables(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            yield Senders(installation.folder, process)
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def queue(
    count: int,
    smtp_url: str,
    imap_url: str = "",
    address: str = "help@example.org",
    password: str = "",
) -> None:
    from inbox.models import Mailbox
    from tests.factories.outbox import NOON, answer, sender

    kind = Mailbox.Kind.SERVER if imap_url else Mailbox.Kind.IMPORT
    box = sender(smtp_url, address, imap_url=imap_url, kind=kind, password=password)
    for number in range(count):
        due_at = NOON + timedelta(hours=number)
        answer(box, recipient=f"p{number}@example.net", due_at=due_at)


def send(first: int, last: int, step: int) -> str:
    from inbox import outbox, sending
    from inbox.models import OutboundMessage
    from inbox.smtp import Patience
    from tests.factories.outbox import NOON

    sending.PATIENCE = Patience(connect=5, answer=2, dot=2)
    for minute in range(first, last + 1, step):
        while outbox.send(at=NOON + timedelta(minutes=minute)):
            pass
    states = OutboundMessage.objects.order_by("pk").values_list("recipient", "state")
    return json.dumps(dict(states))


def _work(folder: Path, failpoint: str, name: str, *arguments: int) -> None:
    import importlib

    from inbox import failpoints

    os.environ[failpoints.VARIABLE] = failpoint
    importlib.reload(failpoints)
    said = {"queue": queue, "send": send}[name](*arguments)  # type: ignore[operator]
    (folder / str(os.getpid())).write_text(said or "")


def _fork(folder: Path, failpoint: str, *arguments: int) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        _work(folder, failpoint, *arguments)  # type: ignore[arg-type]
        code = 0
    finally:
        os._exit(code)


def _serve(folder: Path) -> None:
    import django

    django.setup()
    import inbox.outbox  # noqa: F401 - loaded once, for all workers

    for line in sys.stdin:
        verb, *arguments = json.loads(line)
        if verb == "start":
            answer = _fork(folder, *arguments)
        else:
            answer = os.waitstatus_to_exitcode(os.waitpid(arguments[0], 0)[1])
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
