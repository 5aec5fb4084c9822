"""Approved answers."""

from tests.triage.matrix.cast import ANSWERS, APPROVER, NO_WAY, WRITERS, Pages

PAGES: Pages = {
    "responses:library": (ANSWERS, NO_WAY),
    "responses:new": (WRITERS, WRITERS),
    "responses:starters": (NO_WAY, WRITERS),
    "responses:answer": (ANSWERS, NO_WAY),
    "responses:write": (WRITERS, WRITERS),
    "responses:version": (ANSWERS, NO_WAY),
    "responses:submit": (NO_WAY, WRITERS),
    "responses:approve": (NO_WAY, APPROVER),
    "responses:send_back": (NO_WAY, APPROVER),
    "responses:retire": (NO_WAY, APPROVER),
}
FIELDS = (
    "body",
    "key",
    "language",
    "label",
    "name",
    "note",
)
