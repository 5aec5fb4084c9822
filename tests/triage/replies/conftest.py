"""Ann with an email in her hands, and an answer to send."""

from dataclasses import dataclass, field
from datetime import datetime

import pytest

from tests.factories import desk, people
from tests.factories.desk import NOON
from triage.accounts.policy import Actor
from triage.queues.actions import claim_next
from triage.queues.actions.outcomes import unanswered
from triage.queues.models import Ticket
from triage.replies.actions import submit
from triage.replies.models import Reply
from triage.responses.models import ResponseVersion
from triage.volunteers.queries import actor_for

SLOTS = {"greeting": "Hi Dana,", "own line": "I would be worried too.", "sign-off": "Ann"}


@dataclass
class Held:
    """An email in a person's hands, and the approved answer they chose."""

    ticket: Ticket
    by: Actor
    version: ResponseVersion
    slots: dict[str, str] = field(default_factory=lambda: dict(SLOTS))

    def seen(self) -> int:
        return unanswered(self.ticket.conversation_id)[-1].pk

    def send(self, *, at: datetime = NOON, key: str = "form-1", **changed: object) -> Reply:
        asked: dict[str, object] = {
            "ticket_id": self.ticket.pk,
            "version_id": self.version.pk,
            "slots": self.slots,
            "submit_key": key,
            "seen_message_id": self.seen(),
            "by": self.by,
            "at": at,
        }
        return submit(**{**asked, **changed})  # type: ignore[arg-type]


@pytest.fixture
def held() -> Held:
    """Ann holds Dana's email since noon."""
    desk.ticket()
    ann = desk.actor("Ann")
    ticket = claim_next(by=ann, at=NOON)
    assert ticket is not None
    return Held(ticket, ann, desk.version())


@pytest.fixture
def newcomer() -> Held:
    """Nina helps for the first time, and holds Dana's email since noon."""
    desk.ticket()
    people.helper(desk.user("Nina"), people.incident(at=NOON), state="active", at=NOON)
    nina = actor_for(desk.user("Nina"), at=NOON)
    ticket = claim_next(by=nina, at=NOON)
    assert ticket is not None
    return Held(ticket, nina, desk.version(), {**SLOTS, "sign-off": "Nina"})
