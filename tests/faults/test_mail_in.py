"""SIGKILL at every named point between the IMAP server and the message: nothing lost or doubled."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.factories.mail import raw_mail
from tests.installation import Installation
from tests.servers.dovecot import ImapUser

pytestmark = [pytest.mark.live, pytest.mark.timeout(900)]

SOAK = bool(os.environ.get("MUSTER_SOAK"))
TIMES = 20 if SOAK else 1
FETCHING = ("watch_inbox", "--once")
PARSING = ("work", "--once", "--steps", "parse")
POINTS = {
    "raw.before_rename": FETCHING,
    "raw.after_rename": FETCHING,
    "receive.after_listed": FETCHING,
    "receive.after_fetched": FETCHING,
    "receive.after_stored": FETCHING,
    "parse.after_claim": PARSING,
    "parse.after_child": PARSING,
    "receive.before_commit": PARSING,
    "receive.after_commit": PARSING,
}
# One process does several things: starting one takes longer than what it does here.
OPEN_MAILBOX = """
from tests.factories.mail import server_mailbox
from tests.servers.dovecot import ImapUser
from pathlib import Path
server_mailbox(ImapUser({host!r}, {port!r}, {username!r}, {password!r}, Path("/")))
"""
FETCH = """
from django.core.management import call_command
call_command("watch_inbox", "--once")
"""
# Whatever a dead process had claimed is due again half a minute later; here that passes at once.
FINISH = """
import json
from django.core.management import call_command
from django.utils import timezone
from inbox import receive
from inbox.books import raw_store
from inbox.models import Arrival, Conversation, Message
from triage.reports.ledger import ledger
call_command("watch_inbox", "--once")
Arrival.objects.filter(state="stored").update(due_at=timezone.now())
while receive.parse(at=timezone.now()):
    pass
books = ledger(at=timezone.now()).to_json()
print(json.dumps({
    "states": sorted(Arrival.objects.values_list("state", flat=True)),
    "raws": sorted(Message.objects.values_list("raw_sha256", flat=True)),
    "intact": all(raw_store().read(row.raw_sha256) for row in Message.objects.all()),
    "conversations": Conversation.objects.count(),
    "unexplained": books["unexplained"],
    "missing": [box["missing"] for box in books["mailboxes"]],
    "received": books["messages"]["received"],
}))
"""


def open_mailbox(installation: Installation, user: ImapUser, *, then: str = "") -> None:
    code = OPEN_MAILBOX.format(
        host=user.host, port=user.port, username=user.username, password=user.password
    )
    installation.manage("shell", "-v0", "-c", code + then)


def deliver(user: ImapUser, count: int) -> list[str]:
    """Delivers first mails and follow-ups to them; the sha256 of each."""
    names = []
    for number in range(count):
        first, second = f"{number}-{time.monotonic_ns()}@x", f"f{number}-{time.monotonic_ns()}@x"
        sender = f"person{number}@example.com"
        for mail in (
            raw_mail(message_id=first, sender=sender, text=f"first {number}"),
            raw_mail(message_id=second, in_reply_to=first, sender=sender, text=f"more {number}"),
        ):
            user.deliver(mail)
            names.append(hashlib.sha256(mail).hexdigest())
    return names


def finish(installation: Installation) -> dict[str, Any]:
    """Lets everything be done that is left, by processes that live."""
    told: dict[str, Any] = json.loads(installation.manage("shell", "-v0", "-c", FINISH))
    return told


def complete(names: list[str]) -> dict[str, Any]:
    return {
        "states": ["parsed"] * len(names),
        "raws": sorted(names),
        "intact": True,
        "conversations": len(names) // 2,
        "unexplained": 0,
        "missing": [0],
        "received": len(names),
    }


# Every point on SQLite, and on PostgreSQL those next to a commit; all of them on both in a soak.
NEXT_TO_COMMIT = ("receive.after_stored", "receive.before_commit")
CASES = [("sqlite", point) for point in POINTS] + [
    ("postgres", point) for point in (POINTS if SOAK else NEXT_TO_COMMIT)
]


@pytest.mark.parametrize(("database", "point"), CASES)
def test_a_process_killed_there_loses_and_doubles_nothing(
    request: pytest.FixtureRequest, imap_user: ImapUser, database: str, point: str
) -> None:
    installation: Installation = request.getfixturevalue(f"{database}_installation")
    names = deliver(imap_user, 2)
    parsing = POINTS[point] == PARSING
    open_mailbox(installation, imap_user, then=FETCH if parsing else "")
    for turn in range(TIMES):
        names += deliver(imap_user, 2) if turn else []
        if turn and parsing:
            installation.manage(*FETCHING)
        installation.killed_at(point, *POINTS[point])
        assert finish(installation) == complete(names)


def test_killed_in_the_middle_of_a_backlog_it_goes_on_where_it_was(
    sqlite_installation: Installation, imap_user: ImapUser
) -> None:
    open_mailbox(sqlite_installation, imap_user)
    names = deliver(imap_user, 130)
    sqlite_installation.killed_at("receive.after_fetched:2", *FETCHING)
    assert finish(sqlite_installation) == complete(names)


def test_an_import_killed_before_its_commit_is_repeated_without_doubles(
    sqlite_installation: Installation, tmp_path: Path
) -> None:
    mails = [raw_mail(text=f"mail {number}") for number in range(5)]
    for number, mail in enumerate(mails):
        (tmp_path / f"{number}.eml").write_bytes(mail)
    files = [str(tmp_path / f"{number}.eml") for number in range(5)]
    sqlite_installation.killed_at("receive.after_stored", "import_mail", *files)
    assert sqlite_installation.manage_json("import_mail", *files)["stored"] == 5
    assert sqlite_installation.manage_json("import_mail", *files)["known"] == 5
    assert finish(sqlite_installation)["unexplained"] == 0


def test_random_kills_with_two_workers_lose_and_double_nothing(
    postgres_installation: Installation, imap_user: ImapUser
) -> None:
    open_mailbox(postgres_installation, imap_user)
    names = deliver(imap_user, 2_500 if SOAK else 100)
    luck = random.Random(seed := time.time_ns())
    for _ in range(20 if SOAK else 3):
        processes = [postgres_installation.start(*FETCHING), *_two_workers(postgres_installation)]
        time.sleep(luck.uniform(1.0, 3.0))
        for process in processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    # Two workers may write a mail and its answer at the very same moment, each unseen by the other.
    apart = {"conversations": 0}
    assert {**finish(postgres_installation), **apart} == {**complete(names), **apart}, seed


def _two_workers(installation: Installation) -> list[Any]:
    return [installation.start("work", "--steps", "parse") for _ in range(2)]
