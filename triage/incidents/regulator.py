"""The regulator's clock: 72 hours from when we came to know (GDPR, article 33). Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

TIME_TO_TELL = timedelta(hours=72)


@dataclass(frozen=True, kw_only=True)
class RegulatorClock:
    """How the clock stands: `left` of the 72 hours, nothing when they are over or it was told."""

    known_since: datetime
    due_at: datetime
    told_at: datetime | None
    left: timedelta

    @property
    def is_over(self) -> bool:
        """Tells whether the time has passed and nobody was told."""
        return self.told_at is None and not self.left

    @property
    def was_late(self) -> bool:
        """Tells whether the regulator was told after the time."""
        return self.told_at is not None and self.told_at > self.due_at


def regulator_clock(
    *, known_since: datetime, told_at: datetime | None, at: datetime
) -> RegulatorClock:
    """Gives how much of the 72 hours is left; it stands still once the regulator was told."""
    due_at = known_since + TIME_TO_TELL
    left = timedelta() if told_at else max(timedelta(), due_at - at)
    return RegulatorClock(known_since=known_since, due_at=due_at, told_at=told_at, left=left)
