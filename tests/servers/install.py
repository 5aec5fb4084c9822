"""Which real servers are missing here, and how they get installed.

`python -m tests.servers.install` installs them with apt-get when it runs as root, and otherwise
says what is missing. With CI=true a missing one is an error, because nothing may be skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.servers import chromium, dovecot, redis
from triage.benchmarks.servers import postgres

CLUSTER_SETTINGS = Path("/etc/postgresql-common/createcluster.conf")


@dataclass(frozen=True)
class Program:
    """A server or browser that tests use, and the Debian packages that bring it."""

    name: str
    packages: tuple[str, ...]
    found: Callable[[], object | None]

    @property
    def cure(self) -> str:
        """The command that installs it on Debian and Ubuntu."""
        prefix = "" if os.geteuid() == 0 else "sudo "
        return f"{prefix}apt-get install -y --no-install-recommends {' '.join(self.packages)}"

    @property
    def is_missing(self) -> bool:
        """Whether it is not on this machine now."""
        return not self.found()


PROGRAMS = {
    "postgres": Program("PostgreSQL", ("postgresql",), postgres.binaries),
    "redis": Program("Redis", ("redis-server",), redis.binary),
    "dovecot": Program("Dovecot", ("dovecot-imapd",), dovecot.binary),
    "chromium": Program("Chromium", ("chromium", "fonts-dejavu-core"), chromium.binary),
}


def missing() -> list[Program]:
    """The programs that tests want and this machine lacks."""
    return [program for program in PROGRAMS.values() if program.is_missing]


def nothing_may_be_skipped() -> bool:
    """Whether this is the run that decides (CI=true), where a skipped test is a failure."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def may_install() -> bool:
    """Whether this process can install packages: root, on a system with apt-get."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(programs: list[Program]) -> None:
    """Installs with apt-get, after an update; raises CalledProcessError, with what it said."""
    _keep_debian_from_making_a_cluster()
    packages = [package for program in programs for package in program.packages]
    # An update fails for one foreign repository that is away; the install then tells.
    _apt_get("update", check=False)
    _apt_get("install", "-y", "--no-install-recommends", *packages, check=True)


def _apt_get(*arguments: str, check: bool) -> None:
    subprocess.run(
        ["apt-get", "-q", "-o", "Acquire::Retries=3", *arguments],
        check=check,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _keep_debian_from_making_a_cluster() -> None:
    """Tells the PostgreSQL package, before it comes, to make no database of its own."""
    if CLUSTER_SETTINGS.exists():
        return
    CLUSTER_SETTINGS.parent.mkdir(parents=True, exist_ok=True)
    CLUSTER_SETTINGS.write_text("create_main_cluster = false\n")


def main() -> int:
    """Installs what is missing, or says what to type; 1 when a test could not run in CI."""
    absent = missing()
    if absent and may_install():
        _tell("Installing for the tests: " + ", ".join(program.name for program in absent))
        try:
            install(absent)
        except subprocess.CalledProcessError as failure:
            _tell(f"{failure.stdout}\nThis failed: {' '.join(failure.cmd)}")
        absent = missing()
    for program in absent:
        _tell(f"{program.name} is missing. This installs it: {program.cure}")
    return 1 if absent and nothing_may_be_skipped() else 0


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
