"""Each mail of the storm comes once, whatever happened to the demo before."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest

from triage.benchmarks.servers.ports import free_port
from triage.demo import drip, imap_server, place, storm
from triage.demo.cast import MAILBOX_USER, PASSWORD
from triage.demo.place import Place

SHORT = 8


@pytest.fixture
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A demo whose storm has 60 mails at once and a few more."""
    mails = storm.load_storm()[: drip.AT_ONCE + SHORT]
    monkeypatch.setattr(storm, "load_storm", lambda: mails)
    found = place.find(tmp_path, port=free_port())
    imap_server.create_account(found.mail, username=MAILBOX_USER, password=PASSWORD)
    return found


@pytest.fixture
def delivered(where: Place) -> list[Path]:
    drip.drip(where, every_seconds=0)
    return imap_server.delivered(where.mail, username=MAILBOX_USER)


def test_every_mail_comes(where: Place, delivered: list[Path]) -> None:
    assert len(delivered) == drip.AT_ONCE + SHORT
    assert drip.coming(where) == []


def test_a_second_start_brings_nothing_twice(where: Place, delivered: list[Path]) -> None:
    drip.drip(where, every_seconds=0)
    assert len(imap_server.delivered(where.mail, username=MAILBOX_USER)) == len(delivered)


def test_what_is_missing_comes_after_a_restart(where: Place, delivered: list[Path]) -> None:
    key = storm.message_id(drip.storm.load_storm()[3]).encode()
    (lost,) = [path for path in delivered if key in path.read_bytes().split(b"\r\n\r\n")[0]]
    lost.unlink()
    assert [storm.message_id(mail).encode() for mail in drip.coming(where)] == [key]


def test_a_mail_that_the_server_has_moved_is_still_known(
    where: Place, delivered: list[Path]
) -> None:
    seen = delivered[0].rename(where.mail / MAILBOX_USER / "cur" / f"{delivered[0].name}:2,S")
    assert seen.exists()
    assert drip.coming(where) == []


def test_the_first_mails_look_as_if_they_had_come_all_morning(delivered: list[Path]) -> None:
    times = [path.stat().st_mtime for path in delivered[: drip.AT_ONCE]]
    assert times == sorted(times)
    assert timedelta(seconds=times[-1] - times[0]) > timedelta(hours=2)
    assert abs(times[-1] - time.time()) < 300
