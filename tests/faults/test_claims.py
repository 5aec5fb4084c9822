"""However many people ask at once, each waiting email is given to one of them."""

import os
import subprocess
import sys
from collections import Counter

import pytest

from tests.installation import ROOT, Installation

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]
TICKETS = 1_000 if os.environ.get("MUSTER_SOAK") else 250
PEOPLE, PROCESSES = 200, 4


def claimers(installation: Installation, *arguments: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.claimers", *map(str, arguments)],
        cwd=ROOT,
        env=installation.variables(),
        stdout=subprocess.PIPE,
        text=True,
    )


def finished(processes: "list[subprocess.Popen[str]]") -> list[list[str]]:
    outputs = [process.communicate(timeout=240)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes)
    return [line.split() for output in outputs for line in output.splitlines()]


def test_200_people_at_once_never_get_the_same_email(installation):
    finished([claimers(installation, "fill", TICKETS, PEOPLE)])
    each = PEOPLE // PROCESSES
    given = finished(
        [claimers(installation, "claim", n * each, each, each) for n in range(PROCESSES)]
    )
    times = Counter(ticket for _person, ticket in given)
    assert len(times) == TICKETS
    assert set(times.values()) == {1}
    assert numbers_agree(installation)


def numbers_agree(installation: Installation) -> bool:
    code = "from triage.queues.counters import reconcile; print(reconcile())"
    return installation.manage("shell", "-v0", "-c", code).strip() == "()"
