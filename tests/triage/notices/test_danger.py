"""Someone may be in danger: supervisors and the people of Safety hear of it until it is taken."""

import pytest

from inbox.models import OutboundMessage
from tests.factories import desk
from tests.factories.desk import NOON, minutes
from triage.notices.jobs import notify
from triage.notices.models import Alert
from triage.queues.actions import claim_next, raise_danger, set_queues

pytestmark = pytest.mark.django_db


def test_supervisors_and_safety_are_told_until_somebody_takes_it():
    sam, carla = desk.actor("Sam", "supervisor"), desk.actor("Carla")
    set_queues(user_id=carla.id, queue_ids=[desk.queue("safety").pk], by=sam, at=NOON)
    waiting, ann = desk.ticket(), desk.actor("Ann")
    claim_next(by=ann, at=NOON)
    raise_danger(ticket_id=waiting.pk, by=ann, at=NOON)
    notify(at=NOON)
    alert = Alert.objects.get(cause=f"danger:{waiting.pk}")
    told = set(OutboundMessage.objects.values_list("recipient", flat=True))
    assert {"sam@example.org", "carla@example.org"} <= told
    assert claim_next(by=carla, at=NOON) == waiting
    notify(at=NOON + minutes(1))
    alert.refresh_from_db()
    assert alert.over_at == NOON + minutes(1)
