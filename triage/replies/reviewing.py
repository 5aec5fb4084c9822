"""Which answers a colleague reads before they go, and how long those may wait: pure rules."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.accounts.policy import Trust
from triage.replies.models import Review, ReviewMode

READING = timedelta(minutes=5)  # an opened answer is its reader's for so long
HOLD_AFTER = timedelta(minutes=10)
HOLD = timedelta(minutes=2)

Why = Review.Why
Reason = Review.Reason
PRAISE = (Reason.KIND_CLEAR,)
# What only the clock or the customer can cause is no reader's choice.
TO_MEND = (
    *(Reason.QUESTION, Reason.FACTS, Reason.PROMISE),
    *(Reason.TONE, Reason.PRIVATE, Reason.SLIP),
)


@dataclass(frozen=True, kw_only=True)
class OwnWords:
    """What in an answer is not the approved words: a line, or another greeting or sign-off."""

    has_own_line: bool
    is_edited: bool

    @property
    def any(self) -> bool:
        """Tells whether there is anything of the writer's own."""
        return self.has_own_line or self.is_edited


def why_read(
    *, trust: Trust, written: OwnWords, is_asked: bool = False, is_sampled: bool = False
) -> Review.Why | None:
    """Gives why a colleague reads this answer first; None when it goes as it is.

    A newcomer's own words are read, approved words without any are not. Who reads others' answers
    has nobody read theirs.
    """
    if trust >= Trust.REVIEWER:
        return None
    if trust == Trust.NEWCOMER and written.any:
        return Why.NEWCOMER if written.has_own_line else Why.EDITED
    if is_asked:
        return Why.ASKED
    return Why.SAMPLE if is_sampled and written.any else None


def is_sampled(number: int, *, every: int) -> bool:
    """Tells whether the answer of this number is one of those read by sample; 0 reads none."""
    return every > 0 and number % every == 0


def is_hold(mode: str, *, oldest_asked_at: datetime | None, at: datetime) -> bool:
    """Tells whether answers now wait two minutes only instead of for a reader."""
    if mode == ReviewMode.Mode.AUTOMATIC:
        return oldest_asked_at is not None and at - oldest_asked_at >= HOLD_AFTER
    return mode == ReviewMode.Mode.HOLD
