"""A whole Muster in motion: web server, watcher and workers as real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.error import URLError

from tests.installation import ROOT, Installation
from triage.benchmarks.servers.ports import free_port


@dataclass
class RunningMuster:
    """The processes of one installation; `url` is where its pages are."""

    installation: Installation
    port: int = field(default_factory=free_port)
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address people open."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, watch: bool = True) -> None:
        """Starts everything that this installation's environment asks for."""
        self.installation.environment["MUSTER_BASE_URL"] = self.url
        if watch:
            self._command("watch_inbox")
        self._command("work")
        if "REDIS_URL" in self.installation.environment:
            for queue in ("mail_in", "mail_out", "default"):
                self._command("rqworker", queue)
        self._web()
        wait_until(self._answers, "the web server answers")

    def _command(self, *arguments: str) -> None:
        self._spawn([sys.executable, "manage.py", *arguments])

    def _web(self) -> None:
        self._spawn(
            [
                *(sys.executable, "-m", "gunicorn", "triage.wsgi", "--no-control-socket"),
                *("--bind", f"127.0.0.1:{self.port}", "--threads", "8", "--log-level", "warning"),
            ]
        )

    def _spawn(self, command: list[str]) -> None:
        path = self.installation.folder.parent / f"process-{len(self.processes)}.log"
        with path.open("w") as log:
            started = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.installation.variables(),
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        self.processes.append(started)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/login/", timeout=1) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def stop(self) -> None:
        """Ends every process and its children."""
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)


@contextmanager
def running(installation: Installation, *, watch: bool = True) -> Iterator[RunningMuster]:
    """Runs an installation for the length of a test."""
    muster = RunningMuster(installation)
    try:
        muster.start(watch=watch)
        yield muster
    finally:
        muster.stop()


def wait_until(holds: Callable[[], bool], what: str, *, seconds: float = 60) -> None:
    """Waits until something holds; fails with its name."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"waited {seconds} s in vain until {what}"
        time.sleep(0.2)
