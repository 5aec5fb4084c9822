"""The fixed names of INTERFACES: commands, exit codes, one-line reasons, JSON keys and times.

People script against this from outside, so each command is a real process here. Since that takes
a second each, a test may be a whole way through the commands: what each stop must show is a
function of its own.
"""

from __future__ import annotations

import hashlib
import json
import mailbox
import re
import signal
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.factories.mail import raw_mail
from tests.installation import Installation
from tests.servers.dovecot import ImapUser
from tests.servers.smtp_sink import RecordingSmtpServer
from triage.benchmarks.servers.ports import free_port

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]

MESSAGES = {
    *("received", "waiting", "machine", "open", "answered", "covered", "answered_elsewhere"),
    *("handed_over", "no_reply_needed", "undeliverable", "quarantined"),
}
REPLIES = {"draft", "in_review", "queued", "sending", "sent", "rejected", "unknown", "bounced"}
MAILBOX = {
    *("address", "on_server", "before_start", "seen", "stored", "quarantined", "missing"),
}
EXPORTED = {
    *("id", "raw_sha256", "raw_size", "state", "reason", "message_id", "subject", "from_address"),
    *("from_name", "date", "received_at", "text", "new_text", "has_html", "attachments", "kind"),
    *("channel", "language", "conversation_id", "label", "topic", "tone", "queue", "outcome"),
}
UTC_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def reason(self) -> str:
        """The one line it explains itself with; fails when there are more."""
        (line,) = self.err.splitlines()
        assert len(line) < 400
        return line

    @property
    def told(self) -> dict[str, Any]:
        """The one JSON object of standard output; fails when there is anything else."""
        assert self.code == 0, self.err
        (line,) = self.out.splitlines()
        found = json.loads(line)
        assert isinstance(found, dict)
        return found


@dataclass(frozen=True)
class Muster:
    """One installation and the servers around it."""

    installation: Installation
    user: ImapUser
    smtp: RecordingSmtpServer

    def run(self, *arguments: str, **more: str) -> Ended:
        process = self.installation.start(*arguments, **more)
        out, err = process.communicate(timeout=120)
        return Ended(process.returncode, out, err)

    def add(self, *, imap: str = "", smtp: str = "", password: str = "", start: str = "") -> Ended:
        """Adds the mailbox, with whatever is wrong in this test."""
        return self.run(
            *("add_mailbox", "--address", self.user.address, "--password-env", "MAIL_PASSWORD"),
            *("--imap", imap or self.user.url, "--smtp", smtp or self.smtp.url),
            *(("--start", start) if start else ()),
            MAIL_PASSWORD=password or self.user.password,
        )

    def exported(self, *more: str) -> list[dict[str, Any]]:
        ended = self.run("export_messages", "--jsonl", *more)
        assert (ended.code, ended.err) == (0, "")
        return [json.loads(line) for line in ended.out.splitlines()]


@pytest.fixture
def muster(
    sqlite_installation: Installation, imap_user: ImapUser, smtp_server: RecordingSmtpServer
) -> Muster:
    """An installation without a mailbox, beside an account that holds three mails."""
    for number in range(3):
        imap_user.deliver(raw_mail(subject=f"Old {number}"))
    return Muster(sqlite_installation, imap_user, smtp_server)


def in_utc(told: object) -> None:
    """Every time in there is ISO 8601 and UTC."""
    if isinstance(told, dict):
        for name, value in told.items():
            if value is not None and (
                name.endswith("_at") or name in ("date", "at", "low", "high")
            ):
                assert UTC_TIME.fullmatch(value), (name, value)
            in_utc(value)
    elif isinstance(told, list):
        for value in told:
            in_utc(value)


# Wrong usage is 2, whatever is there; a failure is 1 with one line; standard output stays empty.


@pytest.mark.parametrize(
    "words",
    [
        "add_mailbox --address a@example.org",
        "add_mailbox --address a@example.org --imap imaps://a@b --smtp smtps://b --oauth yahoo",
        "work --steps fly",
        "export_messages",
        "export_messages --jsonl --since yesterday",
        "quarantine discard 1",
        "create_user --email a@example.org --role king",
        "incident level panic",
        "incident level all-hands --until tomorrow",
        "ledger --xml",
    ],
)
def test_wrong_usage_is_2(muster: Muster, words: str) -> None:
    ended = muster.run(*words.split())
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("usage: ")
    assert "error: " in ended.err.splitlines()[-1]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("rqworker mail_in", "REDIS_URL is not set"),
        ("reconcile --address nobody@example.org --json", "no mailbox nobody@example.org"),
        ("quarantine show 9 --json", "No email 9"),
        ("quarantine replay 9", "No email 9"),
        ("quarantine discard 9 --reason Spam", "No email 9"),
        ("create_user --email nobody --role support", "nobody is not an email address"),
        ("create_user --email a@example.org --role support --password-env NIL", "NIL is not set"),
        ("incident level elevated", "No incident is open"),
        ("incident close --json", "No incident is open"),
        ("activate_model 9", "no model 9"),
        ("evaluate_model --json", "no such model"),
        ("import_mail /nowhere/at/all --json", "no file or folder /nowhere/at/all"),
    ],
)
def test_a_failure_is_1_and_one_line(muster: Muster, words: str, reason: str) -> None:
    ended = muster.run(*words.split())
    assert (ended.code, ended.out) == (1, "")
    assert reason in ended.reason


def test_an_installation_without_anything_has_complete_books(muster: Muster) -> None:
    books = muster.run("ledger", "--json").told
    assert books.keys() == {
        *("mailboxes", "messages", "unexplained", "replies", "oldest_open_at", "forecast"),
    }
    assert books["messages"] == dict.fromkeys(MESSAGES, 0)
    assert books["replies"] == dict.fromkeys(REPLIES, 0)
    assert (books["mailboxes"], books["unexplained"], books["oldest_open_at"]) == ([], 0, None)
    assert books["forecast"].keys() == {"clear_at", "low", "high"}


# add_mailbox: both servers are tried before anything is saved.


def test_a_mailbox_that_does_not_work_is_refused_in_one_line(muster: Muster) -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    wrong = {
        "password": muster.add(password="wrong", start="now"),
        "imap server": muster.add(imap=f"imap://a@{nowhere}", start="now"),
        "smtp server": muster.add(smtp=f"smtp://{nowhere}", start="now"),
        "plain imap": muster.add(imap="imap://a@imap.example.org", start="now"),
        "plain smtp": muster.add(smtp="smtp://smtp.example.org", start="now"),
        "scheme": muster.add(imap="pop3://a@127.0.0.1", start="now"),
        "day": muster.add(start="2026-02-31"),
        "no start": muster.add(),
    }
    said = {name: ended.reason for name, ended in wrong.items()}
    assert {ended.code for ended in wrong.values()} == {1}
    assert {ended.out for ended in wrong.values()} == {""}
    assert "imap" in said["scheme"].lower()
    assert "--start" in said["no start"]
    assert "2026-02-31" in said["day"]
    assert "password" in said["password"].lower()
    assert muster.run("ledger", "--json").told["mailboxes"] == []


def a_mailbox_begins_now_and_knows_what_was_before(muster: Muster) -> None:
    ended = muster.add(start="now")
    assert (ended.code, ended.err) == (0, "")
    assert "0 emails" in ended.out
    assert "3 older" in ended.out
    again = muster.add(start="all")
    assert (again.code, again.out) == (1, "")
    assert "already" in again.reason


# watch_inbox, work and reconcile: from the server into the books.


def watching_once_takes_in_what_is_new_and_ends(muster: Muster) -> None:
    muster.user.deliver(raw_mail(subject="New", message_id="new@customer.example"))
    muster.user.deliver(raw_mail(subject="Formula", sender="=1+1 <f@example.com>"))
    ended = muster.run("watch_inbox", "--once")
    assert (ended.code, ended.out) == (0, "")
    books = muster.run("ledger", "--json").told
    in_utc(books)
    (box,) = books["mailboxes"]
    assert box.keys() == MAILBOX
    assert (box["on_server"], box["before_start"], box["seen"], box["stored"]) == (5, 3, 2, 2)
    assert (box["missing"], books["unexplained"], books["messages"]["waiting"]) == (0, 0, 2)


def waiting_mails_are_exported_with_every_key(muster: Muster) -> None:
    lines = muster.exported()
    in_utc(lines)
    assert [line["state"] for line in lines] == ["waiting", "waiting"]
    assert {frozenset(line) for line in lines} == {frozenset(EXPORTED)}
    assert all(len(line["raw_sha256"]) == 64 and line["raw_size"] > 0 for line in lines)


def only_the_steps_that_are_named_are_done(muster: Muster) -> None:
    assert muster.run("work", "--once", "--steps", "parse").code == 0
    assert {line["state"] for line in muster.exported()} == {"parsed"}
    assert {line["label"] for line in muster.exported()} == {None}
    ended = muster.run("work", "--once")
    assert (ended.code, ended.out) == (0, "")
    assert {line["queue"] for line in muster.exported()} == {"unsorted"}


def reconciling_compares_with_the_server(muster: Muster) -> None:
    told = muster.run("reconcile", "--json").told
    in_utc(told)
    (box,) = told["mailboxes"]
    assert box.keys() >= MAILBOX - {"seen"}
    assert (box["on_server"], box["before_start"], box["missing"]) == (5, 3, 0)
    assert muster.run("reconcile", "--address", muster.user.address, "--json").told["missing"] == 0


# import_mail: files, mbox, Maildir, folders, again and again.


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with everything that can be imported: 8 mails, one of them no mail at all."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "one.eml").write_bytes(raw_mail(subject="One", attachment=("a.pdf", b"%PDF-1.4")))
    (folder / "two.txt").write_bytes(raw_mail(subject="Two", html="<p>Two</p>"))
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "three").write_bytes(raw_mail(subject="Three"))
    (folder / "empty.eml").write_bytes(b"")
    box = mailbox.mbox(folder / "old.mbox")
    for number in range(2):
        box.add(mailbox.mboxMessage(raw_mail(subject=f"Mbox {number}").replace(b"\r\n", b"\n")))
    box.close()
    maildir = mailbox.Maildir(folder / "maildir")
    for number in range(2):
        maildir.add(raw_mail(subject=f"Maildir {number}"))
    return folder


def every_kind_of_file_is_imported_once(muster: Muster, files: Path) -> None:
    first = muster.run("import_mail", str(files), "--json").told
    again = muster.run("import_mail", str(files), str(files / "one.eml"), "--json").told
    assert (first["mails"], first["stored"], first["known"]) == (8, 8, 0)
    assert (again["mails"], again["stored"], again["known"]) == (9, 0, 9)
    assert muster.run("work", "--once").code == 0
    books = muster.run("ledger", "--json").told
    assert [box["address"] for box in books["mailboxes"]] == ["import"]
    assert (books["messages"]["received"], books["unexplained"]) == (8, 0)


def an_import_may_go_into_a_mailbox_of_its_own(muster: Muster, files: Path) -> None:
    path = files.with_suffix(".eml")
    path.write_bytes(raw_mail(subject="Elsewhere", message_id="new@customer.example"))
    stored = [
        muster.run("import_mail", str(path), "--address", address, "--json").told["stored"]
        for address in ("old@example.org", "OLD@example.org")
    ]
    assert stored == [1, 0]
    boxes = muster.run("ledger", "--json").told["mailboxes"]
    assert [box["address"] for box in boxes if "example.org" in box["address"].lower()].count(
        "old@example.org"
    ) == 1


def test_no_mail_goes_into_an_address_that_is_none(muster: Muster, files: Path) -> None:
    ended = muster.run("import_mail", str(files), "--address", "not an address", "--json")
    assert (ended.code, ended.out) == (1, "")
    assert "not an address is not an email address" in ended.reason


def a_parsed_mail_is_exported_with_its_values(muster: Muster) -> None:
    muster.run("work", "--once")
    lines = muster.exported()
    in_utc(lines)
    assert {frozenset(line) for line in lines} == {frozenset(EXPORTED)}
    by_subject = {line["subject"]: line for line in lines}
    one, two = by_subject["One"], by_subject["Two"]
    assert (one["state"], one["reason"], one["kind"], one["channel"]) == (
        *("parsed", "", "person", "email"),
    )
    (attached,) = one["attachments"]
    assert attached == {
        "filename": "a.pdf",
        "content_type": "application/pdf",
        "size": 8,
        "sha256": hashlib.sha256(b"%PDF-1.4").hexdigest(),
    }
    assert (two["has_html"], one["has_html"]) == (True, False)
    assert (one["from_address"], one["from_name"]) == ("maya@example.com", "Maya Ortiz")
    assert one["new_text"] == "Hello, I cannot log in since this morning."
    assert by_subject["Elsewhere"]["message_id"] == "new@customer.example"


def since_leaves_out_what_came_before(muster: Muster) -> None:
    times = sorted(datetime.fromisoformat(line["received_at"]) for line in muster.exported())
    after = times[-1] + timedelta(seconds=1)
    assert muster.exported("--since", after.isoformat()) == []
    assert len(muster.exported("--since", times[0].isoformat())) == len(times)


def the_books_add_up_and_agree_with_the_export(muster: Muster) -> None:
    messages = muster.run("ledger", "--json").told["messages"]
    received = messages.pop("received")
    assert received == sum(messages.values()) == len(muster.exported())


# quarantine: mail that nobody could read.

_SET_ASIDE = """
from inbox.models import Arrival
row = Arrival.objects.filter(state="parsed", folder__mailbox__address="old@example.org").get()
message, row.message = row.message, None
row.state, row.reason, row.attempts, row.due_at = "quarantined", "It took too long.", 3, None
row.save()
from triage.classification.models import Classification
from triage.queues.models import Ticket, Outcome
Classification.objects.filter(message=message).delete()
Outcome.objects.filter(message=message).delete()
home = message.conversation
message.delete(); Ticket.objects.filter(conversation=home).delete(); home.delete()
print(row.pk)
"""


def set_aside(muster: Muster) -> str:
    """One mail as it stands after three failures to read it."""
    ended = muster.run("shell", "--no-imports", "-c", _SET_ASIDE)
    assert ended.code == 0, ended.err
    return ended.out.strip()


def what_was_set_aside_is_listed_shown_and_exported(muster: Muster, aside: str) -> None:
    (row,) = muster.run("quarantine", "list", "--json").told["set_aside"]
    shown = muster.run("quarantine", "show", aside, "--json").told
    in_utc(shown)
    assert row == shown
    assert (shown["id"], shown["reason"]) == (int(aside), "It took too long.")
    (line,) = [line for line in muster.exported() if line["state"] == "quarantined"]
    in_utc(line)
    assert line["reason"] == "It took too long."
    assert line.keys() == EXPORTED
    assert muster.run("ledger", "--json").told["messages"]["quarantined"] == 1


def it_is_read_anew_or_put_away(muster: Muster, aside: str) -> None:
    blank = muster.run("quarantine", "discard", aside, "--reason", " ")
    assert (blank.code, blank.out) == (1, "")
    assert blank.reason
    assert muster.run("quarantine", "discard", aside, "--reason", "Not a mail").code == 0
    assert muster.run("quarantine", "list", "--json").told == {"set_aside": []}
    assert muster.run("ledger", "--json").told["messages"]["quarantined"] == 1
    assert muster.run("quarantine", "replay", aside).code == 0
    muster.run("work", "--once")
    books = muster.run("ledger", "--json").told
    assert (books["messages"]["quarantined"], books["unexplained"]) == (0, 0)


def a_reader_that_has_seen_enough_ends_an_export_quietly(muster: Muster) -> None:
    with muster.installation.start("export_messages", "--jsonl") as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == ""


def test_the_way_of_files(muster: Muster, files: Path) -> None:
    every_kind_of_file_is_imported_once(muster, files)
    an_import_may_go_into_a_mailbox_of_its_own(muster, files)
    a_parsed_mail_is_exported_with_its_values(muster)
    since_leaves_out_what_came_before(muster)
    the_books_add_up_and_agree_with_the_export(muster)
    a_reader_that_has_seen_enough_ends_an_export_quietly(muster)
    aside = set_aside(muster)
    what_was_set_aside_is_listed_shown_and_exported(muster, aside)
    it_is_read_anew_or_put_away(muster, aside)


# People, incidents, the record, the sorter.


def a_person_of_every_role_is_created(muster: Muster) -> None:
    for role in ("volunteer", "support", "supervisor", "approver", "admin", "auditor"):
        words = ("create_user", "--email", f"{role}@example.org", "--role", role)
        told = muster.run(*words, "--password-env", "PW", "--json", PW="correct horse battery").told
        assert (told["email"], told["roles"]) == (f"{role}@example.org", [role])


def a_weak_password_is_refused_and_nobody_made(muster: Muster) -> None:
    words = ("create_user", "--email", "weak@example.org", "--role", "admin")
    ended = muster.run(*words, "--password-env", "PW", "--json", PW="password")
    assert (ended.code, ended.out) == (1, "")
    assert "password" in ended.reason


def an_incident_is_opened_moved_with_a_preview_and_closed(muster: Muster) -> None:
    opened = muster.run("incident", "open", "The breach", "--json").told
    counted = muster.run("incident", "level", "all-hands", "--preview", "--json").told
    on = muster.run("incident", "level", "all-hands", "--json").told
    twice = muster.run("incident", "open", "Another")
    closed = muster.run("incident", "close", "--json").told
    assert [told["level"] for told in (opened, on, closed)] == ["watch", "all-hands", "closed"]
    assert counted["from"] == "watch"
    assert counted["preview"]["level"] == "all-hands"
    in_utc(on)
    assert UTC_TIME.fullmatch(on["recovery_at"])
    assert (twice.code, "open already" in twice.reason) == (1, True)


def the_record_proves_itself(muster: Muster) -> None:
    told = muster.run("audit_verify", "--json").told
    assert told["faults"] == []
    assert told["checked"] > 5
    assert muster.run("audit_verify", "--head", told["head"], "--json").told["faults"] == []


def every_failpoint_is_named_and_kills(muster: Muster) -> None:
    told = muster.run("failpoints", "--json").told
    assert told.keys() == {"failpoints"}
    assert {"receive.after_stored", "send.after_dot"} <= set(told["failpoints"])
    muster.user.deliver(raw_mail(subject="Killed"))
    ended = muster.run("watch_inbox", "--once", MUSTER_FAILPOINT="receive.after_stored")
    assert ended.code == -signal.SIGKILL
    assert muster.run("watch_inbox", "--once").code == 0
    assert muster.run("ledger", "--json").told["unexplained"] == 0


def test_a_sorter_is_trained_measured_and_activated(muster: Muster) -> None:
    made = muster.run("train_model", "--json").told
    assert made.keys() >= {"id", "version", "active", "metrics"}
    assert made["active"] is True
    measured = muster.run("evaluate_model", "--json").told
    assert measured
    ended = muster.run("activate_model", str(made["id"]))
    assert (ended.code, ended.err) == (0, "")


def the_demo_is_not_poured_over_a_real_installation(muster: Muster) -> None:
    ended = muster.run("seed_demo", "--json")
    assert (ended.code, ended.out) == (1, "")
    assert "work here already" in ended.reason


def a_server_that_does_not_answer_is_one_line_and_1(muster: Muster) -> None:
    muster.installation.manage(
        *("shell", "--no-imports", "-c"),
        "from inbox.models import Mailbox as M;"
        f"M.objects.exclude(imap_url='').update(imap_url='imap://a@127.0.0.1:{free_port()}')",
    )
    for words in (("watch_inbox", "--once"), ("reconcile",), ("reconcile", "--json")):
        ended = muster.run(*words)
        assert ended.code == 1
        assert muster.user.address in ended.err.splitlines()[-1]
    assert isinstance(json.loads(ended.out), dict)


def test_the_way_of_mail_from_a_server(muster: Muster) -> None:
    a_mailbox_begins_now_and_knows_what_was_before(muster)
    watching_once_takes_in_what_is_new_and_ends(muster)
    waiting_mails_are_exported_with_every_key(muster)
    only_the_steps_that_are_named_are_done(muster)
    reconciling_compares_with_the_server(muster)
    every_failpoint_is_named_and_kills(muster)
    a_server_that_does_not_answer_is_one_line_and_1(muster)


def test_the_way_of_people_and_incidents(muster: Muster) -> None:
    a_person_of_every_role_is_created(muster)
    a_weak_password_is_refused_and_nobody_made(muster)
    an_incident_is_opened_moved_with_a_preview_and_closed(muster)
    the_record_proves_itself(muster)
    the_demo_is_not_poured_over_a_real_installation(muster)
