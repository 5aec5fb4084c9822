"""The servers that other tests lean on do what they promise."""

from __future__ import annotations

import smtplib
import time

import psycopg
import pytest
from imapclient import IMAPClient
from playwright.sync_api import Page
from redis import ConnectionError as NoRedis
from redis import Redis

from tests.servers.dovecot import DovecotServer, ImapUser
from tests.servers.redis import RedisServer
from tests.servers.smtp_sink import Delay, RecordingSmtpServer, Refuse, Reset, Silence, Stage
from triage.benchmarks.servers.postgres import PostgresServer

MAIL = b"Subject: Hello\r\nMessage-ID: <1@example.org>\r\n\r\nGood morning.\r\n.A dot.\r\n"


def log_in(user: ImapUser) -> IMAPClient:
    client = IMAPClient(user.host, user.port, ssl=False, timeout=10)
    client.login(user.username, user.password)
    return client


def test_each_test_gets_an_empty_postgresql_database(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_stat_user_tables").fetchone()
    assert row == (0,)


def test_a_postgresql_of_its_own_keeps_what_was_committed_before_a_kill(
    own_postgres: PostgresServer,
) -> None:
    url = own_postgres.address.url("postgres")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
    own_postgres.kill()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
    own_postgres.restart()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_each_test_gets_an_empty_redis_database(redis_url: str) -> None:
    with Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("greeting", "hello")


def test_a_redis_of_its_own_comes_back_empty(own_redis: RedisServer) -> None:
    with Redis.from_url(own_redis.address.url()) as client:
        client.set("greeting", "hello")
        own_redis.kill()
        with pytest.raises(NoRedis):
            client.ping()
        own_redis.restart()
        assert client.get("greeting") is None


def test_a_dovecot_of_its_own_comes_back_with_its_mail(own_dovecot: DovecotServer) -> None:
    user = own_dovecot.address.create_user()
    user.deliver(MAIL)
    own_dovecot.kill()
    own_dovecot.restart()
    with log_in(user) as client:
        assert client.select_folder("INBOX")[b"EXISTS"] == 1


def test_a_mail_dropped_into_the_maildir_is_seen_over_imap(imap_user: ImapUser) -> None:
    imap_user.deliver(MAIL)
    with log_in(imap_user) as client:
        client.select_folder("INBOX")
        (uid,) = client.search(["HEADER", "Message-ID", "<1@example.org>"])
        assert client.fetch([uid], ["RFC822"])[uid][b"RFC822"] == MAIL


def test_a_waiting_client_hears_of_a_new_mail(imap_user: ImapUser) -> None:
    with log_in(imap_user) as client:
        client.select_folder("INBOX")
        client.idle()
        imap_user.deliver(MAIL)
        assert (1, b"EXISTS") in client.idle_check(timeout=5)
        client.idle_done()


def test_a_mail_appended_to_sent_stands_in_its_maildir(imap_user: ImapUser) -> None:
    with log_in(imap_user) as client:
        client.append("Sent", MAIL)
        assert client.find_special_folder(b"\\Sent") == "Sent"
    assert imap_user.mails("Sent") == [MAIL]


def test_the_recording_server_keeps_a_mail_to_the_byte(smtp_server: RecordingSmtpServer) -> None:
    with smtplib.SMTP(smtp_server.host, smtp_server.port, timeout=5) as client:
        client.sendmail("help@example.org", ["kim@example.net"], MAIL)
    (mail,) = smtp_server.wait_for(1)
    assert (mail.sender, mail.recipients) == ("help@example.org", ("kim@example.net",))
    assert mail.content == MAIL


def test_the_recording_server_wants_the_right_password() -> None:
    with RecordingSmtpServer(credentials={"help": "right"}) as server:
        client = smtplib.SMTP(server.host, server.port, timeout=5)
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login("help", "wrong")
        with pytest.raises(smtplib.SMTPSenderRefused):
            client.sendmail("help@example.org", ["kim@example.net"], MAIL)
        client.login("help", "right")
        client.sendmail("help@example.org", ["kim@example.net"], MAIL)
        assert server.wait_for(1)[0].username == "help"
        client.close()


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.QUIT])
@pytest.mark.parametrize("behaviour", [Refuse(421), Refuse(550), Reset()])
def test_a_mail_refused_at_any_stage_is_not_taken(
    smtp_server: RecordingSmtpServer, stage: Stage, behaviour: Refuse | Reset
) -> None:
    smtp_server.credentials = {"help": "right"}
    smtp_server.misbehave(stage, behaviour, times=2)  # smtplib falls back from EHLO to HELO
    with pytest.raises((smtplib.SMTPException, OSError)), smtplib.SMTP(timeout=5) as client:
        code, greeting = client.connect(smtp_server.host, smtp_server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, greeting)
        client.login("help", "right")
        client.sendmail("help@example.org", ["kim@example.net"], MAIL)
    assert smtp_server.mails == []


def test_a_mail_can_be_taken_although_the_sender_never_hears(
    smtp_server: RecordingSmtpServer,
) -> None:
    smtp_server.misbehave(Stage.AFTER_DOT, Silence(), keeps_mail=True)
    client = smtplib.SMTP(smtp_server.host, smtp_server.port, timeout=0.3)
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        client.sendmail("help@example.org", ["kim@example.net"], MAIL)
    assert len(smtp_server.wait_for(1)) == 1
    client.close()


def test_a_slow_server_takes_the_mail_in_the_end(smtp_server: RecordingSmtpServer) -> None:
    smtp_server.misbehave(Stage.RCPT, Delay(0.2), times=1)
    started = time.monotonic()
    with smtplib.SMTP(smtp_server.host, smtp_server.port, timeout=5) as client:
        client.sendmail("help@example.org", ["kim@example.net"], MAIL)
    assert time.monotonic() - started >= 0.2
    assert len(smtp_server.mails) == 1


def test_chromium_shows_a_page_and_knows_no_way_out(page: Page) -> None:
    page.set_content("<h1>Hello</h1>")
    assert page.get_by_role("heading", name="Hello").is_visible()
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org/")
