"""The demo's IMAP server behaves like the real ones where Muster looks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from triage.benchmarks.servers.ports import LOOPBACK, answers, free_port
from triage.benchmarks.servers.process import ServerProcess, start_process
from triage.demo import imap_server

USER = "help@example.org"
PASSWORD = "correct: horse"
MAIL = b"Subject: Hello\r\nMessage-ID: <1@example.org>\r\n\r\nGood morning.\r\n.A dot.\r\n"
NOT_QUITE_MAIL = b"\x00Subject\r\nFrom: \xff\xfe\r\n\r\nlone\nfeeds\rand \xe4 bytes"


@contextmanager
def running(root: Path, port: int) -> Iterator[ServerProcess]:
    argv = ["-m", "triage.demo.imap_server", "--root", str(root), "--port", str(port)]
    checkout = Path(imap_server.__file__).parents[2]
    server = start_process(
        "imap",
        [sys.executable, *argv],
        folder=checkout,
        log_folder=root,
        is_ready=lambda: answers(port),
    )
    yield server
    server.stop()


@contextmanager
def logged_in(port: int) -> Iterator[IMAPClient]:
    with IMAPClient(LOOPBACK, port, ssl=False, timeout=10) as client:
        client.login(USER, PASSWORD)
        yield client


@pytest.fixture
def root(tmp_path: Path) -> Path:
    imap_server.create_account(tmp_path, username=USER, password=PASSWORD)
    return tmp_path


@pytest.fixture
def port(root: Path) -> Iterator[int]:
    number = free_port()
    with running(root, number):
        yield number


@pytest.mark.parametrize("mail", [MAIL, NOT_QUITE_MAIL])
def test_a_delivered_mail_is_fetched_to_the_byte(root: Path, port: int, mail: bytes) -> None:
    imap_server.deliver(root, mail, username=USER)
    with logged_in(port) as client:
        client.select_folder("INBOX")
        fetched = client.fetch([1], ["BODY.PEEK[]", "RFC822.SIZE"])[1]
    assert (fetched[b"BODY[]"], fetched[b"RFC822.SIZE"]) == (mail, len(mail))


def test_uids_follow_the_order_of_delivery(root: Path, port: int) -> None:
    mails = [b"Subject: %d\r\n\r\n" % number for number in range(20)]
    for mail in mails:
        imap_server.deliver(root, mail, username=USER)
    with logged_in(port) as client:
        client.select_folder("INBOX")
        fetched = client.fetch(range(1, 21), ["BODY.PEEK[]"])
    assert [fetched[uid][b"BODY[]"] for uid in sorted(fetched)] == mails


def test_a_waiting_client_hears_of_a_new_mail(root: Path, port: int) -> None:
    with logged_in(port) as client:
        client.select_folder("INBOX")
        client.idle()
        imap_server.deliver(root, MAIL, username=USER)
        assert (1, b"EXISTS") in client.idle_check(timeout=5)
        client.idle_done()


def test_a_polling_client_sees_a_new_mail(root: Path, port: int) -> None:
    with logged_in(port) as client:
        client.select_folder("INBOX")
        imap_server.deliver(root, MAIL, username=USER)
        client.noop()
        assert client.search() == [1]


def test_a_copy_in_sent_is_found_by_its_message_id(port: int) -> None:
    with logged_in(port) as client:
        client.append("Sent", MAIL)
        client.append("Sent", b"Message-ID: <2@example.org>\r\n\r\nother\r\n")
        client.select_folder("Sent")
        assert client.search(["HEADER", "Message-ID", "<1@example.org>"]) == [1]
        assert client.fetch([1], ["BODY.PEEK[]"])[1][b"BODY[]"] == MAIL


def test_mails_and_uidvalidity_survive_a_kill(root: Path) -> None:
    port = free_port()
    wanted = ["MESSAGES", "UIDNEXT", "UIDVALIDITY"]
    imap_server.deliver(root, MAIL, username=USER)
    with running(root, port) as server, logged_in(port) as client:
        before = client.folder_status("INBOX", wanted)
        (root / USER / "dovecot-uidlist.lock").touch()  # killed while it wrote its books
        server.kill()
    with running(root, port), logged_in(port) as client:
        assert client.folder_status("INBOX", wanted) == before
    assert before[b"UIDNEXT"] == 2


def test_a_wrong_password_is_refused(port: int) -> None:
    with IMAPClient(LOOPBACK, port, ssl=False, timeout=10) as client, pytest.raises(LoginError):
        client.login(USER, "wrong")


def test_a_new_password_replaces_the_old_one(root: Path, port: int) -> None:
    imap_server.create_account(root, username=USER, password="new")
    with IMAPClient(LOOPBACK, port, ssl=False, timeout=10) as client:
        client.login(USER, "new")
        assert client.folder_exists("Sent")


def test_a_taken_port_is_said_in_one_line(
    root: Path, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert imap_server.main(["--root", str(root), "--port", str(port)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
