"""One helper is kept from everything in one moment; what they wrote is kept."""

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import desk, people
from triage.audit.models import AuditEvent
from triage.board.holding_back import hold_back
from triage.queues.actions import claim_next
from triage.queues.models import Ticket
from triage.volunteers.models import Enlistment
from triage.volunteers.queries import actor_for

pytestmark = pytest.mark.django_db


def test_rights_logins_and_the_email_go_in_one_operation() -> None:
    at = timezone.now()
    ann, sam = people.person("ann", at=at), people.person("sam", at=at)
    people.helper(ann, people.incident(at=at), at=at)
    desk.ticket("other")
    assert claim_next(by=actor_for(ann, at=at), at=at)
    by = actor_for(sam, at=at)
    assert hold_back(user_id=ann.pk, by=by, at=at)
    assert not hold_back(user_id=ann.pk, by=by, at=at)
    assert Enlistment.objects.get().state == "suspended"
    assert Ticket.objects.get().holder_id is None
    events = AuditEvent.objects.filter(actor_id=str(sam.pk)).exclude(operation_id="")
    assert {event.action for event in events} == {"helper.suspend", "session.end", "ticket.return"}
    assert len({event.operation_id for event in events}) == 1


def test_the_button_stops_them_and_their_browser_is_told_whom_to_talk_to(client: Client) -> None:
    at = timezone.now()
    ann, sam = people.person("ann", at=at), people.person("sam", at=at)
    people.helper(ann, people.incident(at=at), at=at)
    hers = Client()
    hers.force_login(ann)
    hers.get("/desk/")
    client.force_login(sam)
    assert "Stop Ann at once" in client.get("/board/people/").content.decode()
    client.post(f"/board/people/{ann.pk}/stop/")
    told = hers.post("/desk/send/", {})
    assert told.status_code == 403
    assert "Please have a word with Sam" in told.content.decode()
