"""One person, many clicks and tabs: one email in their hands, one answer sent."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import pytest
from django.db import connections

from inbox.models import OutboundMessage
from tests.factories import desk, people
from tests.factories.desk import NOON
from triage.queues import counters
from triage.queues.actions import claim_next
from triage.queues.actions.outcomes import unanswered
from triage.queues.models import Ticket
from triage.replies.actions import AlreadyDecided, approve, return_, submit, undo
from triage.replies.models import Reply, Review
from triage.volunteers.queries import actor_for

pytestmark = pytest.mark.django_db(transaction=True)
CLICKS, AT_ONCE = 50, 16


def all_at_once(click: Callable[[], object]) -> list[object]:
    """What each of 50 clicks gave, sixteen of them at the same time."""

    def once(_number: int) -> object:
        try:
            return click()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(once, range(CLICKS)))


def test_fifty_clicks_on_help_the_next_person_give_one_email():
    for _ in range(20):
        desk.ticket()
    ann = desk.actor("Ann")
    given = all_at_once(lambda: claim_next(by=ann, at=NOON))
    assert len(set(given)) == 1
    assert Ticket.objects.filter(holder_id=ann.id).count() == 1
    assert counters.reconcile() == ()


def test_fifty_clicks_on_send_are_one_mail():
    desk.ticket()
    ann = desk.actor("Ann")
    ticket = claim_next(by=ann, at=NOON)
    version = desk.version()
    seen = unanswered(ticket.conversation_id)[-1].pk

    def send() -> Reply:
        return submit(
            ticket_id=ticket.pk,
            version_id=version.pk,
            slots={"greeting": "Hi,", "sign-off": "Ann"},
            submit_key="one-form",
            seen_message_id=seen,
            by=ann,
            at=NOON,
        )

    assert len({reply.pk for reply in all_at_once(send)}) == 1
    assert OutboundMessage.objects.count() == 1
    assert counters.reconcile() == ()


def test_taking_an_answer_back_while_the_next_email_comes_leaves_one_in_their_hands():
    desk.ticket()
    ann = desk.actor("Ann")
    ticket = claim_next(by=ann, at=NOON)
    reply = submit(
        ticket_id=ticket.pk,
        version_id=desk.version().pk,
        slots={"greeting": "Hi,", "sign-off": "Ann"},
        submit_key="one-form",
        seen_message_id=unanswered(ticket.conversation_id)[-1].pk,
        by=ann,
        at=NOON,
    )
    desk.ticket()
    clicks = iter([lambda: undo(reply_id=reply.pk, by=ann, at=NOON)])
    all_at_once(lambda: next(clicks, lambda: claim_next(by=ann, at=NOON))())
    assert Ticket.objects.filter(holder_id=ann.id).count() == 1
    assert counters.reconcile() == ()


def test_fifty_decisions_about_one_answer_are_one():
    desk.ticket()
    people.helper(desk.user("Nina"), people.incident(at=NOON), state="active", at=NOON)
    nina = actor_for(desk.user("Nina"), at=NOON)
    ticket = claim_next(by=nina, at=NOON)
    submit(
        ticket_id=ticket.pk,
        version_id=desk.version().pk,
        slots={"greeting": "Hi,", "own line": "So sorry.", "sign-off": "Nina"},
        submit_key="one-form",
        seen_message_id=unanswered(ticket.conversation_id)[-1].pk,
        by=nina,
        at=NOON,
    )
    review, sam, tone = Review.objects.get(), desk.actor("Sam", "supervisor"), Review.Reason.TONE
    decisions = cycle(
        [
            lambda: approve(review_id=review.pk, by=sam, at=NOON),
            lambda: return_(review_id=review.pk, reason=tone, by=sam, at=NOON),
        ]
    )

    def decide() -> object:
        try:
            return next(decisions)().decision
        except AlreadyDecided:
            return None

    given = [decision for decision in all_at_once(decide) if decision]
    assert len(given) == 1
    assert OutboundMessage.objects.count() == given.count("approved")
    assert counters.reconcile() == ()
