"""What to list and fetch next: pure, from what the server shows and what stands in the books."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

LIST_ROWS = 5_000
LARGEST_RANGE = 50_000
FETCH_COUNT = 100
FETCH_BYTES = 8 * 1024 * 1024
COMMIT_COUNT = 500
COMMIT_BYTES = 32 * 1024 * 1024

Item = TypeVar("Item")


@dataclass(frozen=True)
class FolderState:
    """What a server says of a folder when it is opened; `uidnext` is 0 when it does not say."""

    uidvalidity: int
    uidnext: int
    exists: int


@dataclass(frozen=True, order=True)
class ListedMail:
    """One mail as listed: its number, when the server received it (UTC), its size in bytes."""

    uid: int
    internal_date: datetime
    size: int


@dataclass(frozen=True)
class Range:
    """UIDs from `first` to `last`, both included; no `last` means to the end."""

    first: int
    last: int | None


def next_range(state: FolderState, *, cursor: int, empty_so_far: int = 0) -> Range | None:
    """Gives the UIDs to list after `cursor`, or None when the books are up to date.

    A range spans 5,000 UIDs; after `empty_so_far` ranges without a mail it grows to 50,000, so
    that a gap in the numbers is soon behind us.
    """
    if state.exists == 0 or 0 < state.uidnext <= cursor + 1:
        return None
    if state.uidnext == 0:
        return Range(cursor + 1, None)
    span = LARGEST_RANGE if empty_so_far else LIST_ROWS
    return Range(cursor + 1, min(cursor + span, state.uidnext - 1))


def first_uid_since(listed: Iterable[ListedMail], start_at: datetime) -> int | None:
    """Gives the lowest UID that the server received at or after `start_at`; None without one."""
    return min((mail.uid for mail in listed if mail.internal_date >= start_at), default=None)


def batches(items: Sequence[tuple[Item, int]], *, count: int, size: int) -> Iterator[list[Item]]:
    """Cuts items, each given with its bytes, into batches of at most `count` and `size` bytes.

    What is larger than `size` alone makes a batch of its own.
    """
    batch: list[Item] = []
    filled = 0
    for item, weight in items:
        if batch and (len(batch) >= count or filled + weight > size):
            yield batch
            batch, filled = [], 0
        batch.append(item)
        filled += weight
    if batch:
        yield batch
