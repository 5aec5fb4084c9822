"""The board."""

from tests.triage.matrix.cast import NO_WAY, STEERING, WATCHFUL, Pages, only

PAUSERS = only("supervisor", "approver")

PAGES: Pages = {
    "board:show": (WATCHFUL, NO_WAY),
    "board:live": (WATCHFUL, NO_WAY),
    "board:rebalance": (STEERING, STEERING),
    "board:undo": (NO_WAY, STEERING),
    "board:release": (NO_WAY, STEERING),
    "board:question": (STEERING, STEERING),
    "board:decide": (NO_WAY, STEERING),
    "board:people_needed": (WATCHFUL, NO_WAY),
    "board:move": (STEERING, STEERING),
    "board:take_over": (NO_WAY, STEERING),
    "board:queue": (STEERING, STEERING),
    "board:pause_queue": (NO_WAY, STEERING),
    "board:resume_queue": (NO_WAY, STEERING),
    "board:sending": (NO_WAY, WATCHFUL),
    "board:answers": (PAUSERS, PAUSERS),
    "board:pause_answer": (NO_WAY, PAUSERS),
    "board:people": (STEERING, NO_WAY),
    "board:serve": (NO_WAY, STEERING),
    "board:bulk": (STEERING, STEERING),
    "board:bulk_show": (STEERING, NO_WAY),
    "board:bulk_decide": (NO_WAY, STEERING),
    "board:stand": (NO_WAY, STEERING),
    "board:stop": (NO_WAY, STEERING),
    "board:trust": (NO_WAY, STEERING),
    "board:thanks": (STEERING, STEERING),
    "board:came_back": (STEERING, NO_WAY),
}
FIELDS = (
    "version",
    "went_out",
    "text",
    "person",
    "label",
)
