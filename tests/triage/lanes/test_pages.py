"""The lanes' page, and handing an email over from its conversation."""

import pytest
from django.test import Client

from tests.factories import desk
from tests.factories.desk import NOON
from triage.queues.actions import write_note
from triage.queues.models import HandOver, LaneNote, Queue, QueueMembership, Ticket

pytestmark = pytest.mark.django_db


def login(name: str, *roles: str) -> Client:
    client = Client()
    client.force_login(desk.user(name, *roles))
    return client


@pytest.fixture
def legal() -> Queue:
    """Lou is of Legal and privacy."""
    lane = desk.queue("legal")
    QueueMembership.objects.create(user=desk.user("Lou", "support"), queue=lane)
    return lane


def test_a_supervisor_names_people_for_a_lane(legal: Queue) -> None:
    sue, lou = desk.user("Sue", "support").pk, desk.user("Lou").pk
    prefix = f"lane-{legal.pk}"
    posted = {
        f"{prefix}-members": [sue],
        f"{prefix}-named": lou,
        f"{prefix}-stand_in": sue,
        f"{prefix}-promise_minutes": 90,
    }
    page = login("Sam", "supervisor").post(f"/lanes/{legal.pk}/", posted, follow=True)
    assert "Legal and privacy is set." in page.content.decode()
    legal.refresh_from_db()
    assert (legal.named_id, legal.stand_in_id, legal.promise_minutes) == (lou, sue, 90)


def test_the_same_person_twice_is_refused_in_words(legal: Queue) -> None:
    lou, prefix = desk.user("Lou").pk, f"lane-{legal.pk}"
    names = {f"{prefix}-named": lou, f"{prefix}-stand_in": lou, f"{prefix}-promise_minutes": 90}
    page = login("Sam", "supervisor").post(f"/lanes/{legal.pk}/", names)
    assert page.status_code == 422
    assert "two different people" in page.content.decode()


def test_the_page_takes_few_statements(legal: Queue, django_assert_max_num_queries) -> None:
    sam = login("Sam", "supervisor")
    with django_assert_max_num_queries(12):
        assert "nobody is named" in sam.get("/lanes/").content.decode()


def test_an_email_is_handed_over_from_its_conversation_and_is_gone_for_its_sender(
    legal: Queue,
) -> None:
    ticket, sue = desk.ticket(), login("Sue", "support")
    where = f"/inbox/{ticket.conversation_id}/"
    assert "A lawyer, a court or an authority writes" in sue.get(where).content.decode()
    done = sue.post(f"/lanes/emails/{ticket.pk}/over/", {"reason": "lawyer", "word": "on"})
    assert done.headers["Location"] == "/inbox/"
    assert sue.get(where).status_code == 403
    assert HandOver.objects.get().lane == legal


def test_members_see_the_notes_and_supervisors_do_not(legal: Queue) -> None:
    ticket = desk.ticket("legal")
    lou, sam = login("Lou"), login("Sam", "supervisor")
    write_note(ticket_id=ticket.pk, text="Privileged.", by=desk.actor("Lou"), at=NOON)
    where = f"/inbox/{ticket.conversation_id}/"
    assert "Privileged." in lou.get(where).content.decode()
    assert "Privileged." not in sam.get(where).content.decode()
    note = LaneNote.objects.get()
    assert sam.post(f"/lanes/notes/{note.pk}/export/", {"in_export": "on"}).status_code == 403
    lou.post(f"/lanes/notes/{note.pk}/export/", {"in_export": "on"})
    note.refresh_from_db()
    assert note.in_export
    assert sam.post(f"/lanes/emails/{ticket.pk}/note/", {"text": "x"}).status_code == 403


def test_a_lane_gives_an_email_back(legal: Queue) -> None:
    ticket = desk.ticket("legal")
    login("Lou").post(f"/lanes/emails/{ticket.pk}/back/", {"reason": "not_ours"})
    assert Ticket.objects.get().queue.key == "unsorted"
