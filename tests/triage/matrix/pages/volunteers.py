"""Joining and the briefing."""

from tests.triage.matrix.cast import BRIEFING, EVERYBODY, KNOWN, Pages

PAGES: Pages = {
    "volunteers:join": (EVERYBODY, EVERYBODY),
    "volunteers:joined": (KNOWN, KNOWN),
    "volunteers:briefing": (BRIEFING, BRIEFING),
}
FIELDS = (
    "email",
    "shown_name",
    "name",
)
