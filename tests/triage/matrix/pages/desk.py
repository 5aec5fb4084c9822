"""The desk."""

from tests.triage.matrix.cast import DESK, HELPING, INBOX, NO_WAY, NOBODY, Pages

PAGES: Pages = {
    "desk:me": (DESK, DESK),
    "desk:rest": (NO_WAY, DESK),
    "desk:show": (DESK, NO_WAY),
    "desk:next": (NO_WAY, HELPING),
    "desk:draft": (NO_WAY, DESK),
    "desk:pulse": (DESK, NO_WAY),
    "desk:here": (NO_WAY, DESK),
    "desk:send": (NO_WAY, DESK),
    "desk:undo": (NO_WAY, NOBODY),  # the answer is somebody else's
    "desk:pass_on": (NO_WAY, DESK),
    "desk:danger": (DESK, DESK),
    "desk:ask": (NO_WAY, DESK),
    "desk:label": (NO_WAY, DESK),
    "desk:no_answer": (NO_WAY, INBOX),
    "desk:done": (NO_WAY, DESK),
    "desk:sent": (DESK, NO_WAY),
}
FIELDS = (
    "email",
    "answer",
    "seen",
    "solved",
    "hushed",
    "submit_key",
    "slot-own line",
    "reason",
    "text",
    "topic",
    "tone",
    "before",
)
