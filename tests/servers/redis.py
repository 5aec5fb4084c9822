"""A Redis of our own that keeps nothing on disk."""

from __future__ import annotations

import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

from triage.benchmarks.servers.ports import LOOPBACK, answers, free_port
from triage.benchmarks.servers.process import RestartableServer, ServerProcess, start_process

DATABASES = 4096


@dataclass(frozen=True)
class RedisAddress:
    """Where a Redis listens, without a password."""

    port: int

    def url(self, database: int = 0) -> str:
        """What REDIS_URL wants for this numbered database (0 to 4095)."""
        return f"redis://{LOOPBACK}:{self.port}/{database}"


@dataclass
class RedisServer(RestartableServer):
    """A running Redis; once it ends, what it held is gone."""

    address: RedisAddress


def binary() -> str | None:
    """The installed `redis-server`; none when missing."""
    return shutil.which("redis-server")


def start(folder: Path) -> RedisServer:
    """Starts an empty Redis on a free port."""
    program = binary()
    if program is None:
        raise FileNotFoundError("redis-server is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    address = RedisAddress(free_port())
    settings = ["--bind", LOOPBACK, "--port", str(address.port), "--dir", str(folder)]
    settings += ["--save", "", "--appendonly", "no", "--databases", str(DATABASES)]

    def start_again() -> ServerProcess:
        return start_process(
            "redis",
            [program, *settings],
            folder=folder,
            is_ready=lambda: answers(address.port),
            death_signal=signal.SIGKILL,
        )

    return RedisServer(start_again(), start_again, address)
