"""Proving the record: seal what is committed, then walk the whole chain."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.audit.actions import digest
from triage.audit.chain import Head, Link, faults, tail_fault
from triage.audit.jobs import chain_head, seal_everything
from triage.audit.models import AuditEvent, AuditSeal

LATE_AFTER = timedelta(seconds=30)
_FAULTS_TOLD = 20
_BATCH = 2000


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What was found: `faults` prove tampering, `late` events waited long for their seal."""

    checked: int
    sealed_now: int
    head: Head
    faults: tuple[str, ...]
    late: tuple[int, ...]


def verify(*, at: datetime, noted: Sequence[Head] = ()) -> Verdict:
    """Seals what is committed, then checks every link; `noted` are heads kept outside.

    Tells the first twenty faults. Only with a noted head can a cut tail be found. Holds 2,000
    links at a time, however long the record is.
    """
    late = tuple(
        AuditEvent.objects.filter(seal__isnull=True, at__lt=at - LATE_AFTER)
        .order_by("pk")
        .values_list("pk", flat=True)[:_FAULTS_TOLD]
    )
    sealed_now = seal_everything(at=at)
    walk = _Counted(_links())
    found = [*_first(faults(walk)), *_first(_tail_faults(noted))]
    walk.to_the_end()
    return Verdict(
        checked=walk.count,
        sealed_now=sealed_now,
        head=chain_head(),
        faults=tuple(found[:_FAULTS_TOLD]),
        late=late,
    )


class _Counted:
    """Counts the links that pass, so that no table is counted."""

    def __init__(self, links: Iterator[Link]) -> None:
        self._links = links
        self.count = 0

    def __iter__(self) -> Iterator[Link]:
        for link in self._links:
            self.count += 1
            yield link

    def to_the_end(self) -> None:
        """Counts what nobody asked for any more."""
        for _ in self:
            pass


def _first(sentences: Iterable[str]) -> list[str]:
    return [sentence for sentence, _ in zip(sentences, range(_FAULTS_TOLD), strict=False)]


def _tail_faults(noted: Sequence[Head]) -> Iterator[str]:
    for head in noted:
        if sentence := tail_fault(noted=head, found=_head_at(head.sequence)):
            yield sentence


def _links() -> Iterator[Link]:
    last = -1
    while seals := list(AuditSeal.objects.filter(sequence__gt=last).order_by("sequence")[:_BATCH]):
        events = AuditEvent.objects.in_bulk([seal.event_id for seal in seals])
        yield from (_link(seal, events.get(seal.event_id)) for seal in seals)
        last = seals[-1].sequence


def _link(seal: AuditSeal, event: AuditEvent | None) -> Link:
    return Link(
        sequence=seal.sequence,
        event_id=seal.event_id,
        sealed_at=seal.sealed_at,
        previous_hash=seal.previous_hash,
        hash=seal.hash,
        stored_digest=event.digest if event else "",
        digest=digest(event) if event else "",
    )


def _head_at(sequence: int) -> Head | None:
    found = AuditSeal.objects.filter(sequence=sequence).values_list("hash", flat=True).first()
    return Head(sequence=sequence, hash=found) if found else None
