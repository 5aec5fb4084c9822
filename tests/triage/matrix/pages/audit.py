"""The record."""

from tests.triage.matrix.cast import AUDITOR, Pages

PAGES: Pages = {
    "audit:record": (AUDITOR, AUDITOR),
}
FIELDS = (
    "actor",
    "action",
    "actor_id",
    "subject_kind",
    "subject_id",
    "operation_id",
    "from_day",
    "until_day",
    "older_than",
)
