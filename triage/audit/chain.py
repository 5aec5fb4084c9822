"""The chain of seals: pure rules of how one link is made and what a broken one looks like."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

START = "0" * 64


@dataclass(frozen=True, kw_only=True)
class Link:
    """One link of the chain beside the event it seals; `digest` is made anew from the event.

    `stored_digest` is what the event's row says its digest is; both are "" when the row is gone.
    """

    sequence: int
    event_id: int
    sealed_at: datetime
    previous_hash: str
    hash: str
    stored_digest: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class Head:
    """The end of the chain, as noted down outside the database."""

    sequence: int
    hash: str

    def __str__(self) -> str:
        return f"{self.sequence}:{self.hash}"


NOTHING_YET = Head(sequence=0, hash=START)


def hash_of(
    *, sequence: int, event_id: int, digest: str, sealed_at: datetime, previous: str
) -> str:
    """Gives the hash of one link: over its place, its event, its time and the link before."""
    moment = sealed_at.astimezone(UTC).isoformat()
    told = "\n".join((str(sequence), str(event_id), digest, moment, previous))
    return hashlib.sha256(told.encode()).hexdigest()


def faults(links: Iterable[Link], *, after: Head = NOTHING_YET) -> Iterator[str]:
    """Gives one sentence for each place where the record was tampered with, first place first.

    A change to an event shows in its digest; a removed, inserted or reordered link and a changed
    time show in the hashes. What is missing at the end only `tail_fault` can tell. A stretch of the
    chain is checked from the head `after` on.
    """
    before = after
    for link in links:
        yield from _faults_of(link, before)
        before = Head(sequence=link.sequence, hash=link.hash)


def _faults_of(link: Link, before: Head) -> Iterator[str]:
    place = f"seal {link.sequence} (event {link.event_id})"
    if link.sequence != before.sequence + 1:
        yield f"{place}: follows seal {before.sequence}, so seals between them are missing"
    if link.previous_hash != before.hash:
        yield f"{place}: does not continue the seal before it"
    if not link.digest:
        yield f"{place}: the event was removed"
        return
    if link.digest != link.stored_digest:
        yield f"{place}: the event was changed after it was recorded"
    made_anew = hash_of(
        sequence=link.sequence,
        event_id=link.event_id,
        digest=link.digest,
        sealed_at=link.sealed_at,
        previous=link.previous_hash,
    )
    if link.hash != made_anew:
        yield f"{place}: its hash does not fit what it seals"


def tail_fault(*, noted: Head, found: Head | None) -> str:
    """Gives the sentence when the noted head is no longer in the chain, "" when it is.

    `found` is the chain's link at the noted place, None when the chain is shorter.
    """
    if found is None:
        return f"the chain ends before seal {noted.sequence}, which was noted: its tail was cut"
    if found != noted:
        return f"seal {noted.sequence} is not the one that was noted: the chain was written anew"
    return ""
