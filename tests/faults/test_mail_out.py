"""Whatever a mail server does and whenever a worker dies: nothing is lost, nothing sent twice."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes

import pytest

from inbox.failpoints import REGISTRY
from tests.faults.senders import Senders, senders
from tests.installation import Installation
from tests.servers.dovecot import ImapUser
from tests.servers.smtp_sink import (
    Delay,
    HangUp,
    RecordingSmtpServer,
    Refuse,
    Reset,
    Silence,
    Stage,
)

pytestmark = [pytest.mark.live, pytest.mark.timeout(600)]
SOAK = bool(os.environ.get("MUSTER_SOAK"))
FAILPOINTS = sorted(name for name in REGISTRY if name.startswith("send.")) * (20 if SOAK else 1)
AFTER_THE_DOT = {"send.after_dot", "send.before_sent"}
HOUR = 60


@pytest.fixture
def workers(installation: Installation) -> Iterator[Senders]:
    """Workers on SQLite, and again on PostgreSQL."""
    with senders(installation) as started:
        yield started


def killed_at(failpoint: str, workers: Senders, minute: int) -> None:
    worker = workers.start("send", minute, minute, 1, failpoint=failpoint)
    assert worker.wait() == -signal.SIGKILL, f"{failpoint} was not passed"


def recipients(server: RecordingSmtpServer) -> Counter[str]:
    return Counter(recipient for mail in server.mails for recipient in mail.recipients)


def copies(user: ImapUser) -> Counter[str]:
    mails = [message_from_bytes(raw) for raw in user.mails("Sent")]
    return Counter(str(mail["To"]).strip("<>") for mail in mails)


def test_a_worker_killed_anywhere_loses_nothing_and_sends_nothing_twice(
    workers: Senders, smtp_server: RecordingSmtpServer, imap_user: ImapUser
):
    imap = (imap_user.url, imap_user.address, imap_user.password)
    workers.queue(len(FAILPOINTS), smtp_server.url, *imap)
    for number, failpoint in enumerate(FAILPOINTS):
        killed_at(failpoint, workers, number * HOUR)
        if failpoint in AFTER_THE_DOT:  # as providers do that keep a copy of what they send
            imap_user.deliver(smtp_server.wait_for(number + 1)[-1].content, folder="Sent")
        states = workers.send(number * HOUR + 10)
        person = f"p{number}@example.net"
        assert states[person] == "sent", failpoint
        assert recipients(smtp_server)[person] == 1, failpoint
        assert copies(imap_user)[person] == 1, failpoint
    assert set(recipients(smtp_server).values()) == {1}


def test_a_worker_killed_after_the_dot_leaves_it_to_a_person_when_there_is_no_proof(
    workers: Senders, smtp_server: RecordingSmtpServer
):
    workers.queue(2, smtp_server.url)
    for number, failpoint in enumerate(sorted(AFTER_THE_DOT)):
        killed_at(failpoint, workers, number * HOUR)
    states = workers.send(HOUR + 10, 5 * HOUR, 10)
    assert set(states.values()) == {"unknown"}
    assert recipients(smtp_server) == {"p0@example.net": 1, "p1@example.net": 1}


def test_a_server_that_fails_in_every_way_gets_each_mail_once(
    workers: Senders, smtp_server: RecordingSmtpServer
):
    workers.queue(40, smtp_server.url)
    for stage in (Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.AFTER_DOT):
        for refusal in (Refuse(451, "later"), Refuse(550, "never")):
            smtp_server.misbehave(stage, refusal, times=1)
    for stage in (Stage.BANNER, Stage.EHLO, Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.BEFORE_DOT):
        for trouble in (Reset(), HangUp(), Silence(), Refuse(421, "busy")):
            smtp_server.misbehave(stage, trouble, times=1)
    for silence in (Reset(), HangUp(), Silence()):
        for kept in (True, False):
            smtp_server.misbehave(Stage.AFTER_DOT, silence, times=1, keeps_mail=kept)
    states = workers.send(0, 40 * HOUR, 15)
    got = recipients(smtp_server)
    assert max(got.values()) == 1
    assert {person for person, state in states.items() if state == "sent"} <= set(got)
    ends = Counter(states.values())
    # What the server said before the dot, but could not be heard any more, may end as unknown.
    assert ends["rejected"] == 4
    assert 6 <= ends["unknown"] <= 10
    assert ends["sent"] == 40 - ends["rejected"] - ends["unknown"]


def test_workers_killed_at_any_moment_send_nothing_twice(
    workers: Senders, smtp_server: RecordingSmtpServer
):
    seed = random.randrange(10_000)
    chance = random.Random(seed)
    smtp_server.misbehave(Stage.RCPT, Delay(0.02))
    workers.queue(60, smtp_server.url)
    for turn in range(20 if SOAK else 4):
        minute = 60 * HOUR + 10 * turn
        worker = workers.start("send", minute, minute, 1)
        smtp_server.wait_for(len(smtp_server.mails) + 1, seconds=30)
        time.sleep(chance.random() / 4)
        worker.kill()
        worker.wait()
    states = workers.send(100 * HOUR, 100 * HOUR + 10, 10)
    got = recipients(smtp_server)
    assert max(got.values()) == 1, seed
    for person, state in states.items():
        assert state in {"sent", "unknown"}, seed
        assert got[person] == 1 or state == "unknown", seed
    assert list(states.values()).count("unknown") <= (20 if SOAK else 4), seed


def test_three_workers_at_once_send_each_mail_once(
    workers: Senders, smtp_server: RecordingSmtpServer
):
    workers.queue(60, smtp_server.url)
    started = [workers.start("send", 60 * HOUR, 60 * HOUR, 1) for _ in range(3)]
    assert [worker.wait() for worker in started] == [0, 0, 0]
    got = recipients(smtp_server)
    assert len(got) == 60
    assert set(got.values()) == {1}
