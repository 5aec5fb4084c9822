"""However many people ask at once, each waiting email is given to one of them."""

import json
import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from threading import Barrier

import pytest

from tests.installation import ROOT, Installation
from tests.running import RunningMuster, running

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]
TICKETS = 1_000 if os.environ.get("MUSTER_SOAK") else 250
PEOPLE, PROCESSES = 200, 4
WAITING, ROUNDS = (100_000, 10) if os.environ.get("MUSTER_SOAK") else (2_000, 1)
TOKEN = "a" * 32


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


def test_200_people_over_http_never_get_the_same_email(postgres_installation):
    people = PEOPLE * ROUNDS
    run(postgres_installation, "triage.benchmarks.filling", WAITING, 0, people)
    sessions = run(postgres_installation, "tests.faults.claimers", "log_in", people).split()
    with running(postgres_installation, watch=False) as muster:
        for first in range(0, people, PEOPLE):
            assert pressed_at_once(muster, sessions[first : first + PEOPLE]) == {"/desk/"}
    told = told_of_claims(postgres_installation)
    assert told == {"claims": people, "emails": people, "held": people}
    assert numbers_agree(postgres_installation)


def run(installation: Installation, module: str, *arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT,
        env=installation.variables(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def pressed_at_once(muster: RunningMuster, sessions: list[str]) -> set[str]:
    """Everybody presses "Help the next person" at the same moment; where they were led."""
    everybody = Barrier(len(sessions))

    def press(session: str) -> str:
        headers = {
            "Cookie": f"muster_session={session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Length": "0",
        }
        with closing(HTTPConnection("127.0.0.1", muster.port, timeout=120)) as browser:
            everybody.wait()
            browser.request("POST", "/desk/next/", headers=headers)
            answer = browser.getresponse()
            answer.read()
            return answer.headers.get("Location", str(answer.status))

    with ThreadPoolExecutor(len(sessions)) as pool:
        return set(pool.map(press, sessions))


def told_of_claims(installation: Installation) -> dict[str, int]:
    code = (
        "import json; from triage.audit.models import AuditEvent; "
        "from triage.queues.models import Ticket; "
        "claims = list(AuditEvent.objects.filter(action='ticket.claim')"
        ".values_list('subject_id', flat=True)); "
        "held = Ticket.objects.filter(holder__isnull=False).values('holder').distinct().count(); "
        "print(json.dumps({'claims': len(claims), 'emails': len(set(claims)), 'held': held}))"
    )
    told: dict[str, int] = json.loads(installation.manage("shell", "-v0", "-c", code))
    return told
