"""The books and the state of health."""

from tests.triage.matrix.cast import EVERYBODY, MAILBOXES, NO_WAY, RECORDS, Pages

PAGES: Pages = {
    "reports:incidents": (RECORDS, NO_WAY),
    "reports:incident_file": (NO_WAY, RECORDS),
    "reports:ledger": (MAILBOXES, NO_WAY),
    "reports:healthz": (EVERYBODY, NO_WAY),
    "reports:readyz": (EVERYBODY, NO_WAY),
}
