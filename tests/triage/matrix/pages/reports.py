"""The books and the state of health."""

from tests.triage.matrix.cast import EVERYBODY, MAILBOXES, NO_WAY, Pages

PAGES: Pages = {
    "reports:ledger": (MAILBOXES, NO_WAY),
    "reports:healthz": (EVERYBODY, NO_WAY),
    "reports:readyz": (EVERYBODY, NO_WAY),
}
