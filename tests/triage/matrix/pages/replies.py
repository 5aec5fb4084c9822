"""Reading answers before they go."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.factories import desk
from tests.triage.matrix.cast import NO_WAY, STEERING, Pages, only
from tests.triage.matrix.place import Place
from triage.queues.models import Ticket
from triage.replies.models import Reply, Review

READERS = only("support", "supervisor")
PAGES: Pages = {
    "review:show": (READERS, NO_WAY),
    "review:next": (NO_WAY, READERS),
    "review:later": (NO_WAY, READERS),
    "review:at_once": (NO_WAY, STEERING),
    "review:mode": (NO_WAY, STEERING),
    "review:approve": (NO_WAY, READERS),
    "review:return": (NO_WAY, READERS),
}
FIELDS = ("praise", "note", "reason", "hint", "mode", "sample_every")


def things(place: Place) -> dict[str, Any]:
    """Somebody's answer that waits to be read."""
    at = timezone.now() - timedelta(minutes=1)
    ticket = Ticket.objects.get(pk=place.numbers["ticket_id"])
    eve = desk.user("Eve")
    reply = Reply.objects.create(
        ticket=ticket,
        author=eve,
        version=desk.version(),
        seen_message=ticket.conversation.messages.first(),
        submit_key="in-review",
        state=Reply.State.IN_REVIEW,
        text="Hi.",
        created_at=at,
        saved_at=at,
    )
    review = Review.objects.create(reply=reply, why="newcomer", has_own_words=True, asked_at=at)
    return {"review_id": review.pk}
