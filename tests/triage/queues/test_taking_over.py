"""A supervisor of the support team takes over what somebody holds; nothing typed is lost."""

import pytest

from tests.factories import desk
from tests.factories.desk import NOON
from triage.audit.models import AuditEvent
from triage.queues import counters
from triage.queues.actions import (
    HoldsAnother,
    NobodyHoldsIt,
    NotAllowed,
    NotHeld,
    claim_next,
    leave,
    renew,
    take_over,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def held():
    desk.ticket()
    return claim_next(by=desk.actor("Ann"), at=NOON)


def lead(name: str = "Sam"):
    return desk.actor(name, "supervisor", "support")


def test_the_email_changes_hands_and_who_held_it_is_told(held):
    taken = take_over(ticket_id=held.pk, by=lead(), at=NOON)
    assert taken.holder_id == lead().id
    with pytest.raises(NotHeld):
        renew(ticket_id=held.pk, by=desk.actor("Ann"), at=NOON)
    assert AuditEvent.objects.latest("pk").action == "ticket.take_over"
    assert counters.reconcile() == ()


def test_what_nobody_holds_any_more_is_not_taken(held):
    leave(by=desk.actor("Ann"), at=NOON)
    with pytest.raises(NobodyHoldsIt):
        take_over(ticket_id=held.pk, by=lead(), at=NOON)


def test_who_holds_another_keeps_that_one(held):
    desk.ticket()
    claim_next(by=lead(), at=NOON)
    with pytest.raises(HoldsAnother):
        take_over(ticket_id=held.pk, by=lead(), at=NOON)
    held.refresh_from_db()
    assert held.holder_id == desk.actor("Ann").id


@pytest.mark.parametrize("role", ["admin", "support"])
def test_it_takes_both_to_steer_and_to_answer(held, role):
    with pytest.raises(NotAllowed):
        take_over(ticket_id=held.pk, by=desk.actor("Bob", role), at=NOON)
