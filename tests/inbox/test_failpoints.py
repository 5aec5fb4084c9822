"""A failpoint that is set kills on the pass that was asked for; one that is not costs nothing."""

import os
import signal
import subprocess
import sys

import pytest

PROGRAM = """
from inbox.failpoints import announce, failpoint
print(announce(), flush=True)
for number in range(3):
    failpoint("raw.before_rename")
    failpoint("send.before_dot")
    print(number, flush=True)
"""


def run(setting: str | None) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    environment.pop("MUSTER_FAILPOINT", None)
    if setting is not None:
        environment["MUSTER_FAILPOINT"] = setting
    return subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=60
    )


def test_without_a_setting_nothing_is_said_and_nothing_dies() -> None:
    ended = run(None)
    assert (ended.returncode, ended.stdout.split()) == (0, ["0", "1", "2"])


@pytest.mark.parametrize(
    ("setting", "passes"),
    [("send.before_dot", 0), ("send.before_dot:1", 0), ("raw.before_rename:3", 2)],
)
def test_the_process_kills_itself_on_the_pass_that_was_asked_for(setting: str, passes: int) -> None:
    ended = run(setting)
    assert ended.returncode == -signal.SIGKILL
    assert len(ended.stdout.splitlines()) == 1 + passes


def test_it_says_at_start_which_failpoint_is_set() -> None:
    assert "send.before_dot" in run("send.before_dot:2").stdout.splitlines()[0]


@pytest.mark.parametrize("setting", ["send.nowhere", "send.before_dot:never", "send.before_dot:0"])
def test_a_setting_that_cannot_work_is_announced_and_kills_nobody(setting: str) -> None:
    ended = run(setting)
    assert ended.returncode == 0
    assert setting in ended.stdout.splitlines()[0]
