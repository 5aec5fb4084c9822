"""A run names what it could not do, and leaves no server behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers import keeper
from tests.servers.install import PROGRAMS
from triage.benchmarks.servers.ports import answers

CHECKOUT = Path(__file__).parents[2]
ONE_TEST = "tests/servers/test_servers.py::test_each_test_gets_an_empty_redis_database"


def run_pytest(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A pytest run of one Redis test on a machine whose programs are those in `folder`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    kept.pop(keeper.PORT_VARIABLE, None)
    kept.pop("CI", None)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", ONE_TEST],
        cwd=CHECKOUT,
        env={**kept, "PATH": str(folder), **environment},
        capture_output=True,
        text=True,
    )


def test_a_skipped_test_is_named_with_the_command_that_cures_it(tmp_path: Path) -> None:
    run = run_pytest(tmp_path)
    assert run.returncode == 0
    assert PROGRAMS["redis"].cure in run.stdout
    assert ONE_TEST in run.stdout


def test_where_nothing_may_be_skipped_a_missing_server_ends_the_run(tmp_path: Path) -> None:
    run = run_pytest(tmp_path, CI="true")
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert f"Redis is missing: {PROGRAMS['redis'].cure}" in run.stderr


@pytest.mark.usefixtures("redis_server")  # skipped with a word where Redis is missing
def test_a_killed_run_takes_its_servers_along() -> None:
    script = (
        "import time; from tests.servers import keeper; keeper.start_keeper();"
        "print(keeper.ask('redis')['port'], flush=True); time.sleep(600)"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", script], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    port = int(run.stdout.readline())
    assert answers(port)
    run.send_signal(signal.SIGKILL)
    run.communicate()
    deadline = time.monotonic() + 10
    while answers(port) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not answers(port)
