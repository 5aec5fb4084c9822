"""The commands about mailboxes, against a real Dovecot."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from inbox.mailboxes import password_of
from inbox.models import Arrival, Folder, Mailbox
from tests.factories.mail import arrival, raw_mail, server_mailbox
from tests.servers.dovecot import ImapUser
from tests.servers.smtp_sink import RecordingSmtpServer
from triage.audit.models import AuditEvent

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


def add(user: ImapUser, smtp: RecordingSmtpServer, *more: str, start: str = "now") -> None:
    call_command(
        "add_mailbox",
        f"--address={user.address}",
        f"--imap={user.url}",
        f"--smtp={smtp.url}",
        "--password-env=MAIL_PASSWORD",
        f"--start={start}",
        *more,
    )


@pytest.fixture(autouse=True)
def password(imap_user: ImapUser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", imap_user.password)


def test_a_mailbox_is_added_after_both_servers_answered(
    imap_user: ImapUser, smtp_server: RecordingSmtpServer, capsys: pytest.CaptureFixture[str]
) -> None:
    imap_user.deliver(raw_mail())
    add(imap_user, smtp_server)
    mailbox = Mailbox.objects.get()
    assert password_of(mailbox) == imap_user.password
    assert Folder.objects.get().before_start == 1
    assert "0 emails will be taken in, 1 older ones stay untouched" in capsys.readouterr().out
    assert AuditEvent.objects.get().action == "mailbox.add"


@pytest.mark.parametrize(("start", "taken"), [("all", 1), ("2020-01-01", 1), ("now", 0)])
def test_the_start_decides_what_is_taken_in(
    imap_user: ImapUser, smtp_server: RecordingSmtpServer, start: str, taken: int
) -> None:
    imap_user.deliver(raw_mail())
    add(imap_user, smtp_server, start=start)
    call_command("watch_inbox", "--once")
    assert Arrival.objects.count() == taken


def test_a_wrong_password_is_one_clear_line_and_nothing_is_saved(
    imap_user: ImapUser, smtp_server: RecordingSmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", "wrong")
    with pytest.raises(CommandError, match="The password was refused"):
        add(imap_user, smtp_server)
    assert not Mailbox.objects.exists()


def test_an_outgoing_server_that_does_not_answer_is_told(
    imap_user: ImapUser, smtp_server: RecordingSmtpServer
) -> None:
    with pytest.raises(CommandError, match="Outgoing mail"):
        add(imap_user, smtp_server, "--smtp=smtp://127.0.0.1:1")
    assert not Mailbox.objects.exists()


def test_a_mailbox_is_added_once(imap_user: ImapUser, smtp_server: RecordingSmtpServer) -> None:
    add(imap_user, smtp_server)
    with pytest.raises(CommandError, match="already here"):
        add(imap_user, smtp_server)


def test_without_a_start_and_a_terminal_it_says_what_is_missing(
    imap_user: ImapUser, smtp_server: RecordingSmtpServer
) -> None:
    with pytest.raises(CommandError, match="--start"):
        call_command(
            "add_mailbox",
            f"--address={imap_user.address}",
            f"--imap={imap_user.url}",
            f"--smtp={smtp_server.url}",
            "--password-env=MAIL_PASSWORD",
        )


def test_one_mailbox_that_fails_does_not_keep_another_from_being_fetched(
    imap_user: ImapUser,
) -> None:
    broken = server_mailbox(imap_user, password="wrong")
    Mailbox.objects.filter(pk=broken.pk).update(address="broken@example.org")
    server_mailbox(imap_user)
    imap_user.deliver(raw_mail())
    with pytest.raises(CommandError, match=r"broken@example.org: The password was refused"):
        call_command("watch_inbox", "--once")
    assert Arrival.objects.count() == 1


def test_reconcile_finds_what_is_missing_here_and_there(
    imap_user: ImapUser, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [imap_user.deliver(raw_mail()) for _ in range(2)]
    server_mailbox(imap_user)
    call_command("watch_inbox", "--once")
    imap_user.deliver(raw_mail())
    next(imap_user.folder("INBOX").glob(f"*/{paths[0].name}*")).unlink()
    call_command("reconcile", "--json")
    (found,) = json.loads(capsys.readouterr().out)["mailboxes"]
    counted = {key: found[key] for key in ("on_server", "stored", "missing", "only_here")}
    assert counted == {"on_server": 2, "stored": 1, "missing": 1, "only_here": 1}


def test_reconcile_says_when_a_server_cannot_be_asked(imap_user: ImapUser) -> None:
    server_mailbox(imap_user, password="wrong")
    with pytest.raises(CommandError, match="The password was refused"):
        call_command("reconcile", "--json")


def test_mail_set_aside_is_listed_and_put_away_with_a_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    row = arrival(state=Arrival.State.QUARANTINED, reason="too deep")
    call_command("quarantine", "list", "--json")
    assert json.loads(capsys.readouterr().out)["set_aside"][0]["reason"] == "too deep"
    call_command("quarantine", "discard", str(row.pk), "--reason", "advertising")
    row.refresh_from_db()
    assert (row.state, row.reason) == (Arrival.State.DISCARDED, "advertising")
    assert AuditEvent.objects.get().action == "set_aside.discard"


def test_mail_set_aside_is_put_back_in_line() -> None:
    row = arrival(state=Arrival.State.QUARANTINED, reason="too deep")
    call_command("quarantine", "replay", str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.reason, row.attempts) == (Arrival.State.STORED, "", 0)


def test_an_email_that_is_not_set_aside_is_refused() -> None:
    with pytest.raises(CommandError, match="No email 7 is set aside"):
        call_command("quarantine", "show", "7")
