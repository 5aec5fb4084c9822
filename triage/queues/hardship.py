"""When an email is one for the experienced: pure rules."""

from triage.accounts.policy import Actor, Trust
from triage.queues.models import Ticket

EXPERIENCED = Trust.TRUSTED
LAPSES = 2  # people had it in their hands and left
EMAILS = 3  # of one person, none answered
RETURNS = 3  # of one person, after all was answered

Hard = Ticket.Hard


def hard_because(*, lapses: int = 0, unanswered: int = 0, reopenings: int = 0) -> Hard | None:
    """Gives why an email goes to experienced people; None while anybody may try."""
    if unanswered >= EMAILS:
        return Hard.WROTE_OFTEN
    if reopenings >= RETURNS:
        return Hard.CAME_BACK
    if lapses >= LAPSES:
        return Hard.LEFT_TWICE
    return None


def trust_after_too_hard(*, by: Actor, needed: int) -> int:
    """Gives the trust that an email needs which was too hard for `by`: more than theirs."""
    return max(needed, EXPERIENCED, min(by.trust + 1, Trust.REVIEWER))
