"""Approved answers: in a small team, which is the default, any second person approves."""

from tests.triage.matrix.cast import ANSWERS, NO_WAY, WRITERS, Pages

PAGES: Pages = {
    "responses:library": (ANSWERS, NO_WAY),
    "responses:new": (WRITERS, WRITERS),
    "responses:starters": (NO_WAY, WRITERS),
    "responses:answer": (ANSWERS, NO_WAY),
    "responses:write": (WRITERS, WRITERS),
    "responses:version": (ANSWERS, NO_WAY),
    "responses:submit": (NO_WAY, WRITERS),
    "responses:approve": (NO_WAY, ANSWERS),
    "responses:send_back": (NO_WAY, ANSWERS),
    "responses:retire": (NO_WAY, ANSWERS),
}
FIELDS = (
    "body",
    "key",
    "language",
    "label",
    "name",
    "note",
)
