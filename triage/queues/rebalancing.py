"""Moving people between queues: pure rules over who serves what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Move:
    """One person is to serve exactly these queues; none means every open queue."""

    user_id: int
    queue_ids: tuple[int, ...]


@dataclass(frozen=True)
class Change:
    """What a move changes for one person: the queues before and after."""

    user_id: int
    before: tuple[int, ...]
    after: tuple[int, ...]

    @property
    def undone(self) -> Move:
        """Gives the move that brings the person back."""
        return Move(self.user_id, self.before)


def changes(moves: Sequence[Move], serving: Mapping[int, Sequence[int]]) -> tuple[Change, ...]:
    """Gives what the moves really change; a later move of the same person replaces an earlier.

    `serving` has the queue ids of each person now; who is missing serves every open queue.
    """
    wanted = {move.user_id: tuple(sorted(set(move.queue_ids))) for move in moves}
    now = {user_id: tuple(sorted(serving.get(user_id, ()))) for user_id in wanted}
    return tuple(
        Change(user_id, now[user_id], after)
        for user_id, after in sorted(wanted.items())
        if now[user_id] != after
    )
