"""The support team's inbox."""

from tests.triage.matrix.cast import INBOX, NO_WAY, Pages

PAGES: Pages = {
    "conversations:inbox": (INBOX, NO_WAY),
    "conversations:show": (INBOX, NO_WAY),
    "conversations:html": (INBOX, NO_WAY),
    "conversations:attachment": (INBOX, NO_WAY),
}
FIELDS = (
    "before",
    "from",
    "show",
)
