"""The ways in, and who opens them."""

from typing import Any

from django.utils import timezone

from tests.factories import people
from tests.triage.matrix.cast import ADMIN, EVERYBODY, KNOWN, NO_WAY, Pages
from tests.triage.matrix.place import Place
from triage.incidents.models import Incident
from triage.volunteers.actions import ask_to_join
from triage.volunteers.links import invitation_token

PAGES: Pages = {
    "joining:join": (EVERYBODY, EVERYBODY),
    "joining:invited": (EVERYBODY, EVERYBODY),
    "joining:company": (EVERYBODY, EVERYBODY),
    "joining:joined": (KNOWN, KNOWN),
    "joining:enter": (EVERYBODY, EVERYBODY),
    "joining:list": (ADMIN, ADMIN),
    "joining:invite_list": (NO_WAY, ADMIN),
    "joining:sheets": (ADMIN, ADMIN),
    "joining:new_sheet": (NO_WAY, ADMIN),
    "joining:lend": (NO_WAY, ADMIN),
    "joining:sheet": (ADMIN, ADMIN),
    "joining:close_sheet": (NO_WAY, ADMIN),
    "joining:requests": (ADMIN, ADMIN),
    "joining:say_yes": (NO_WAY, ADMIN),
    "joining:say_no": (NO_WAY, ADMIN),
}
FIELDS = (
    "email",
    "name",
    "queues",
    "language",
    "code",
    "count",
    "hours",
    "note",
    "shared",
    "text",
    "file",
)


def things(place: Place) -> dict[str, Any]:
    """Gives somebody from outside who asks, and somebody who was invited."""
    at, incident = timezone.now(), Incident.objects.get()
    asked = ask_to_join(incident_id=incident.pk, email="pat@elsewhere.example", name="Pat", at=at)
    part = people.helper(people.person("ivy", at=at), incident, state="invited", at=at)
    sheet = people.sheet(incident, people.User.objects.get(email="ada@example.com"), at=at)
    return {"sheet_id": sheet.pk, "request_id": asked.pk, "invitation": invitation_token(part)}
