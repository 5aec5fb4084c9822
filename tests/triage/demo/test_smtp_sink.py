"""The demo's SMTP server keeps every mail and lets none out."""

from __future__ import annotations

import smtplib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from triage.benchmarks.servers.ports import LOOPBACK, answers, free_port
from triage.benchmarks.servers.process import start_process
from triage.demo import smtp_sink

MAIL = b"Subject: Hello\r\nMessage-ID: <1@example.org>\r\n\r\nGood morning.\r\n.A dot.\r\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "outbox"


@pytest.fixture
def client(folder: Path, tmp_path: Path) -> Iterator[smtplib.SMTP]:
    port = free_port()
    argv = ["-m", "triage.demo.smtp_sink", "--folder", str(folder), "--port", str(port)]
    server = start_process(
        "sink",
        [sys.executable, *argv],
        folder=Path(smtp_sink.__file__).parents[2],
        log_folder=tmp_path,
        is_ready=lambda: answers(port),
    )
    with smtplib.SMTP(LOOPBACK, port, timeout=10) as connection:
        yield connection
    server.stop()


def test_a_mail_is_kept_to_the_byte_with_its_envelope(client: smtplib.SMTP, folder: Path) -> None:
    client.sendmail("help@example.org", ["kim@example.net", "lee@example.net"], MAIL)
    (mail,) = smtp_sink.stored(folder)
    assert mail.path.read_bytes() == MAIL
    assert (mail.sender, mail.size_bytes) == ("help@example.org", len(MAIL))
    assert mail.recipients == ("kim@example.net", "lee@example.net")
    assert mail.received_at.utcoffset() is not None


def test_the_newest_mail_stands_first(client: smtplib.SMTP, folder: Path) -> None:
    for name in ("first", "second", "third"):
        client.sendmail(f"{name}@example.org", ["kim@example.net"], MAIL)
    newest = smtp_sink.stored(folder, limit=2)
    assert [mail.sender for mail in newest] == ["third@example.org", "second@example.org"]


def test_any_password_is_welcome(client: smtplib.SMTP, folder: Path) -> None:
    client.login("help@example.org", "anything")
    client.sendmail("help@example.org", ["kim@example.net"], MAIL)
    assert smtp_sink.stored(folder)[0].username == "help@example.org"


def test_a_mail_is_found_by_its_id_only(client: smtplib.SMTP, folder: Path) -> None:
    client.sendmail("help@example.org", ["kim@example.net"], MAIL)
    (mail,) = smtp_sink.stored(folder)
    assert smtp_sink.stored_mail(folder, mail.id) == mail
    assert smtp_sink.stored_mail(folder, f"../{folder.name}/{mail.id}") is None
    assert smtp_sink.stored_mail(folder, mail.id.replace("-0", "-9", 1)) is None


def test_before_the_first_mail_the_outbox_is_empty(folder: Path) -> None:
    assert smtp_sink.stored(folder) == []
