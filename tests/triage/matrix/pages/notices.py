"""Alerts."""

from tests.triage.matrix.cast import NO_WAY, WATCHFUL, Pages

PAGES: Pages = {
    "notices:seen": (NO_WAY, WATCHFUL),
}
