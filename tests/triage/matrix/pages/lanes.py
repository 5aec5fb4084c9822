"""The lanes, and what is done about one email there."""

from typing import Any

from django.utils import timezone

from tests.factories import desk
from tests.triage.matrix.cast import NO_WAY, NOBODY, WATCHFUL, Pages, only
from tests.triage.matrix.place import Place
from triage.queues.models import LaneNote, Ticket

HANDING = only("support", "supervisor")
PAGES: Pages = {
    "lanes:index": (WATCHFUL, NO_WAY),
    "lanes:set": (NO_WAY, WATCHFUL),
    "lanes:over": (NO_WAY, HANDING),
    "lanes:back": (NO_WAY, NOBODY),  # the email is in no lane
    "lanes:note": (NO_WAY, NOBODY),
    "lanes:export": (NO_WAY, NOBODY),
}
FIELDS = ("reason", "word", "text", "in_export", "lane-1-members", "lane-1-named")


def things(place: Place) -> dict[str, Any]:
    """A lane, and a note of its own that nobody here may see."""
    lane = desk.queue("legal")
    note = LaneNote.objects.create(
        ticket=Ticket.objects.get(pk=place.numbers["ticket_id"]),
        lane=lane,
        author=desk.user("Lou", "support"),
        text="Ask before we answer.",
        at=timezone.now(),
    )
    return {"lane_id": lane.pk, "note_id": note.pk}
