import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import desk, outbox
from triage.notices.actions import raise_alert
from triage.queues.actions import ask_a_pro, claim_next
from triage.queues.models import Question, Queue, QueueMembership, Ticket
from triage.replies.models import Reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam(client: Client) -> Client:
    client.force_login(desk.user("Sam", "supervisor"))
    return client


def test_the_board_shows_who_waits(sam: Client) -> None:
    desk.ticket("data_concern", promise_at=timezone.now() + desk.minutes(60))
    page = sam.get("/board/").content.decode()
    assert "Data concern" in page
    assert "Nothing needs you right now." in page


def test_a_queue_that_is_later_than_promised_needs_attention(sam: Client) -> None:
    desk.ticket("data_concern", promise_at=timezone.now() - desk.minutes(1))
    assert "Data concern is later than promised" in sam.get("/board/").content.decode()


def test_the_live_part_is_not_sent_again_while_nothing_changed(sam: Client) -> None:
    first = sam.get("/board/live/")
    again = sam.get("/board/live/", HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert again.status_code == 304


def test_moving_a_person_changes_what_they_serve_and_can_be_undone(sam: Client) -> None:
    sue, queue = desk.user("Sue", "support"), desk.queue("praise")
    sam.post("/board/rebalance/", {"person": sue.pk, f"serves-{sue.pk}": queue.pk})
    assert [row.queue_id for row in QueueMembership.objects.filter(user=sue)] == [queue.pk]
    assert "Undo" in sam.get("/board/").content.decode()
    sam.post("/board/rebalance/undo/")
    assert not QueueMembership.objects.filter(user=sue).exists()


def test_ticking_every_queue_is_the_same_as_no_choice(sam: Client) -> None:
    sue = desk.user("Sue", "support")
    desk.queue()
    every = list(Queue.objects.filter(kind="open").values_list("pk", flat=True))
    sam.post("/board/rebalance/", {"person": sue.pk, f"serves-{sue.pk}": every})
    assert not QueueMembership.objects.filter(user=sue).exists()


def test_a_stuck_email_can_be_released(sam: Client) -> None:
    ticket = desk.ticket()
    claim_next(by=desk.actor("Sue"), at=timezone.now())
    sam.post(f"/board/release/{ticket.pk}/")
    assert Ticket.objects.get(pk=ticket.pk).holder is None


def test_a_helpers_question_is_answered_once(sam: Client) -> None:
    desk.ticket()
    by, at = desk.actor("Sue"), timezone.now()
    ticket = claim_next(by=by, at=at)
    assert ticket
    asked = ask_a_pro(ticket_id=ticket.pk, text="May I?", by=by, at=at)
    assert "May I?" in sam.get("/board/").content.decode()
    sam.post(f"/board/questions/{asked.pk}/", {"text": "Yes, gladly."})
    assert Question.objects.get().answer == "Yes, gladly."


@pytest.mark.parametrize("name", ["Sue:support", "Leo:approver"])
def test_the_board_is_for_those_who_steer(client: Client, name: str) -> None:
    client.force_login(desk.user(*name.split(":")))
    assert client.get("/board/").status_code == 403


def test_an_alert_stands_above_every_page_of_those_who_steer(client: Client) -> None:
    raise_alert(cause="sorter", text="The sorter has no model yet.", at=timezone.now())
    client.force_login(desk.user("Ada", "admin"))
    assert "no model yet" in client.get("/mailboxes/").content.decode()
    client.force_login(desk.user("Sue", "support"))
    assert "no model yet" not in client.get("/desk/").content.decode()


def test_an_answer_that_is_decided_meanwhile_is_said_and_no_error(sam: Client) -> None:
    ticket, at = desk.ticket(), timezone.now()
    reply = Reply.objects.create(
        ticket=ticket,
        author=desk.user("Sue"),
        version=desk.version(),
        seen_message=ticket.conversation.messages.get(),
        state=Reply.State.RELEASED,
        outbound=outbox.answer(ticket.conversation.mailbox),
        created_at=at,
        saved_at=at,
        released_at=at,
    )
    page = sam.post(f"/board/unknown/{reply.pk}/", {"went_out": "yes"}, follow=True)
    assert "This was decided in the meantime." in page.content.decode()
