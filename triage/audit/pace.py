"""How fast somebody opens emails: faster than people read means that they are being copied."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

WITHIN = timedelta(minutes=10)
HELPERS_OPEN = 40
SUPERVISORS_OPEN = 120  # they look into many, to help with each
ANSWERED = "reply.submit"
OPENED = frozenset({"email.view", "email.reveal", "ticket.claim"})


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One event of the record, as far as this rule looks."""

    action: str
    subject: tuple[str, str]
    at: datetime


def opened_lately(deeds: Iterable[Deed], *, at: datetime) -> int:
    """Gives how many different emails were opened in the last ten minutes and not answered."""
    lately = [deed for deed in deeds if at - deed.at < WITHIN]
    opened = {deed.subject for deed in lately if deed.action in OPENED}
    answered = sum(deed.action == ANSWERED for deed in lately)
    return max(0, len(opened) - answered)


def is_too_fast(deeds: Iterable[Deed], *, supervises: bool, at: datetime) -> bool:
    """Tells whether one more email would be more than a person reads."""
    limit = SUPERVISORS_OPEN if supervises else HELPERS_OPEN
    return opened_lately(deeds, at=at) >= limit
