"""Steps run in their lines, by sweep or by bell; one that fails stops none of the others."""

import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from inbox.models import Message
from tests.factories import desk
from tests.installation import Installation
from triage import schedule
from triage.benchmarks.servers.ports import free_port
from triage.checks import no_failpoint_is_set
from triage.queues.models import Ticket
from triage.schedule import LINES, STEPS, StepFailed, run_step, take_turn

LONG_AGO = datetime(2020, 1, 15, 12, 0, tzinfo=UTC)


@pytest.fixture
def poison(monkeypatch):
    """The first step fails with a customer's words in its error."""

    def fail(*, at):
        raise ValueError("dana@example.net wrote: help")

    monkeypatch.setattr(schedule, "STEPS", {**STEPS, "parse": fail})


def test_every_step_is_in_exactly_one_line():
    assert sorted(name for line in LINES.values() for name in line) == sorted(STEPS)


@pytest.mark.django_db(transaction=True)
def test_a_failing_step_tells_its_place_and_nothing_of_any_mail(poison):
    with pytest.raises(StepFailed) as failure:
        take_turn("parse")
    assert "ValueError at test_schedule.py:" in str(failure.value)
    assert "dana" not in str(failure.value)


@pytest.mark.django_db(transaction=True)
def test_a_bell_for_a_failing_step_raises_nothing(poison):
    assert run_step("parse") == 0


@pytest.mark.django_db(transaction=True)
def test_a_bell_does_all_that_is_due():
    desk.queue()
    for _ in range(100):
        desk.message(due_at=LONG_AGO)
    assert run_step("triage") == 100
    assert Ticket.objects.count() == 100


@pytest.mark.django_db(transaction=True)
def test_working_once_ends_when_nothing_is_due():
    desk.queue()
    desk.message(due_at=LONG_AGO)
    call_command("work", once=True, steps=["triage", "fold"])
    assert not Message.objects.filter(due_at__isnull=False).exists()


@pytest.mark.django_db(transaction=True)
def test_working_once_does_the_other_steps_and_then_names_the_one_that_failed(poison):
    desk.queue()
    desk.message(due_at=LONG_AGO)
    with pytest.raises(CommandError, match="parse: ValueError"):
        call_command("work", once=True, steps=["parse", "triage"])
    assert Ticket.objects.count() == 1


def test_an_rq_worker_without_redis_says_what_to_do():
    with pytest.raises(CommandError, match="REDIS_URL"):
        call_command("rqworker", "mail_in")


def test_check_deploy_fails_while_a_failpoint_is_set(monkeypatch):
    assert no_failpoint_is_set(None) == []
    monkeypatch.setenv("MUSTER_FAILPOINT", "send.before_dot")
    assert [found.id for found in no_failpoint_is_set(None)] == ["muster.E001"]


def test_the_worker_does_what_is_due_and_ends_cleanly_when_told_to(sqlite_installation):
    sqlite_installation.manage("shell", "-v0", "-c", ONE_EMAIL_DUE)
    worker = sqlite_installation.start("work")
    wait_for_one_ticket(sqlite_installation)
    assert ended_cleanly(worker)


@pytest.mark.live
def test_a_bell_in_redis_is_heard_by_the_worker_of_its_line(sqlite_installation, redis_url):
    environment = {"REDIS_URL": redis_url}
    sqlite_installation.manage("shell", "-v0", "-c", ONE_EMAIL_DUE + RING, **environment)
    sqlite_installation.manage("rqworker", "mail_in", "--burst", **environment)
    wait_for_one_ticket(sqlite_installation)


@pytest.mark.live
def test_a_waiting_rq_worker_hears_a_bell_and_ends_cleanly_when_told_to(
    sqlite_installation, redis_url
):
    environment = {"REDIS_URL": redis_url}
    worker = sqlite_installation.start("rqworker", "mail_in", **environment)
    sqlite_installation.manage("shell", "-v0", "-c", ONE_EMAIL_DUE + RING, **environment)
    wait_for_one_ticket(sqlite_installation)
    assert ended_cleanly(worker)


def test_an_rq_worker_whose_redis_is_away_says_so(sqlite_installation):
    address = f"redis://127.0.0.1:{free_port()}/0"
    worker = sqlite_installation.start("rqworker", "mail_in", REDIS_URL=address)
    _output, errors = worker.communicate(timeout=60)
    assert worker.returncode == 1
    assert "REDIS_URL" in errors
    assert "Traceback" not in errors


ONE_EMAIL_DUE = """
from tests.factories import desk
desk.message(due_at=desk.NOON.replace(year=2020))
"""
RING = """
from inbox.jobs import ring
ring("triage")
"""


def ended_cleanly(process: "subprocess.Popen[str]") -> bool:
    """Tells a process to end, and whether it then did so by itself within 30 s."""
    process.send_signal(signal.SIGTERM)
    try:
        process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
    return process.returncode == 0


def wait_for_one_ticket(installation: Installation) -> None:
    """Looks into the database file for at most 30 s."""
    until = time.monotonic() + 30
    with closing(sqlite3.connect(installation.folder / "muster.sqlite3")) as database:
        while not database.execute("SELECT count(*) FROM queues_ticket").fetchone()[0]:
            assert time.monotonic() < until
            time.sleep(0.1)
