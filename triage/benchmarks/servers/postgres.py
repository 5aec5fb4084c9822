"""A PostgreSQL of our own; never the cluster that Debian makes."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from triage.benchmarks.servers.ports import LOOPBACK, free_port
from triage.benchmarks.servers.process import RestartableServer, ServerProcess, start_process

ROLE = "muster"
MAX_CONNECTIONS = 300


@dataclass(frozen=True)
class PostgresAddress:
    """Where a PostgreSQL listens; the role `muster` may do everything, without a password."""

    port: int

    def url(self, database: str) -> str:
        """What DATABASE_URL wants for this database."""
        return f"postgres://{ROLE}@{LOOPBACK}:{self.port}/{database}"

    def create_database(self, name: str, *, template: str = "template0") -> str:
        """Creates a database (a copy of `template`, which nobody may use then); gives its URL."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._run(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drops a database, with everyone who is still connected to it. Repeatable."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self._run(statement.format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@dataclass
class PostgresServer(RestartableServer):
    """A running PostgreSQL with its data in a folder of its own; a stop cuts whoever uses it."""

    address: PostgresAddress


def binaries() -> Path | None:
    """The folder with the newest installed `postgres` and `initdb`; none when missing."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    found = sorted(versions, key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("postgres")
    return Path(elsewhere).resolve().parent if elsewhere else None


def start(folder: Path, *, durable: bool = False) -> PostgresServer:
    """Starts a PostgreSQL with its data under `folder`, made at need.

    Not `durable`: no fsync, quicker, and a kill of the machine (not of the server) loses data.
    Run as root, it runs as the user `postgres`, because PostgreSQL refuses root.
    """
    bin_folder = binaries()
    if bin_folder is None:
        raise FileNotFoundError("PostgreSQL is not installed")
    user = "postgres" if os.geteuid() == 0 else None
    data = folder / "data"
    _open_to(folder, user)
    if not (data / "PG_VERSION").exists():
        _initialise(bin_folder, data, user)
    address = PostgresAddress(free_port())
    argv = [str(bin_folder / "postgres"), "-D", str(data), *_settings(folder, address, durable)]

    def start_again() -> ServerProcess:
        return start_process(
            "postgres",
            argv,
            folder=folder,
            is_ready=lambda: _accepts_queries(address),
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGQUIT,
            user=user,
        )

    return PostgresServer(start_again(), start_again, address)


def _open_to(folder: Path, user: str | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if user is not None:
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)


def _initialise(bin_folder: Path, data: Path, user: str | None) -> None:
    command = [str(bin_folder / "initdb"), "-D", str(data), "-U", ROLE, "-A", "trust"]
    command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    done = subprocess.run(  # noqa: S603 - an installed PostgreSQL
        command, user=user, group=user, cwd=data.parent, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")


def _settings(folder: Path, address: PostgresAddress, durable: bool) -> list[str]:
    settings = {
        "listen_addresses": LOOPBACK,
        "port": str(address.port),
        "unix_socket_directories": str(folder),
        "max_connections": str(MAX_CONNECTIONS),
        "log_min_messages": "warning",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]


def _accepts_queries(address: PostgresAddress) -> bool:
    try:
        psycopg.connect(address.url("postgres"), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
