"""The board."""

from tests.triage.matrix.cast import NO_WAY, STEERING, WATCHFUL, Pages

PAGES: Pages = {
    "board:show": (WATCHFUL, NO_WAY),
    "board:live": (WATCHFUL, NO_WAY),
    "board:rebalance": (STEERING, STEERING),
    "board:undo": (NO_WAY, STEERING),
    "board:release": (NO_WAY, STEERING),
    "board:question": (STEERING, STEERING),
    "board:decide": (NO_WAY, STEERING),
}
FIELDS = (
    "version",
    "went_out",
    "text",
    "person",
    "label",
)
