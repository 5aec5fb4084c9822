"""An installation for the length of one measurement: own folder, own database, never the real."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from triage.benchmarks.servers import postgres

DATABASE = "muster"
CHECKOUT = Path(__file__).resolve().parents[2]


class CannotMeasure(Exception):
    """The measurement cannot be made here; the message says in one sentence why."""


@dataclass(frozen=True)
class Place:
    """Where one measurement lives: the folder of its data, and the environment of its processes."""

    folder: Path
    environment: dict[str, str]
    server: postgres.PostgresAddress | None = None

    def copy(self, name: str) -> Place:
        """Gives another installation like this one, on the same PostgreSQL; nobody may use this."""
        assert self.server is not None
        url = self.server.create_database(name, template=DATABASE)
        return Place(self.folder, {**self.environment, "DATABASE_URL": url}, self.server)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Starts `python ARGUMENTS` in this installation; its standard output is a pipe."""
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, *arguments],
            cwd=CHECKOUT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> str:
        """Runs `python ARGUMENTS` to its end and gives what it printed; raises CannotMeasure."""
        return finished([self.start(*arguments)])[0]


def finished(processes: Sequence[subprocess.Popen[str]]) -> list[str]:
    """Waits for all of them and gives what each printed; raises CannotMeasure when one failed."""
    outputs = [process.communicate()[0] for process in processes]
    for process in processes:
        if process.returncode:
            raise CannotMeasure(f"a process of the measurement ended with {process.returncode}")
    return outputs


@contextmanager
def on_sqlite() -> Iterator[Place]:
    """Gives a migrated installation on SQLite, and removes it afterwards."""
    with tempfile.TemporaryDirectory(prefix="muster-own-") as name:
        yield _migrated(Path(name), database_url="")


@contextmanager
def on_postgresql() -> Iterator[Place]:
    """Gives a migrated installation on a PostgreSQL of its own, as durable as a real one."""
    if postgres.binaries() is None:
        raise CannotMeasure(
            "PostgreSQL is missing. On Debian this installs it: apt-get install postgresql"
        )
    with tempfile.TemporaryDirectory(prefix="muster-own-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the server may run as another user
        server = postgres.start(folder / "postgres", durable=True)
        try:
            url = server.address.create_database(DATABASE)
            yield _migrated(folder / "muster", database_url=url, server=server.address)
        finally:
            server.stop()


def _migrated(
    folder: Path, *, database_url: str, server: postgres.PostgresAddress | None = None
) -> Place:
    place = Place(folder, _environment(folder, database_url), server)
    place.run("-m", "django", "migrate", "--verbosity", "0")
    return place


def _environment(folder: Path, database_url: str) -> dict[str, str]:
    """Nothing of the real installation's settings, and no doorbell."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MUSTER_", "DJANGO_", "REDIS_", "DATABASE_"))
    }
    own = {
        "DJANGO_SETTINGS_MODULE": "triage.settings",
        "MUSTER_DATA_DIR": str(folder),
        "MUSTER_REQUIRE_MFA": "0",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "MUSTER_SECRETS_KEY": Fernet.generate_key().decode(),
    }
    return {**inherited, **own, **({"DATABASE_URL": database_url} if database_url else {})}
