"""The briefing."""

from tests.triage.matrix.cast import BRIEFING, Pages

PAGES: Pages = {
    "volunteers:briefing": (BRIEFING, BRIEFING),
}
FIELDS = (
    "email",
    "shown_name",
    "name",
)
