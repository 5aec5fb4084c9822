"""Redis forgets everything, or dies, in mid-run: the sweep finds all that was left."""

import os
import signal

import pytest
import redis as client

from tests.factories.mail import raw_mail
from tests.installation import Installation
from tests.prepared import add_mailbox
from tests.running import RunningMuster, running, wait_until
from tests.servers.dovecot import ImapUser
from tests.servers.redis import RedisServer
from tests.servers.smtp_sink import RecordingSmtpServer

pytestmark = [pytest.mark.live, pytest.mark.timeout(240)]
MAILS = 5_000 if os.environ.get("MUSTER_SOAK") else 120
SECONDS = 60 if MAILS == 120 else 600


@pytest.fixture
def muster(
    postgres_installation: Installation,
    own_redis: RedisServer,
    imap_user: ImapUser,
    smtp_server: RecordingSmtpServer,
) -> Installation:
    postgres_installation.environment["REDIS_URL"] = own_redis.address.url(0)
    add_mailbox(postgres_installation, imap_user=imap_user, smtp_url=smtp_server.url)
    for number in range(MAILS):
        imap_user.deliver(raw_mail(message_id=f"{number}@customer.example", text=f"Mail {number}"))
    return postgres_installation


def begun(muster: Installation) -> bool:
    return int(muster.manage_json("ledger")["messages"]["received"]) > 0


def all_done(muster: Installation) -> bool:
    messages = muster.manage_json("ledger")["messages"]
    return bool(messages["open"] == MAILS and messages["waiting"] == 0)


def flush(app: RunningMuster, server: RedisServer) -> None:
    client.Redis(port=server.address.port).flushall()


def lose_workers(app: RunningMuster, server: RedisServer) -> None:
    for process in app.processes:
        if "rqworker" in process.args:  # type: ignore[operator]
            os.killpg(process.pid, signal.SIGKILL)
    flush(app, server)


def die(app: RunningMuster, server: RedisServer) -> None:
    server.kill()


@pytest.mark.parametrize("harm", [flush, lose_workers, die], ids=lambda harm: harm.__name__)
def test_every_mail_is_in_its_queue_within_a_minute_after_redis_is_lost(
    muster: Installation, own_redis: RedisServer, harm: object
) -> None:
    with running(muster) as app:
        wait_until(lambda: begun(muster), "the first mails are in")
        harm(app, own_redis)  # type: ignore[operator]
        wait_until(lambda: all_done(muster), "every mail is in its queue", seconds=SECONDS)
    assert muster.manage_json("ledger")["unexplained"] == 0
