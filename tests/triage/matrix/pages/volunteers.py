"""The briefing, signing, practice, and the supervisor's practice mails."""

from tests.triage.matrix.cast import BRIEFING, NO_WAY, STEERING, Pages

PAGES: Pages = {
    "volunteers:briefing": (BRIEFING, BRIEFING),
    "volunteers:sign": (BRIEFING, BRIEFING),
    "volunteers:read_again": (BRIEFING, BRIEFING),
    "volunteers:practice": (BRIEFING, BRIEFING),
    "volunteers:practice_mail": (BRIEFING, BRIEFING),
    "volunteers:practice_mails": (STEERING, STEERING),
    "volunteers:new_practice_mail": (STEERING, STEERING),
    "volunteers:write_practice_mail": (STEERING, STEERING),
    "volunteers:switch_practice_mail": (NO_WAY, STEERING),
}
FIELDS = (
    "email",
    "shown_name",
    "name",
    "department",
    "languages",
    "promise",
    "seen",
    "choice",
    "use",
    "sender",
    "subject",
    "body",
    "text1",
    "feedback1",
    "right",
)
