"""Starts one server process that cannot outlive the process which started it."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from triage.process_tree import death_signal_on_parent_exit


class ServerStartError(RuntimeError):
    """The server ended, or stayed silent; the message carries the end of its log."""


@dataclass(frozen=True)
class ServerProcess:
    """A running server, its log, and the signal that stops it soonest without harm."""

    name: str
    popen: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals

    def stop(self, *, seconds: float = 10) -> None:
        """Stops the server and waits; kills it when it takes too long. Repeatable."""
        if self.popen.poll() is None:
            self.popen.send_signal(self.stop_signal)
        try:
            self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()

    def kill(self) -> None:
        """Ends the server as a power cut would, for the fault tests."""
        self.popen.kill()
        self.popen.wait()

    def log_end(self) -> str:
        """The last lines that the server wrote."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])


@dataclass
class RestartableServer:
    """A server of one test: it may be stopped, killed and started again on its port and data."""

    process: ServerProcess
    start_again: Callable[[], ServerProcess]

    def stop(self) -> None:
        """Shuts it down. Repeatable."""
        self.process.stop()

    def kill(self) -> None:
        """Ends it as a power cut would."""
        self.process.kill()

    def restart(self) -> None:
        """Starts it on the same port with what it had written; stops it first where it runs."""
        self.process.stop()
        for attempt in range(20):
            try:
                self.process = self.start_again()
                return
            except ServerStartError:
                # What a killed server left (a child, a lock) needs a moment to go.
                if attempt == 19:
                    raise
                time.sleep(0.25)


def start_process(
    name: str,
    argv: Sequence[str],
    *,
    folder: Path,
    log_folder: Path | None = None,
    is_ready: Callable[[], bool],
    stop_signal: signal.Signals = signal.SIGTERM,
    death_signal: signal.Signals = signal.SIGTERM,
    user: str | None = None,
    seconds: float = 30,
) -> ServerProcess:
    """Starts `argv` in `folder` and returns once `is_ready` says so; logs go there by default.

    `death_signal` reaches the server when the thread that started it ends. Raises
    ServerStartError when the server ends first or is silent for `seconds`.
    """
    log = (log_folder or folder) / f"{name}.log"
    with log.open("ab") as output:
        popen = subprocess.Popen(  # noqa: S603 - a server that this module names
            list(argv),
            cwd=folder,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=death_signal_on_parent_exit(death_signal),
        )
    server = ServerProcess(name=name, popen=popen, log=log, stop_signal=stop_signal)
    _wait_until_ready(server, is_ready, seconds)
    return server


def _wait_until_ready(server: ServerProcess, is_ready: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.popen.poll() is None:
        if is_ready():
            return
        time.sleep(0.02)
    server.stop(seconds=1)
    raise ServerStartError(f"{server.name} did not start:\n{server.log_end()}")
