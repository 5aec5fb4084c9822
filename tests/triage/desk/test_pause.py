"""What a helper sees between two emails: how far all are, thanks, and kind words for each state."""

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import desk, outbox, people
from tests.factories.desk import NOON
from triage.desk.team import team
from triage.queues import counters
from triage.queues.actions import release
from triage.queues.models import Pace, Ticket
from triage.replies.models import Reply, Review
from triage.volunteers.actions import pick_thanks

pytestmark = pytest.mark.django_db


@pytest.fixture
def part(client: Client) -> people.Enlistment:
    """Ann's helping time today, with Ann logged in."""
    at = timezone.now()
    ann = people.person("ann", at=at)
    client.force_login(ann)
    return people.helper(ann, people.incident(at=at), at=at)


def shown(client: Client) -> str:
    return client.get("/desk/").content.decode()


def answered_today(part: people.Enlistment) -> None:
    """One answer of this person that left already."""
    at, ticket = timezone.now(), desk.ticket()
    Reply.objects.create(
        ticket=ticket, author=part.user, version=desk.version(), state=Reply.State.RELEASED,
        seen_message=ticket.conversation.messages.get(), created_at=at, saved_at=at,
        released_at=at, outbound=outbox.answer(ticket.conversation.mailbox, due_at=at),
    )  # fmt: skip


def test_progress_counts_open_queues_alone(client: Client) -> None:
    at, queue, lane = NOON, desk.queue("other"), desk.queue("legal")
    counters.add([counters.waiting(queue.pk, 3), counters.went_out(queue.pk, 7)], at=at)
    counters.add([counters.waiting(lane.pk, 50), counters.went_out(lane.pk, 9)], at=at)
    now = team(since=NOON.replace(hour=0))
    assert (now.waiting, now.answered, now.total) == (3, 7, 10)
    counters.fold(limit=100)
    assert team(since=NOON.replace(hour=0)) == now


def test_answers_of_yesterday_are_not_counted(client: Client) -> None:
    counters.add([counters.went_out(desk.queue().pk, 7)], at=NOON - desk.minutes(24 * 60))
    assert team(since=NOON.replace(hour=0)).answered == 0


def test_after_an_answer_a_line_of_thanks_stands_between_two_emails(
    client: Client, part: people.Enlistment
) -> None:
    sam = desk.actor("Sam", "supervisor", at=timezone.now())
    pick_thanks(
        incident_id=part.incident_id, text="You made my morning.", by=sam, at=timezone.now()
    )
    assert "You made my morning." not in shown(client)
    answered_today(part)
    assert "You made my morning." in shown(client)


@pytest.fixture
def full_pause(client: Client, part: people.Enlistment) -> None:
    """Everything at once: an email taken away, an answer in review, thanks, a long stretch."""
    at = timezone.now()
    sam = desk.actor("Sam", "supervisor", at=at)
    answered_today(part)
    pick_thanks(incident_id=part.incident_id, text="You made my morning.", by=sam, at=at)
    read = desk.ticket()
    reply = Reply.objects.create(
        ticket=read, author=part.user, version=desk.version(), state=Reply.State.IN_REVIEW,
        seen_message=read.conversation.messages.get(), submit_key="a", created_at=at, saved_at=at,
    )  # fmt: skip
    Review.objects.create(reply=reply, why="newcomer", has_own_words=True, asked_at=at)
    client.post("/desk/next/")
    release(ticket_id=Ticket.objects.get(holder=part.user).pk, by=sam, at=at)
    Pace.objects.filter(pk=part.user_id).update(working_since=at - desk.minutes(46))
    client.get("/desk/")


def test_the_pause_of_a_helper_takes_twelve_statements_with_everything_on_it(
    client: Client, full_pause: None, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        page = shown(client)
    said = ("You have been at it", "Sam has taken care", "A colleague reads", "You made my morning")
    assert [words for words in said if words not in page] == []


def test_an_answer_that_a_colleague_reads_first_counts_as_done(
    client: Client, full_pause: None
) -> None:
    assert '<b class="num">2</b> answered by you today' in shown(client)


def test_who_is_asked_to_pause_is_told_kindly(client: Client, part: people.Enlistment) -> None:
    people.Enlistment.objects.update(state="paused")
    page = shown(client)
    assert "Your supervisor asks you to pause for now" in page
    assert "Help the next person" not in page


def test_in_recovery_no_new_email_is_offered(client: Client, part: people.Enlistment) -> None:
    people.Incident.objects.update(level="recovery", recovery_at=None)
    assert "Nearly through" in shown(client)
    assert "Help the next person" not in shown(client)


def test_a_changed_briefing_leads_to_the_line_to_read(
    client: Client, part: people.Enlistment
) -> None:
    desk.ticket()
    people.Incident.objects.update(reading_version=9)
    page = shown(client)
    assert "Read what changed" in page
    assert "Help the next person" not in page
    assert client.post("/desk/next/").headers["Location"] == "/briefing/again/"
    assert not Ticket.objects.filter(holder__isnull=False).exists()


def test_done_for_now_begins_a_break(client: Client, part: people.Enlistment) -> None:
    desk.ticket()
    client.post("/desk/next/")
    client.post("/desk/done/")
    part.refresh_from_db()
    assert part.state == "on_break"
    assert Ticket.objects.get().holder is None


@pytest.mark.parametrize(
    ("worked", "idle", "nudged"), [(46, 1, True), (44, 1, False), (46, 11, False)]
)
def test_after_45_minutes_without_a_break_a_pause_is_suggested(
    client: Client, part: people.Enlistment, worked: int, idle: int, nudged: bool
) -> None:
    answered_today(part)
    at = timezone.now()
    Pace.objects.create(
        user=part.user,
        working_since=at - desk.minutes(worked),
        active_at=at - desk.minutes(idle),
    )
    assert ("You have been at it for a while" in shown(client)) is nudged
