"""Mailboxes and what was set aside."""

from tests.triage.matrix.cast import ADMIN, MAILBOXES, NO_WAY, WATCHFUL, Pages

PAGES: Pages = {
    "mailboxes:index": (MAILBOXES, NO_WAY),
    "mailboxes:add": (ADMIN, ADMIN),
    "mailboxes:password": (ADMIN, ADMIN),
    "mailboxes:daily_limit": (ADMIN, ADMIN),
    "mailboxes:watch": (NO_WAY, ADMIN),
    "mailboxes:set_aside": (WATCHFUL, NO_WAY),
    "mailboxes:raw": (WATCHFUL, NO_WAY),
    "mailboxes:replay": (NO_WAY, WATCHFUL),
    "mailboxes:discard": (NO_WAY, WATCHFUL),
}
FIELDS = (
    "name",
    "older_than",
    "reason",
    "address",
    "imap_url",
    "smtp_url",
    "password",
    "watched",
    "daily_send_limit",
    "start",
    "next",
)
