"""Everybody is thanked with their own numbers, on the page and by mail."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from inbox.models import OutboundMessage
from tests.factories import desk, outbox, people
from triage.accounts.models import User
from triage.allhands.actions import stand_down
from triage.audit.models import AuditEvent
from triage.incidents.models import Incident
from triage.replies.models import Reply
from triage.volunteers.models import Enlistment
from triage.volunteers.queries import actor_for

pytestmark = pytest.mark.django_db


def answered(author: User, *, minutes: float) -> None:
    """One answer that took so long, to somebody of their own."""
    at, ticket = timezone.now(), desk.ticket("other")
    Reply.objects.create(
        ticket=ticket,
        author=author,
        version=desk.version(),
        seen_message=ticket.conversation.messages.first(),
        state=Reply.State.RELEASED,
        outbound=outbox.answer(ticket.conversation.mailbox, due_at=at),
        created_at=at - timedelta(minutes=minutes),
        saved_at=at,
        released_at=at,
    )


@pytest.fixture
def incident() -> Incident:
    return people.incident(at=timezone.now() - timedelta(hours=6))


@pytest.fixture
def ann(client: Client, incident: Incident) -> User:
    ann = people.person("ann")
    people.ready_helper(ann, incident, at=timezone.now() - timedelta(hours=5))
    client.force_login(ann)
    client.get("/desk/")
    return ann


def end(incident: Incident) -> None:
    at = timezone.now()
    ada = actor_for(people.person("ada"), at=at)
    stand_down(incident_id=incident.pk, expected_version=incident.version, by=ada, at=at)


def test_the_farewell_page_has_ones_own_numbers(
    client: Client, ann: User, incident: Incident
) -> None:
    for minutes in (0, 5, 500):
        answered(ann, minutes=minutes)
    end(incident)
    page = client.get("/desk/").content.decode()
    assert "You sent 3 answers." in page
    assert "3 people heard from you." in page
    assert "You gave them 66 minutes." in page  # 1 at least, 60 at most for each


def test_a_mail_thanks_each_of_those_who_took_part(ann: User, incident: Incident) -> None:
    bob = people.person("bob")
    people.helper(bob, incident, state="invited", at=timezone.now())
    answered(ann, minutes=5)
    end(incident)
    thanks = OutboundMessage.objects.filter(kind=OutboundMessage.Kind.STAFF)
    assert [mail.recipient for mail in thanks] == ["ann@example.com"]
    assert b"You sent 1 answer" in bytes(thanks.get().content)


def test_numbers_are_kept_on_the_helping_time_under_one_event(
    ann: User, incident: Incident
) -> None:
    answered(ann, minutes=5)
    end(incident)
    part = Enlistment.objects.get(user=ann)
    assert (part.answers_sent, part.people_helped, part.minutes_helped) == (1, 1, 5)
    assert AuditEvent.objects.filter(action="helper.thank").count() == 1


def test_who_answered_nobody_is_thanked_for_being_there(ann: User, incident: Incident) -> None:
    end(incident)
    mail = OutboundMessage.objects.get(kind=OutboundMessage.Kind.STAFF)
    assert b"That counted." in bytes(mail.content)
