"""All-hands mode."""

from typing import Any

from django.utils import timezone

from tests.factories import people
from tests.triage.matrix.cast import ADMIN, NO_WAY, WATCHFUL, Pages, only
from tests.triage.matrix.place import Place
from triage.accounts.models import User
from triage.audit.actions import Step
from triage.incidents.actions import ask_fact, ask_level, note_told
from triage.incidents.models import Incident

KNOWING = only("supervisor", "approver", "admin")

PAGES: Pages = {
    "allhands:show": (ADMIN, ADMIN),
    "allhands:open": (NO_WAY, ADMIN),
    "allhands:on": (NO_WAY, ADMIN),
    "allhands:level": (NO_WAY, ADMIN),
    "allhands:extend": (WATCHFUL, WATCHFUL),
    "allhands:stand_down": (NO_WAY, ADMIN),
    "allhands:close": (ADMIN, ADMIN),
    "allhands:confirm": (NO_WAY, ADMIN),
    "allhands:take_back": (NO_WAY, ADMIN),
    "allhands:known_since": (NO_WAY, ADMIN),
    "allhands:two_people": (NO_WAY, ADMIN),
    "allhands:bind": (ADMIN, ADMIN),
    "allhands:unbind": (NO_WAY, ADMIN),
    "allhands:briefing": (WATCHFUL, WATCHFUL),
    "allhands:facts": (KNOWING, KNOWING),
    "allhands:change_fact": (NO_WAY, KNOWING),
    "allhands:confirm_fact": (NO_WAY, KNOWING),
    "allhands:update": (NO_WAY, ADMIN),
    "allhands:told": (ADMIN, ADMIN),
    "allhands:take_back_told": (NO_WAY, ADMIN),
    "allhands:letter": (ADMIN, ADMIN),
    "allhands:words": (ADMIN, NO_WAY),
    "allhands:helpers": (ADMIN, NO_WAY),
    "allhands:new_link": (NO_WAY, ADMIN),
    "allhands:link": (ADMIN, ADMIN),
    "allhands:withdraw": (NO_WAY, ADMIN),
}
FIELDS = (
    "domains",
    "note",
    "max_uses",
    "hours",
    "happened",
    "happened_public",
    "known",
    "known_public",
    "unknown",
    "unknown_public",
    "never_say",
    "to_do",
    "recovery_at",
    "version",
    "text",
    "name",
    "known_since",
    "needs_second_person",
    "to_level",
    "alone_because",
    "signature",
    "left_open",
    "mailbox",
    "queue",
    "key",
    "question",
    "value",
    "source",
    "change",
    "seen_number",
    "audience",
    "told_at",
    "told_by",
    "how",
    "back",
    "subject",
    "sent_key",
)


def things(place: Place) -> dict[str, Any]:
    """Gives a fact that waits for a second person, an entry of who was told, and a request."""
    at, by, incident = timezone.now(), Step("test"), Incident.objects.get()
    owner = User.objects.filter(name="Owen").first() or people.person("owen", at=at)
    fact = ask_fact(
        incident_id=incident.pk,
        key="when",
        question="When did it begin?",
        value="On Monday",
        source="The log.",
        user_id=owner.pk,
        by=by,
        at=at,
    )
    entry = note_told(
        incident_id=incident.pk,
        audience="press",
        told_at=at,
        told_by="Owen",
        user_id=owner.pk,
        by=by,
        at=at,
    )
    request = ask_level(
        incident_id=incident.pk,
        to_level="closed",
        expected_version=incident.version,
        user_id=owner.pk,
        by=by,
        at=at,
    )
    return {
        "fact_id": fact.pk,
        "fact_version_id": fact.versions.get().pk,
        "told_id": entry.pk,
        "level_request_id": request.pk,
    }
