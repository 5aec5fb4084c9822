"""Who may read which email, and what a browser is allowed to do with it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inbox import receive
from inbox.books import raw_store
from inbox.models import Arrival, Attachment, Message
from tests.factories import desk, people
from tests.factories.mail import NOON, arrival, conversation, message, raw_mail
from triage.accounts.models import User
from triage.queues.models import Queue, QueueMembership, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def sue(client: Client) -> Client:
    client.force_login(people.person("sue"))
    return client


def held_by_a_helper(name: str) -> Ticket:
    person = people.person(name)
    part_of = people.incident(at=timezone.now())
    people.helper(person, part_of, at=timezone.now())
    ticket = desk.ticket()
    now = timezone.now()
    Ticket.objects.filter(pk=ticket.pk).update(
        holder=person, held_since=now, held_until=now + timedelta(minutes=20)
    )
    return ticket


def with_attachment() -> Attachment:
    name = raw_store().put(raw_mail(attachment=("bill.html", b"<script>alert(1)</script>")))
    arrival(state=Arrival.State.STORED, raw_sha256=name)
    while receive.parse(at=NOON):
        pass
    return Attachment.objects.get()


def test_the_inbox_lists_who_waits(sue: Client) -> None:
    desk.ticket()
    page = sue.get("/inbox/").content.decode()
    assert "Did they get my card number?" in page


def test_the_inbox_is_paged_by_the_last_one_seen(sue: Client) -> None:
    for number in range(53):
        message(of=conversation(subject=f"Subject number {number:03d}"))
    first = sue.get("/inbox/?show=all").content.decode()
    last = conversation_ids(first)[-1]
    second = sue.get(f"/inbox/?show=all&before={last}").content.decode()
    assert len(conversation_ids(first)) == 50
    assert len(conversation_ids(second)) == 3
    assert not set(conversation_ids(first)) & set(conversation_ids(second))


def conversation_ids(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'href="/inbox/(\d+)/"', page)]


def test_the_number_of_statements_does_not_grow_with_the_list(sue: Client) -> None:
    counts = []
    for _ in range(2):
        for _ in range(5):
            desk.ticket()
        with CaptureQueriesContext(connection) as queries:
            sue.get("/inbox/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_sender_is_found_by_the_whole_address(sue: Client) -> None:
    message(of=conversation(customer="one@example.com", subject="First"))
    message(of=conversation(customer="two@example.com", subject="Second"))
    page = sue.get("/inbox/?show=all&from=ONE@example.com").content.decode()
    assert "First" in page
    assert "Second" not in page


def test_a_lane_is_shown_only_to_those_who_serve_it(sue: Client) -> None:
    lane = Queue.objects.filter(kind=Queue.Kind.LANE).first()
    assert lane is not None
    QueueMembership.objects.create(user=people.person("eve", "support"), queue=lane)
    ticket = desk.ticket(lane.key)
    assert "Did they get" not in sue.get("/inbox/?show=all").content.decode()
    assert sue.get(f"/inbox/{ticket.conversation_id}/").status_code == 403


def test_a_conversation_shows_its_emails_and_how_they_came(sue: Client) -> None:
    row = message(text="Where is my money?")
    arrival(state=Arrival.State.PARSED, raw_sha256="ab" * 32, message=row)
    page = sue.get(f"/inbox/{row.conversation_id}/").content.decode()
    assert "Where is my money?" in page
    assert "It was delivered 2 times" in page


def test_an_email_that_claims_to_continue_another_says_so(sue: Client) -> None:
    row = message()
    Message.objects.filter(pk=row.pk).update(claims_to_continue=conversation())
    assert "different sender" in sue.get(f"/inbox/{row.conversation_id}/").content.decode()


def test_a_helper_reads_only_the_email_in_their_hands(client: Client) -> None:
    ticket = held_by_a_helper("ann")
    client.force_login(User.objects.get(email="ann@example.com"))
    other = message(html="<p>secret</p>")
    mine = ticket.conversation.messages.get()
    assert client.get(f"/inbox/email/{mine.pk}/html/").status_code == 200
    assert client.get(f"/inbox/email/{other.pk}/html/").status_code == 403
    assert client.get("/inbox/").status_code == 403


def test_once_their_time_with_it_is_over_they_read_it_no_more(client: Client) -> None:
    ticket = held_by_a_helper("ann")
    client.force_login(User.objects.get(email="ann@example.com"))
    Ticket.objects.filter(pk=ticket.pk).update(held_until=timezone.now() - timedelta(seconds=1))
    mine = ticket.conversation.messages.get()
    assert client.get(f"/inbox/email/{mine.pk}/html/").status_code == 403


def test_a_stranger_is_asked_to_log_in(client: Client) -> None:
    assert client.get(f"/inbox/email/{message().pk}/html/").status_code == 302


def test_the_designed_email_has_walls_of_its_own(sue: Client) -> None:
    answer = sue.get(f"/inbox/email/{message(html='<p>Hello</p>').pk}/html/")
    policy = answer["Content-Security-Policy"]
    assert "<p>Hello</p>" in answer.content.decode()
    for rule in ("default-src 'none'", "img-src data:", "style-src 'none'", "sandbox"):
        assert rule in policy.split("; ")
    assert "script-src" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in answer["Cache-Control"]


def test_an_attachment_is_nothing_but_a_download(sue: Client) -> None:
    answer = sue.get(f"/inbox/attachment/{with_attachment().pk}/")
    assert answer.content == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == 'attachment; filename="bill.html"'
    assert "sandbox" in answer["Content-Security-Policy"].split("; ")


def test_an_attachment_that_cannot_be_opened_is_said_kindly(sue: Client) -> None:
    found = with_attachment()
    raw_store().path(found.message.raw_sha256).unlink()
    assert sue.get(f"/inbox/attachment/{found.pk}/").status_code == 422


@pytest.mark.parametrize("name", ["ada", "leo", "max"])
def test_other_roles_open_no_attachment(client: Client, name: str) -> None:
    client.force_login(people.person(name))
    assert client.get(f"/inbox/attachment/{with_attachment().pk}/").status_code == 403
