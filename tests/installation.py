"""A real installation in a folder of its own: its commands run as processes, and may be killed."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from tests.servers import keeper
from triage.benchmarks.servers.postgres import PostgresAddress

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE_DATABASE = "muster_migrated"


@dataclass
class Installation:
    """One Muster on its own database: `manage(...)` runs a command to its end."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def variables(self, **more: str) -> dict[str, str]:
        """The environment its processes get, with `more` on top."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("MUSTER_", "DJANGO_"))
        }
        return {
            **inherited,
            "MUSTER_DATA_DIR": str(self.folder),
            "MUSTER_REQUIRE_MFA": "0",
            "DJANGO_SETTINGS_MODULE": "triage.settings",
            **self.environment,
            **more,
        }

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        """Starts a command in a session of its own; the caller waits for it or kills it."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.variables(**more),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def manage(self, *arguments: str, code: int = 0, seconds: float = 90, **more: str) -> str:
        """Runs a command, expects this exit code, gives its standard output."""
        process = self.start(*arguments, **more)
        try:
            output, errors = process.communicate(timeout=seconds)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        assert process.returncode == code, f"{arguments} gave {process.returncode}\n{errors}"
        return output

    def manage_json(self, *arguments: str) -> dict[str, Any]:
        """Runs a command with --json and gives its one object."""
        answer: dict[str, Any] = json.loads(self.manage(*arguments, "--json"))
        return answer

    def killed_at(self, failpoint: str, *arguments: str) -> None:
        """Runs a command that kills itself at this failpoint; fails when it never passes there."""
        self.manage(*arguments, code=-signal.SIGKILL, MUSTER_FAILPOINT=failpoint)


def _migrated_folder(shared: Path) -> Path:
    """A migrated SQLite installation, made once a run and copied by each test."""
    folder = shared / "migrated"
    with open(shared / "migrated.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            Installation(folder).manage("migrate")
            (folder / "done").touch()
    return folder


def _migrated_database(server: PostgresAddress, shared: Path, keys: dict[str, str]) -> str:
    """The name of a migrated PostgreSQL database, made once a run and copied by each test."""
    done = shared / "migrated-postgres"
    with open(shared / "migrated-postgres.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            url = server.create_database(TEMPLATE_DATABASE)
            folder = shared / "postgres-data"
            Installation(folder, {"DATABASE_URL": url, **keys}).manage("migrate")
            done.touch()
    return TEMPLATE_DATABASE


_KEYS = {
    "SECRET_KEY": "a-secret-for-tests-that-is-long-enough-to-be-taken",
    "MUSTER_SECRETS_KEY": Fernet.generate_key().decode(),
}


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture
def sqlite_installation(tmp_path: Path, shared_folder: Path) -> Installation:
    """A fresh installation on SQLite, without Redis."""
    folder = tmp_path / "muster"
    shutil.copytree(_migrated_folder(shared_folder), folder)
    return Installation(folder)


@pytest.fixture
def postgres_installation(
    tmp_path: Path, shared_folder: Path, postgres_server: PostgresAddress
) -> Iterator[Installation]:
    """A fresh installation on PostgreSQL, without Redis."""
    template = _migrated_database(postgres_server, shared_folder, _KEYS)
    name = f"muster_{keeper.ask('number')['number']}"
    with open(shared_folder / "copy.lock", "w") as lock:  # a template serves one copy at a time
        fcntl.flock(lock, fcntl.LOCK_EX)
        url = postgres_server.create_database(name, template=template)
    yield Installation(tmp_path / "muster", {"DATABASE_URL": url, **_KEYS})
    postgres_server.drop_database(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest) -> Installation:
    """A fresh installation, once on SQLite and once on PostgreSQL."""
    name = {"sqlite": "sqlite_installation", "postgresql": "postgres_installation"}[request.param]
    chosen: Installation = request.getfixturevalue(name)
    return chosen


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    request: pytest.FixtureRequest,
) -> None:
    """Puts the port of this run's PostgreSQL into Django's settings, when the tests run on it."""
    from django.conf import settings

    if settings.ON_POSTGRESQL:
        server: PostgresAddress = request.getfixturevalue("postgres_server")
        settings.DATABASES["default"]["PORT"] = str(server.port)
