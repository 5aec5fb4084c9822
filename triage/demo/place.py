"""Where one demo keeps its things and on which ports it listens; needs no Django."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import random
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypedDict

LOOPBACK = "127.0.0.1"
CHECKOUT = Path(__file__).resolve().parents[2]
# Below the range from which the kernel hands out its own (ip(7), ip_local_port_range).
_PORTS = (20_000, 32_000)
_PORTS_FILE = "ports.json"
_MADE_OF = (
    "*/migrations/*.py",
    "triage/*/migrations/*.py",
    "triage/demo/*.py",
    "triage/responses/starters/*",
)


class CannotStart(Exception):
    """The demo cannot start here; the message is one sentence that says why and what helps."""


class Login(TypedDict):
    """One person that was made, as it is printed."""

    role: str
    email: str
    password: str


class Prepared(TypedDict):
    """What the preparation left behind: of which code it was made, who can log in, how to join."""

    made_of: str
    logins: list[Login]
    join_path: str


@dataclass(frozen=True, kw_only=True)
class Place:
    """One demo: its data folder, the port of its pages and those of its two mail servers."""

    folder: Path
    port: int
    imap_port: int
    smtp_port: int

    @property
    def url(self) -> str:
        """The address that people open."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def mail(self) -> Path:
        """The folder of the IMAP server."""
        return self.folder / "mail"

    @property
    def outbox(self) -> Path:
        """The folder of the SMTP server, in which every mail ends."""
        return outbox(self.folder)

    def prepared(self) -> Prepared | None:
        """What was prepared by the code as it is now; none before that."""
        path = self.folder / "prepared.json"
        if not path.exists():
            return None
        found: Prepared = json.loads(path.read_text())
        return found if found["made_of"] == made_of() else None

    def keep_prepared(self, prepared: Prepared) -> None:
        """Writes down that the preparation is done."""
        _write(self.folder / "prepared.json", json.dumps(prepared))


def outbox(data_folder: Path) -> Path:
    """Where the mails lie that a demo in this data folder has sent."""
    return data_folder / "outbox"


def made_of() -> str:
    """A hash over what the preparation is made of: it is done anew when that changes."""
    digest = hashlib.sha256()
    for pattern in _MADE_OF:
        for path in sorted(CHECKOUT.glob(pattern)):
            if path.is_file():
                digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def find(folder: Path, *, port: int) -> Place:
    """The place in this folder; its mail servers keep their ports, since the mailbox names them.

    Raises CannotStart when one of the three ports is taken.
    """
    if not _is_free(port):
        raise CannotStart(
            f"Port {port} is taken by another program. Choose another: PORT={port + 1} make demo"
        )
    if not (folder / _PORTS_FILE).exists():
        _write(folder / _PORTS_FILE, json.dumps(_free_ports(port)))
    where = known(folder, port=port)
    for number in (where.imap_port, where.smtp_port):
        if not _is_free(number):
            raise CannotStart(
                f"Port {number}, on which the demo's own mail server listens, is taken by another "
                f"program. End that one, or delete {folder} and begin anew."
            )
    return where


def known(folder: Path, *, port: int) -> Place:
    """The place that was found in this folder before."""
    imap_port, smtp_port = json.loads((folder / _PORTS_FILE).read_text())
    return Place(folder=folder, port=port, imap_port=imap_port, smtp_port=smtp_port)


def answers(port: int) -> bool:
    """Whether something accepts a connection on this loopback port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def lock(folder: Path, *, patience_seconds: float = 15) -> IO[str]:
    """Keeps a second demo out of the folder for as long as the file it gives, or a fork, is open.

    Waits while a demo that was killed is still ending; raises CannotStart when one is running.
    """
    file = (folder / "demo.lock").open("a+")
    deadline = time.monotonic() + patience_seconds
    while not _locked(file):
        file.seek(0)
        if _lives(file.read()) or time.monotonic() > deadline:
            file.close()
            raise CannotStart(f"A demo is running in {folder} already. End it first.")
        time.sleep(0.1)
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lives(pid: str) -> bool:
    """Whether this process runs; one that is dead and not yet waited for does not (proc(5))."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _free_ports(taken: int) -> tuple[int, int]:
    numbers = random.SystemRandom().sample(range(*_PORTS), 200)
    free = [number for number in numbers if number != taken and _is_free(number)]
    if len(free) < 2:
        raise CannotStart(f"No port between {_PORTS[0]} and {_PORTS[1]} is free on {LOOPBACK}.")
    return free[0], free[1]


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text(text)
    draft.rename(path)
