"""From a real Dovecot to stored bytes: listed first, fetched once, whatever happens between."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from inbox.books import list_next, raw_store
from inbox.imap import FetchedMail, ImapError, ImapSession, LoginRefusedError
from inbox.mailboxes import (
    MailboxError,
    imap_session,
    opening,
    password_of,
    sealed,
)
from inbox.models import Arrival, Folder, Mailbox
from inbox.watching import catch_up_once
from tests.factories.mail import raw_mail, server_mailbox
from tests.servers.dovecot import ImapUser

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


def deliver(user: ImapUser, count: int) -> list[bytes]:
    mails = [raw_mail(subject=f"Mail {number}") for number in range(count)]
    for mail in mails:
        user.deliver(mail)
    return mails


def states(mailbox: Mailbox) -> list[str]:
    arrivals = Arrival.objects.filter(folder__mailbox=mailbox, folder__is_current=True)
    return list(arrivals.order_by("uid").values_list("state", flat=True))


def test_every_mail_is_stored_byte_by_byte(imap_user: ImapUser) -> None:
    mails = deliver(imap_user, 3)
    mailbox = server_mailbox(imap_user)
    assert catch_up_once(mailbox) == 3
    names = set(Arrival.objects.values_list("raw_sha256", flat=True))
    assert names == {hashlib.sha256(mail).hexdigest() for mail in mails}
    assert {raw_store().read(name) for name in names} == set(mails)


def test_mails_are_left_unread_on_the_server(imap_user: ImapUser) -> None:
    deliver(imap_user, 2)
    catch_up_once(server_mailbox(imap_user))
    assert not [file for file in imap_user.folder("INBOX").glob("cur/*") if "S" in file.suffix]


def test_looking_again_stores_nothing_twice(imap_user: ImapUser) -> None:
    deliver(imap_user, 2)
    mailbox = server_mailbox(imap_user)
    catch_up_once(mailbox)
    deliver(imap_user, 1)
    assert catch_up_once(mailbox) == 1
    assert states(mailbox) == ["stored"] * 3


def test_more_than_one_batch_is_taken_in(imap_user: ImapUser) -> None:
    deliver(imap_user, 230)
    mailbox = server_mailbox(imap_user)
    assert catch_up_once(mailbox) == 230
    assert states(mailbox) == ["stored"] * 230


def test_two_lists_of_the_same_mails_leave_one_row_each(imap_user: ImapUser) -> None:
    deliver(imap_user, 2)
    mailbox = server_mailbox(imap_user)
    catch_up_once(mailbox)
    folder = Folder.objects.get(mailbox=mailbox, is_current=True)
    folder.listed_uid = 0
    with imap_session(mailbox) as opened:
        list_next(folder, opened, opened.examine("INBOX"), at=timezone.now())
    assert states(mailbox) == ["stored"] * 2


def test_a_mail_removed_between_list_and_fetch_is_gone_with_a_reason(imap_user: ImapUser) -> None:
    paths = [imap_user.deliver(raw_mail()) for _ in range(2)]
    mailbox = server_mailbox(imap_user)
    with imap_session(mailbox) as opened:
        state = opened.examine("INBOX")
        folder = Folder.objects.get(mailbox=mailbox)
        list_next(folder, opened, state, at=timezone.now())
    next(imap_user.folder("INBOX").glob(f"*/{paths[0].name}*")).unlink()
    catch_up_once(mailbox)
    assert sorted(states(mailbox)) == ["gone", "stored"]


def test_a_new_uidvalidity_opens_new_books_and_scans_anew(imap_user: ImapUser) -> None:
    deliver(imap_user, 2)
    mailbox = server_mailbox(imap_user)
    catch_up_once(mailbox)
    former = Folder.objects.get(mailbox=mailbox, is_current=True)
    Folder.objects.filter(pk=former.pk).update(uidvalidity=former.uidvalidity - 1)
    assert catch_up_once(mailbox) == 2
    assert Folder.objects.filter(mailbox=mailbox).count() == 2
    assert states(mailbox) == ["stored"] * 2


def test_a_start_of_now_leaves_what_is_there_untouched(imap_user: ImapUser) -> None:
    deliver(imap_user, 3)
    begin = opening(imap_user.url, imap_user.password, start_at=timezone.now(), from_now=True)
    assert (begin.before_start, begin.taken_in, begin.exists) == (3, 0, 3)


def test_a_start_by_date_is_found_by_when_the_server_received_it(imap_user: ImapUser) -> None:
    when = datetime(2026, 1, 15, tzinfo=UTC)
    for days in (-400, -1, 0, 1):
        with imap_session(server_mailbox_once(imap_user)) as opened:
            opened.append("INBOX", raw_mail(), at=when + timedelta(days=days))
    begin = opening(imap_user.url, imap_user.password, start_at=when)
    assert (begin.start_uid, begin.before_start, begin.taken_in) == (3, 2, 2)


def test_a_start_of_all_takes_in_everything(imap_user: ImapUser) -> None:
    deliver(imap_user, 3)
    begin = opening(imap_user.url, imap_user.password, start_at=None)
    assert (begin.start_uid, begin.taken_in) == (1, 3)


def server_mailbox_once(user: ImapUser) -> Mailbox:
    return Mailbox.objects.filter(address=user.address).first() or server_mailbox(user)


def test_a_wrong_password_is_said_in_one_clear_sentence(imap_user: ImapUser) -> None:
    mailbox = server_mailbox(imap_user, password="wrong")
    with pytest.raises(MailboxError, match="The password was refused"):
        catch_up_once(mailbox)
    mailbox.refresh_from_db()
    assert mailbox.failing_since is not None
    assert mailbox.failures == 1


def test_a_mailbox_that_works_again_forgets_its_failure(imap_user: ImapUser) -> None:
    mailbox = server_mailbox(imap_user, password="wrong")
    with pytest.raises(MailboxError):
        catch_up_once(mailbox)
    Mailbox.objects.filter(pk=mailbox.pk).update(secret=sealed(imap_user.password))
    catch_up_once(Mailbox.objects.get(pk=mailbox.pk))
    mailbox.refresh_from_db()
    assert (mailbox.failing_since, mailbox.failure, mailbox.failures) == (None, "", 0)


def test_a_refused_login_and_a_silent_server_are_two_errors(imap_user: ImapUser) -> None:
    mailbox = server_mailbox(imap_user, password="wrong")
    with pytest.raises(LoginRefusedError), imap_session(mailbox):
        pass
    mailbox.imap_url = "imap://help@127.0.0.1:1"
    with pytest.raises(ImapError, match="Nothing listens"), imap_session(mailbox):
        pass


def test_a_password_is_never_stored_in_the_clear(imap_user: ImapUser) -> None:
    mailbox = server_mailbox(imap_user)
    assert imap_user.password.encode() not in bytes(mailbox.secret)
    assert password_of(mailbox) == imap_user.password


def test_one_mail_that_breaks_the_connection_keeps_no_other_back(
    imap_user: ImapUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(imap_user, 14)
    mailbox = server_mailbox(imap_user)
    fetch = ImapSession.fetch

    def breaking(session: ImapSession, uids: list[int]) -> list[FetchedMail]:
        if 3 in uids:
            raise ImapError("The connection broke.")
        return fetch(session, uids)

    monkeypatch.setattr(ImapSession, "fetch", breaking)
    for _ in range(6):
        with suppress(MailboxError):
            catch_up_once(mailbox)
    assert states(mailbox) == ["stored"] * 2 + ["listed"] + ["stored"] * 11
    broken = Arrival.objects.get(state=Arrival.State.LISTED)
    assert broken.due_at is not None
    assert broken.due_at > timezone.now()
