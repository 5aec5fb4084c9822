"""How a helper's answers come to go out unread: by what colleagues found when they read them."""

from dataclasses import dataclass

from triage.accounts.policy import Trust

APPROVED_FOR_TRUST = 3
APPROVED_FOR_EDITING = 10
LATELY = 5  # so many approved since one was last returned count as "none returned lately"


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many answers colleagues approved, and how many since one was returned."""

    approved: int = 0
    approved_in_a_row: int = 0


def counted(tally: Tally, *, approved: bool) -> Tally:
    """Gives the tally after one more answer was read."""
    if not approved:
        return Tally(approved=tally.approved, approved_in_a_row=0)
    return Tally(approved=tally.approved + 1, approved_in_a_row=tally.approved_in_a_row + 1)


def earned(tally: Tally, *, held: Trust) -> Trust:
    """Gives what this tally earns: never less than what is held, and never reviewing others."""
    found = Trust.NEWCOMER
    if tally.approved >= APPROVED_FOR_TRUST:
        found = Trust.TRUSTED
    if tally.approved >= APPROVED_FOR_EDITING and tally.approved_in_a_row >= LATELY:
        found = Trust.EDITOR
    return max(held, found)
