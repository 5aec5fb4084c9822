"""Mail from files: every mail once, whatever kind of file it lies in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.utils import timezone

from inbox.importing import Imported, import_mailbox, import_mails, mails_in
from inbox.models import Arrival, Mailbox
from tests.factories.mail import raw_mail

FROM_LINE = b"From maya@example.com Fri Jan 15 12:00:00 2027\n"


def raws(*paths: Path) -> list[bytes]:
    unreadable: list[str] = []
    found = [mail.raw for mail in mails_in(paths, unreadable)]
    assert unreadable == []
    return found


def test_a_file_that_is_no_mbox_is_one_mail(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"Subject: x\n\nFrom here on it is text.\n")
    assert raws(tmp_path / "a.eml") == [b"Subject: x\n\nFrom here on it is text.\n"]


def test_an_mbox_is_cut_at_its_from_lines_only(tmp_path: Path) -> None:
    first = b"Subject: one\n\nFrom now on, no more.\n\nFrom me.\n"
    second = b"Subject: two\n\n>From the start\n"
    (tmp_path / "box").write_bytes(FROM_LINE + first + b"\n" + FROM_LINE + second + b"\n")
    assert raws(tmp_path / "box") == [first, second.replace(b">From", b"From")]


def test_a_maildir_gives_its_mails_with_the_time_of_delivery(tmp_path: Path) -> None:
    for part in ("cur", "new", "tmp", ".Sub/cur", ".Sub/new"):
        (tmp_path / part).mkdir(parents=True)
    (tmp_path / "cur" / "1:2,S").write_bytes(b"a")
    os.utime(tmp_path / "cur" / "1:2,S", (1_700_000_000, 1_700_000_000))
    (tmp_path / "new" / "2").write_bytes(b"b")
    (tmp_path / "tmp" / "3").write_bytes(b"half a mail")
    (tmp_path / "dovecot-uidlist").write_bytes(b"no mail")
    (tmp_path / ".Sub" / "new" / "4").write_bytes(b"c")
    found = list(mails_in([tmp_path], []))
    assert [mail.raw for mail in found] == [b"a", b"b", b"c"]
    assert found[0].received_at is not None
    assert found[0].received_at.timestamp() == 1_700_000_000


def test_folders_are_walked_in_the_order_of_names(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.eml").write_bytes(b"two")
    (tmp_path / "a.eml").write_bytes(b"one")
    (tmp_path / ".hidden").write_bytes(b"no mail")
    assert raws(tmp_path) == [b"one", b"two"]


def test_a_file_that_cannot_be_read_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "a.eml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "b.eml").write_bytes(b"fine")
    unreadable: list[str] = []
    assert [mail.raw for mail in mails_in([tmp_path], unreadable)] == [b"fine"]
    assert unreadable == [str(tmp_path / "a.eml")]


def imported(*paths: Path, address: str = "") -> Imported:
    mailbox = import_mailbox(address, at=timezone.now())
    return import_mails(mails_in(paths, []), mailbox=mailbox, clock=timezone.now)


@pytest.mark.django_db
def test_importing_again_stores_nothing_twice(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.eml").write_bytes(raw_mail(subject=str(number)))
    assert (imported(tmp_path).stored, imported(tmp_path).known) == (3, 3)
    assert list(Arrival.objects.order_by("uid").values_list("uid", "state")) == [
        (1, "stored"),
        (2, "stored"),
        (3, "stored"),
    ]


@pytest.mark.django_db
def test_the_same_file_twice_in_one_import_is_one_mail(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(raw_mail(message_id="same@x"))
    assert imported(tmp_path).stored == 1


@pytest.mark.django_db
def test_imported_mail_goes_to_a_mailbox_of_its_own_unless_told(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(raw_mail())
    imported(tmp_path)
    imported(tmp_path, address="help@example.org")
    assert set(Mailbox.objects.values_list("address", "kind")) == {
        ("import", "import"),
        ("help@example.org", "import"),
    }
