"""How much ceremony a team needs: a dozen people who know one another, or a whole company."""

from dataclasses import dataclass
from enum import StrEnum


class Size(StrEnum):
    """The two sizes of ceremony; `small` until somebody chooses."""

    SMALL = "small"
    LARGE = "large"


@dataclass(frozen=True, kw_only=True)
class Ceremony:
    """What the chosen size asks of people; each rule of it has its own name."""

    size: Size = Size.SMALL

    @property
    def is_small(self) -> bool:
        """Tells whether this is a team in which everybody knows everybody."""
        return self.size is Size.SMALL

    @property
    def one_person_may_hold_several_roles(self) -> bool:
        """Tells whether an admin may steer and answer too; in a company each has one role."""
        return self.is_small

    @property
    def any_second_person_approves(self) -> bool:
        """Tells whether everybody of the staff may say yes to what another one wrote."""
        return self.is_small

    @property
    def everyone_serves_every_queue(self) -> bool:
        """Tells whether queues are open to all helpers, whatever they were preset to."""
        return self.is_small

    @property
    def support_skips_practice(self) -> bool:
        """Tells whether people who answer on any day may begin without practice emails."""
        return self.is_small

    @property
    def needs_quorum(self) -> bool:
        """Tells whether a level changes only when two persons want it."""
        return not self.is_small

    @property
    def quorum(self) -> int:
        """Gives how many persons it takes to change the level."""
        return 2 if self.needs_quorum else 1


# Who nothing is known about meets the stricter rules.
STRICT = Ceremony(size=Size.LARGE)
