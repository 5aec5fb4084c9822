"""The page on which colleagues read answers before they go."""

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import desk, people
from triage.queues.actions import claim_next
from triage.queues.actions.outcomes import unanswered
from triage.replies.actions import submit
from triage.replies.models import Reply, Review, ReviewMode
from triage.volunteers.models import Enlistment
from triage.volunteers.queries import actor_for

pytestmark = pytest.mark.django_db


def login(name: str, *roles: str) -> Client:
    client = Client()
    client.force_login(desk.user(name, *roles))
    return client


@pytest.fixture(autouse=True)
def _in_review() -> None:
    """Nina's first answer waits to be read."""
    at = timezone.now()
    desk.ticket()
    people.helper(desk.user("Nina"), people.incident(at=at), state="active", at=at)
    nina = actor_for(desk.user("Nina"), at=at)
    ticket = claim_next(by=nina, at=at)
    assert ticket
    submit(
        ticket_id=ticket.pk,
        version_id=desk.version().pk,
        slots={"greeting": "Hi Dana,", "own line": "I <b>feel</b> with you.", "sign-off": "Nina"},
        submit_key="form-1",
        seen_message_id=unanswered(ticket.conversation_id)[-1].pk,
        by=nina,
        at=at,
    )


def test_an_answer_is_opened_read_and_approved():
    sue = login("Sue", "support")
    assert b"1 answer waits for a colleague" in sue.get("/review/").content
    page = sue.post("/review/next/", follow=True).content.decode()
    assert "<mark>I &lt;b&gt;feel&lt;/b&gt; with you.</mark>" in page
    review = Review.objects.get()
    sue.post(f"/review/{review.pk}/approve/", {"praise": "on", "note": ""})
    review.refresh_from_db()
    assert (review.decision, review.reason) == ("approved", "kind_clear")


def test_an_answer_is_returned_with_a_reason_and_not_without():
    sue = login("Sue", "support")
    sue.post("/review/next/")
    review = Review.objects.get()
    assert sue.post(f"/review/{review.pk}/return/", {}).status_code == 422
    sue.post(f"/review/{review.pk}/return/", {"reason": "tone", "hint": "Say her name."})
    review.refresh_from_db()
    assert (review.decision, review.reason, review.note) == ("returned", "tone", "Say her name.")
    assert Reply.objects.get().state == "draft"


def test_the_page_asks_few_questions_of_the_database(django_assert_max_num_queries):
    sue = login("Sue", "support")
    sue.post("/review/next/")
    with django_assert_max_num_queries(12):
        sue.get("/review/")


def test_a_trusted_helper_reads_one_answer_and_never_their_own():
    nina, bob = login("Nina"), login("Bob")
    people.helper(desk.user("Bob"), people.Incident.objects.get(), at=timezone.now())
    assert bob.get("/review/").status_code == 403
    Enlistment.objects.update(trust=3)
    assert b"Read the next answer" in bob.get("/review/").content
    assert b"Nothing waits to be read" in nina.get("/review/").content
    review = Review.objects.get()
    assert nina.post(f"/review/{review.pk}/approve/").status_code == 403
    assert bob.post(f"/review/{review.pk}/approve/").status_code == 403
    bob.post("/review/next/")
    assert bob.post(f"/review/{review.pk}/approve/").status_code == 302
    assert Reply.objects.get().state == "released"


def test_a_supervisor_chooses_how_answers_are_read():
    sam = login("Sam", "supervisor")
    sam.post("/review/mode/", {"mode": "always", "sample_every": "20"})
    chosen = ReviewMode.objects.get()
    assert (chosen.mode, chosen.sample_every) == ("always", 20)
    assert sam.post("/review/mode/", {"mode": "x", "sample_every": "2"}).status_code == 422


def test_the_second_reader_is_told_that_somebody_reads_it():
    login("Sue", "support").post("/review/next/")
    review = Review.objects.get()
    page = login("Tim", "support").post(f"/review/{review.pk}/approve/", follow=True)
    assert b"A colleague is reading this answer right now." in page.content


def test_its_writer_hears_of_it_between_two_emails(django_assert_max_num_queries):
    nina = login("Nina")
    with django_assert_max_num_queries(12):
        page = nina.get("/desk/").content.decode()
    assert "A colleague reads your answer to Dana R. before it goes." in page
    nina.post(f"/desk/undo/{Reply.objects.get().pk}/")
    assert Reply.objects.get().state == "draft"


def test_a_helper_asks_for_a_colleagues_eyes() -> None:
    at = timezone.now()
    Enlistment.objects.update(trust=1)
    desk.ticket()
    nina = login("Nina")
    nina.post("/desk/next/")
    page = nina.get("/desk/")
    assert "Let a colleague read it before it goes" in page.content.decode()
    composer = page.context["desk"].composer
    posted = {
        "email": composer.ticket_id,
        "answer": desk.version().pk,
        "seen": composer.seen_message_id,
        "submit_key": composer.submit_key,
        "slot-greeting": "Hi Dana,",
        "slot-sign-off": "Nina",
        "asks_review": "on",
    }
    nina.post("/desk/send/", posted)
    assert Review.objects.filter(why="asked", asked_at__gte=at).count() == 1
