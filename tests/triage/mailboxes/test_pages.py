"""The pages about mailboxes and about mail that was set aside."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from inbox.books import raw_store
from inbox.mailboxes import password_of
from inbox.models import Arrival, Mailbox
from tests.factories import people
from tests.factories.mail import NOON, arrival, folder, mailbox, message
from tests.servers.dovecot import ImapUser
from tests.servers.smtp_sink import RecordingSmtpServer
from triage.audit.models import AuditEvent
from triage.mailboxes.views import back_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client: Client) -> Client:
    client.force_login(people.person("ada"))
    return client


@pytest.fixture
def sam(client: Client) -> Client:
    client.force_login(people.person("sam"))
    return client


def set_aside_mail(reason: str = "It is nested too deeply.") -> Arrival:
    name = raw_store().put(b"Subject: odd\r\n\r\nodd")
    return arrival(state=Arrival.State.QUARANTINED, raw_sha256=name, reason=reason)


def test_a_mailbox_shows_how_it_fares(sam: Client) -> None:
    folder()
    message()
    page = sam.get("/mailboxes/").content.decode()
    assert "help@example.org" in page
    assert "Works" in page
    assert "Add a mailbox" not in page


def test_a_failing_mailbox_says_why_and_since_when(sam: Client) -> None:
    Mailbox.objects.filter(pk=mailbox().pk).update(
        failure="The password was refused by imap.example.org:993.",
        failing_since=NOON,
        retry_at=NOON,
    )
    page = sam.get("/mailboxes/").content.decode()
    assert "The password was refused" in page
    assert "Needs a hand" in page


@pytest.mark.parametrize("name", ["sue", "leo"])
def test_others_do_not_see_mailboxes(client: Client, name: str) -> None:
    client.force_login(people.person(name))
    assert client.get("/mailboxes/").status_code == 403
    assert client.get("/set-aside/").status_code == 403


def test_a_supervisor_looks_but_does_not_change(sam: Client) -> None:
    assert sam.post(f"/mailboxes/{mailbox().pk}/watch/", {"watched": "0"}).status_code == 403
    assert sam.get("/mailboxes/add/").status_code == 403


def test_an_admin_pauses_a_mailbox_on_the_record(ada: Client) -> None:
    box = mailbox()
    ada.post(f"/mailboxes/{box.pk}/watch/", {"watched": "0"})
    box.refresh_from_db()
    assert box.is_active is False
    assert AuditEvent.objects.get().action == "mailbox.pause"


def test_an_admin_keeps_a_new_password(ada: Client) -> None:
    box = mailbox()
    ada.post(f"/mailboxes/{box.pk}/password/", {"password": "new words"})
    box.refresh_from_db()
    assert password_of(box) == "new words"


@pytest.mark.live
def test_an_admin_adds_a_mailbox_that_answers(
    ada: Client, imap_user: ImapUser, smtp_server: RecordingSmtpServer
) -> None:
    form = {
        "address": imap_user.address,
        "imap_url": imap_user.url,
        "smtp_url": smtp_server.url,
        "password": "wrong",
        "start": "now",
    }
    refused = ada.post("/mailboxes/add/", form).content.decode()
    assert "The password was refused" in refused
    assert "wrong" not in refused
    asked_from = "/mailboxes/add/?back=/all-hands/mailboxes/"
    added = ada.post(asked_from, {**form, "password": imap_user.password})
    assert added["Location"] == "/all-hands/mailboxes/"
    assert Mailbox.objects.get().address == imap_user.address


def test_mail_set_aside_says_why(sam: Client) -> None:
    set_aside_mail()
    assert "It is nested too deeply." in sam.get("/set-aside/").content.decode()


def test_a_raw_mail_is_nothing_but_a_download(sam: Client) -> None:
    answer = sam.get(f"/set-aside/{set_aside_mail().pk}/raw/")
    assert answer.content == b"Subject: odd\r\n\r\nodd"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["Content-Security-Policy"].endswith("sandbox")


def test_mail_that_was_read_is_not_handed_out_raw(sam: Client) -> None:
    message()
    assert sam.get(f"/set-aside/{Arrival.objects.get().pk}/raw/").status_code == 404


def test_mail_set_aside_is_tried_again_on_the_record(sam: Client) -> None:
    row = set_aside_mail()
    sam.post(f"/set-aside/{row.pk}/again/")
    row.refresh_from_db()
    assert row.state == Arrival.State.STORED
    assert AuditEvent.objects.get().action == "set_aside.replay"


def test_mail_is_put_away_only_with_a_reason(sam: Client) -> None:
    row = set_aside_mail()
    sam.post(f"/set-aside/{row.pk}/away/", {"reason": " "})
    row.refresh_from_db()
    assert row.state == Arrival.State.QUARANTINED
    sam.post(f"/set-aside/{row.pk}/away/", {"reason": "Advertising"})
    row.refresh_from_db()
    assert (row.state, row.reason) == (Arrival.State.DISCARDED, "Advertising")
    assert "Advertising" in sam.get("/set-aside/?show=away").content.decode()


def test_a_mailbox_is_heard_as_soon_as_it_answers(sam: Client) -> None:
    Mailbox.objects.filter(pk=mailbox().pk).update(last_heard_at=timezone.now())
    assert "0 s" in sam.get("/mailboxes/").content.decode()


def test_how_many_emails_a_mailbox_may_send_a_day_is_noted(ada: Client) -> None:
    box = mailbox()
    ada.post(f"/mailboxes/{box.pk}/limit/", {"daily_send_limit": 2000})
    box.refresh_from_db()
    assert box.daily_send_limit == 2000
    assert "2000" in ada.get(f"/mailboxes/{box.pk}/limit/").content.decode()
    assert AuditEvent.objects.get(action="mailbox.daily_limit").detail == {"daily_send_limit": 2000}
    ada.post(f"/mailboxes/{box.pk}/limit/", {"daily_send_limit": ""})
    box.refresh_from_db()
    assert box.daily_send_limit is None


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_nobody_is_sent_elsewhere_after_adding(back: str, rf: RequestFactory) -> None:
    assert back_to(rf.get("/mailboxes/add/", {"back": back})) == "mailboxes:index"
