"""All-hands mode."""

from tests.triage.matrix.cast import ADMIN, NO_WAY, Pages

PAGES: Pages = {
    "allhands:show": (ADMIN, ADMIN),
    "allhands:open": (NO_WAY, ADMIN),
    "allhands:on": (NO_WAY, ADMIN),
    "allhands:stand_down": (NO_WAY, ADMIN),
    "allhands:close": (NO_WAY, ADMIN),
    "allhands:briefing": (ADMIN, ADMIN),
    "allhands:update": (NO_WAY, ADMIN),
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
    "known",
    "unknown",
    "never_say",
    "to_do",
    "recovery_at",
    "version",
    "text",
    "name",
)
