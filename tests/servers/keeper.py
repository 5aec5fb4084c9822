"""Holds the servers of one pytest run: starts each when first asked, stops all at the end.

A process of its own, so that pytest-xdist's workers share one server of each kind. It lives as
long as its standard input is open; that pipe belongs to the pytest process, so however pytest
ends, the kernel closes it and the servers go, with their folders.
"""

from __future__ import annotations

import itertools
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.servers import dovecot, redis
from triage.benchmarks.servers import postgres
from triage.benchmarks.servers.ports import LOOPBACK
from triage.benchmarks.servers.process import ServerProcess

PORT_VARIABLE = "MUSTER_TEST_KEEPER"
ROOT = Path(__file__).resolve().parents[2]


class ServerUnavailableError(RuntimeError):
    """The keeper could not start the server that was asked for."""


class _Server(Protocol):
    @property
    def process(self) -> ServerProcess: ...

    def stop(self) -> None: ...


def _postgres(folder: Path) -> tuple[_Server, dict[str, str]]:
    server = postgres.start(folder)
    return server, {"port": str(server.address.port)}


def _redis(folder: Path) -> tuple[_Server, dict[str, str]]:
    server = redis.start(folder)
    return server, {"port": str(server.address.port)}


def _dovecot(folder: Path) -> tuple[_Server, dict[str, str]]:
    server = dovecot.start(folder)
    return server, {"port": str(server.address.port), "folder": str(folder)}


STARTERS: dict[str, Callable[[Path], tuple[_Server, dict[str, str]]]] = {
    "postgres": _postgres,
    "redis": _redis,
    "dovecot": _dovecot,
}


@dataclass
class Keeper:
    """The running servers by kind; `answer` starts what is missing."""

    folder: Path
    running: dict[str, _Server] = field(default_factory=dict)
    addresses: dict[str, dict[str, str]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def answer(self, request: str) -> dict[str, str]:
        """The address of a server of this kind, a fresh `number`, or the `error`."""
        if request == "number":
            return {"number": str(next(self.numbers))}
        if request not in STARTERS:
            return {"error": f"unknown request {request!r}"}
        if request not in self.addresses:
            try:
                self._start(request)
            except (OSError, RuntimeError) as failure:
                return {"error": f"{request}: {failure}"}
        return self.addresses[request]

    def _start(self, kind: str) -> None:
        folder = self.folder / kind
        folder.mkdir(exist_ok=True)
        self.running[kind], self.addresses[kind] = STARTERS[kind](folder)

    def stop(self) -> None:
        """Stops every server and removes what they wrote."""
        for server in self.running.values():
            server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def main() -> None:
    """Says its port on standard output, then answers one request a connection until told to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    folder = Path(tempfile.mkdtemp(prefix="muster-"))
    folder.chmod(0o711)
    keeper = Keeper(folder)
    try:
        with socket.create_server((LOOPBACK, 0)) as listener:
            os.write(sys.stdout.fileno(), b"%d\n" % listener.getsockname()[1])
            _serve(keeper, listener)
    finally:
        keeper.stop()


def _serve(keeper: Keeper, listener: socket.socket) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        selector.register(sys.stdin, selectors.EVENT_READ)
        while all(key.fileobj is listener for key, _ in selector.select()):
            connection, _ = listener.accept()
            with connection, connection.makefile("rw") as lines:
                lines.write(json.dumps(keeper.answer(lines.readline().strip())) + "\n")


def start_keeper() -> subprocess.Popen[bytes]:
    """Starts the keeper of this pytest run and tells its port to the workers to come."""
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.servers.keeper"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert keeper.stdout is not None
    os.environ[PORT_VARIABLE] = keeper.stdout.readline().decode().strip()
    return keeper


def stop_keeper(keeper: subprocess.Popen[bytes], *, seconds: float = 30) -> None:
    """Closes the keeper's input and waits until every server is down."""
    os.environ.pop(PORT_VARIABLE, None)
    assert keeper.stdin is not None
    keeper.stdin.close()
    keeper.wait(seconds)


def ask(request: str) -> dict[str, str]:
    """What the keeper of this run answers; raises ServerUnavailableError with its reason."""
    port = int(os.environ[PORT_VARIABLE])
    with (
        socket.create_connection((LOOPBACK, port), timeout=120) as connection,
        connection.makefile("rw") as lines,
    ):
        lines.write(request + "\n")
        lines.flush()
        answer: dict[str, str] = json.loads(lines.readline())
    if "error" in answer:
        raise ServerUnavailableError(answer["error"])
    return answer


if __name__ == "__main__":
    main()
