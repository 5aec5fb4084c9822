import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from inbox.models import Message, OutboundMessage
from tests.factories import desk, outbox, people
from triage.classification.models import Classification
from triage.notices.actions import raise_alert
from triage.queues import counters
from triage.queues.actions import ask_a_pro, claim_next
from triage.queues.bulk import move
from triage.queues.models import Question, Queue, QueueMembership, Ticket
from triage.replies.models import Reply
from triage.responses.queries import is_usable
from triage.volunteers.models import Enlistment

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


def test_the_live_part_stays_the_same_though_it_has_buttons(sam: Client) -> None:
    desk.ticket()
    claim_next(by=desk.actor("Sue"), at=timezone.now() - desk.minutes(18))
    first = sam.get("/board/live/")
    assert "Release the email that Sue holds" in first.content.decode()
    again = sam.get("/board/live/", HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert again.status_code == 304


def test_the_board_costs_twelve_statements_at_most(
    sam: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for name in ("Sue", "Tim"):
        desk.ticket()
        claim_next(by=desk.actor(name), at=timezone.now())
    with django_assert_max_num_queries(12):
        sam.get("/board/")
    with django_assert_max_num_queries(11):
        sam.get("/board/live/")
    with django_assert_max_num_queries(12):
        sam.get("/board/rebalance/")


def test_undo_is_refused_kindly_after_half_a_minute(sam: Client) -> None:
    sue, queue = desk.user("Sue", "support"), desk.queue("praise")
    sam.post("/board/rebalance/", {"person": sue.pk, f"serves-{sue.pk}": queue.pk})
    with time_machine.travel(timezone.now() + desk.minutes(1)):
        page = sam.post("/board/rebalance/undo/", follow=True)
    assert "The time to undo is over." in page.content.decode()
    assert QueueMembership.objects.filter(user=sue).exists()


def test_nothing_to_undo_is_said_kindly(sam: Client) -> None:
    assert (
        "The time to undo is over."
        in sam.post("/board/rebalance/undo/", follow=True).content.decode()
    )


def in_one_queue(count: int, key: str) -> None:
    for number in range(count):
        person = desk.user(f"Helper{number}", "support")
        QueueMembership.objects.create(user=person, queue=desk.queue(key))


def test_several_people_are_moved_after_a_look_at_the_effect_and_brought_back(sam: Client) -> None:
    in_one_queue(3, "password_reset")
    giver, taker = desk.queue("password_reset"), desk.queue("praise")
    address = f"/board/rebalance/move/?giver={giver.pk}&taker={taker.pk}&people=2"
    shown = sam.get(address).content.decode()
    assert "Move 2 people from Password reset to Praise." in shown
    assert "Helper0, Helper1" in shown
    assert "2 people were moved." in sam.post(address, follow=True).content.decode()
    assert QueueMembership.objects.filter(queue=taker).count() == 2
    sam.post("/board/rebalance/undo/")
    assert QueueMembership.objects.filter(queue=giver).count() == 3


def test_moving_from_where_nobody_is_any_more_is_refused_kindly(sam: Client) -> None:
    giver, taker = desk.queue("password_reset"), desk.queue("praise")
    address = f"/board/rebalance/move/?giver={giver.pk}&taker={taker.pk}&people=2"
    assert "Nobody in this queue can be moved" in sam.get(address).content.decode()
    page = sam.post(address, follow=True).content.decode()
    assert "Nobody is there to be moved any more." in page


def test_a_late_queue_is_proposed_people_of_a_quiet_one(sam: Client) -> None:
    in_one_queue(10, "password_reset")
    late, quiet = desk.queue("data_concern").pk, desk.queue("password_reset").pk
    at = timezone.now()
    counters.add([counters.waiting(late, 500), counters.went_out(late, 30)], at=at)
    counters.add([counters.went_out(quiet, 60), counters.came_in(quiet, 10)], at=at)
    page = sam.get("/board/").content.decode()
    assert "from Password reset to Data concern." in page


def test_a_queue_is_paused_shown_so_and_goes_on(sam: Client) -> None:
    queue = desk.queue("praise")
    sam.post(f"/board/queues/{queue.pk}/pause/")
    assert "paused" in sam.get("/board/live/").content.decode()
    page = sam.post(f"/board/queues/{queue.pk}/pause/", follow=True)
    assert "Somebody paused it a moment ago." in page.content.decode()
    sam.post(f"/board/queues/{queue.pk}/go-on/")
    assert "paused" not in sam.get("/board/live/").content.decode()


def test_wanted_people_below_the_least_are_refused_in_the_form(sam: Client) -> None:
    queue = desk.queue("praise")
    fields = {"min_people": 5, "target_people": 2}
    page = sam.post(f"/board/queues/{queue.pk}/", fields)
    assert "lower than the least" in page.content.decode()


def test_pausing_all_sending_stands_over_the_board_until_it_goes_on(sam: Client) -> None:
    sam.post("/board/sending/")
    assert "All sending is paused." in sam.get("/board/").content.decode()
    sam.post("/board/sending/", {"go_on": "1"})
    assert "All sending is paused." not in sam.get("/board/").content.decode()


def test_an_answer_is_paused_and_used_again(sam: Client) -> None:
    version = desk.version()
    sam.post(f"/board/answers/{version.response_id}/")
    assert not is_usable(version)
    assert "paused by Sam" in sam.get("/board/answers/").content.decode()
    sam.post(f"/board/answers/{version.response_id}/", {"go_on": "1"})
    assert is_usable(version)


def test_a_time_asks_how_many_people_it_needs(sam: Client) -> None:
    page = sam.get("/board/people-needed/", {"by": "18:00"}).content.decode()
    assert "Nobody can tell yet." in page
    queue, at = desk.queue("praise").pk, timezone.now()
    desk.user("Sue", "support")
    for ago in (60, 120):
        counters.add([counters.went_out(queue, 30)], at=at - desk.minutes(ago))
    counters.add([counters.waiting(queue, 600)], at=at)
    later = timezone.localtime(at + desk.minutes(120)).strftime("%H:%M")
    assert "needs" in sam.get("/board/people-needed/", {"by": later}).content.decode()


def test_the_people_page_is_found_by_name_and_goes_on_by_fifties(
    sam: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(52):
        desk.user(f"Helper{number:02}", "support")
    with django_assert_max_num_queries(12):
        first = sam.get("/board/people/")
    page = first.context["page"]
    assert [len(page.people), page.after is not None] == [50, True]
    second = sam.get("/board/people/", {"after": page.after}).context["page"]
    assert [person.name for person in second.people] == ["Helper50", "Helper51"]
    found = sam.get("/board/people/", {"name": "per07"}).context["page"].people
    assert [person.name for person in found] == ["Helper07"]


def test_a_person_is_moved_from_the_people_page(sam: Client) -> None:
    sue, queue = desk.user("Sue", "support"), desk.queue("praise")
    sam.post(f"/board/people/{sue.pk}/serve/", {"queue": queue.pk})
    assert [row.queue_id for row in QueueMembership.objects.filter(user=sue)] == [queue.pk]
    sam.post(f"/board/people/{sue.pk}/serve/", {"queue": ""})
    assert not QueueMembership.objects.filter(user=sue).exists()


def test_answers_that_came_back_are_listed(sam: Client) -> None:
    mail = outbox.answer(desk.mailbox())
    OutboundMessage.objects.filter(pk=mail.pk).update(
        state="bounced", due_at=None, finished_at=timezone.now()
    )
    assert "dana@example.net" in sam.get("/board/came-back/").content.decode()


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


def select_praise(sam: Client, **more: object) -> HttpResponse:
    fields = {"queue": desk.queue("other").pk, "to_queue": desk.queue("praise").pk, **more}
    return sam.post("/board/emails/", fields)


def test_emails_are_counted_moved_and_brought_back(sam: Client) -> None:
    for _ in range(3):
        desk.ticket("other")
    address = select_praise(sam)["Location"]
    assert "3 emails fit." in sam.get(address).content.decode()
    sam.post(f"{address}decide/", {"deed": "start"})
    move(at=timezone.now())
    assert "3 of 3 done" in sam.get(address).content.decode()
    sam.post(f"{address}decide/", {"deed": "undo"})
    move(at=timezone.now())
    assert "3 of 3 are back" in sam.get(address).content.decode()


def test_a_second_press_on_begin_is_said_kindly(sam: Client) -> None:
    desk.ticket("other")
    address = select_praise(sam)["Location"]
    sam.post(f"{address}decide/", {"deed": "start"})
    page = sam.post(f"{address}decide/", {"deed": "start"}, follow=True)
    assert "Somebody has decided about this meanwhile." in page.content.decode()


def test_a_selection_that_is_left_changes_nothing(sam: Client) -> None:
    desk.ticket("other")
    address = select_praise(sam)["Location"]
    page = sam.post(f"{address}decide/", {"deed": "drop"}, follow=True)
    assert "Nothing was changed." in page.content.decode()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"new_label": "praise"}, "one of the two"),
        ({"to_queue": ""}, "one of the two"),
        ({"label": "praise"}, "No email fits that."),
    ],
)
def test_a_selection_that_makes_no_sense_is_refused_in_the_form(
    sam: Client, more: dict[str, str], said: str
) -> None:
    desk.ticket("other")
    assert said in select_praise(sam, **more).content.decode()


def a_helper(name: str = "ann") -> Enlistment:
    at = timezone.now()
    return people.helper(desk.user(name.title()), people.incident(at=at), state="active", at=at)


def test_a_helper_is_paused_and_goes_on_from_the_people_page(sam: Client) -> None:
    ann = a_helper()
    page = sam.post(f"/board/people/{ann.user_id}/stand/", follow=True).content.decode()
    assert "Ann gets no new emails" in page
    assert "Let Ann go on" in page
    page = sam.post(f"/board/people/{ann.user_id}/stand/", {"go_on": "1"}, follow=True)
    assert "Ann goes on." in page.content.decode()


def test_how_much_of_a_helpers_writing_is_read_is_changed(sam: Client) -> None:
    ann = a_helper()
    page = sam.post(f"/board/people/{ann.user_id}/trust/", {"trust": "2"}, follow=True)
    assert "Kept for Ann." in page.content.decode()
    ann.refresh_from_db()
    assert ann.trust == 2


def praise(text: str) -> int:
    ticket = desk.ticket("praise")
    message = ticket.conversation.messages.get()
    Message.objects.filter(pk=message.pk).update(new_text=text)
    Classification.objects.create(
        message=message, topic="other", tone="praise", label="praise", confident=True, at=desk.NOON
    )
    return message.pk


def test_a_kind_line_is_picked_for_everybody(sam: Client) -> None:
    people.incident(at=timezone.now())
    about = praise("Dear team,\nyou stayed calm and told us what to do. My order was 12345.")
    page = sam.get("/board/thanks/").content.decode()
    assert "you stayed calm and told us what to do." in page
    fields = {"about": about, "text": "You stayed calm and told us what to do."}
    page = sam.post("/board/thanks/", fields, follow=True).content.decode()
    assert "Everybody who helps can read it now." in page


def test_a_line_with_the_customers_name_is_refused(sam: Client) -> None:
    people.incident(at=timezone.now())
    about = praise("You were so kind to me and my family.")
    fields = {"about": about, "text": "Dana says you were so kind."}
    page = sam.post("/board/thanks/", fields, follow=True).content.decode()
    assert "There is a name in it." in page


def test_nobody_is_thanked_while_nobody_helps(sam: Client) -> None:
    assert "Nobody helps" in sam.get("/board/thanks/").content.decode()
