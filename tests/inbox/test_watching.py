"""A watcher hears new mail, says once what is wrong, and comes back by itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from inbox import watching
from inbox.mailboxes import sealed
from inbox.models import Arrival, Mailbox
from inbox.watching import Watcher
from tests.factories.mail import raw_mail, server_mailbox
from tests.servers.dovecot import ImapUser
from triage.audit.actions import Step
from triage.mailboxes.actions import change_password

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    monkeypatch.setattr(watching, "_ROSTER_SECONDS", 0.2)
    monkeypatch.setattr(watching, "_SLICE_SECONDS", 0.3)
    stop = threading.Event()
    threads = []

    def start() -> None:
        threads.append(threading.Thread(target=Watcher(stop).run))
        threads[-1].start()

    yield start
    stop.set()
    for thread in threads:
        thread.join()


def eventually(condition: Callable[[], bool], *, seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def arrivals(count: int) -> Callable[[], bool]:
    return lambda: Arrival.objects.filter(state="stored").count() == count


def test_mail_that_arrives_while_waiting_is_fetched_at_once(
    imap_user: ImapUser, watch: Callable[[], None]
) -> None:
    server_mailbox(imap_user)
    watch()
    assert eventually(lambda: Mailbox.objects.get().last_heard_at is not None)
    for count in (1, 2):
        imap_user.deliver(raw_mail())
        assert eventually(arrivals(count), seconds=watching.IDLE_SECONDS + 10)


def test_a_server_without_idle_is_looked_at_every_few_seconds(
    imap_user: ImapUser, watch: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inbox.imap.ImapSession.can_idle", lambda session: False)
    monkeypatch.setattr(watching, "POLL_SECONDS", 0.2)
    server_mailbox(imap_user)
    watch()
    imap_user.deliver(raw_mail())
    assert eventually(arrivals(1))


def test_a_wrong_password_is_told_once_and_a_right_one_picked_up(
    imap_user: ImapUser,
    watch: Callable[[], None],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("inbox.mailboxes._FIRST_WAIT_SECONDS", 0.1)
    mailbox = server_mailbox(imap_user, password="wrong")
    imap_user.deliver(raw_mail())
    watch()
    assert eventually(lambda: Mailbox.objects.get().failures >= 3)
    assert "The password was refused" in Mailbox.objects.get().failure
    assert sum("cannot be read" in str(record.msg) for record in caplog.records) == 1
    Mailbox.objects.filter(pk=mailbox.pk).update(secret=sealed(imap_user.password))
    assert eventually(arrivals(1))
    assert eventually(lambda: Mailbox.objects.get().failing_since is None)


def test_a_mailbox_added_meanwhile_is_watched(
    imap_user: ImapUser, watch: Callable[[], None]
) -> None:
    watch()
    imap_user.deliver(raw_mail())
    server_mailbox(imap_user)
    assert eventually(arrivals(1))


def test_a_new_password_is_tried_at_once_though_the_wait_is_long(
    imap_user: ImapUser, watch: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inbox.mailboxes._FIRST_WAIT_SECONDS", 200.0)
    mailbox = server_mailbox(imap_user, password="wrong")
    imap_user.deliver(raw_mail())
    watch()
    assert eventually(lambda: Mailbox.objects.get().failures == 1)
    by = Step("test")
    change_password(mailbox_id=mailbox.pk, password=imap_user.password, by=by, at=timezone.now())
    assert eventually(arrivals(1))
