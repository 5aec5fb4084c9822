"""Proving the record: seal what is committed, then walk the whole chain."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.audit.actions import digest
from triage.audit.chain import Head, Link, faults, tail_fault
from triage.audit.jobs import chain_head, seal_everything
from triage.audit.models import AuditEvent, AuditSeal

LATE_AFTER = timedelta(seconds=30)
_FAULTS_TOLD = 20


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What was found: `faults` prove tampering, `late` events waited long for their seal."""

    checked: int
    sealed_now: int
    head: Head
    faults: tuple[str, ...]
    late: tuple[int, ...]


def verify(*, at: datetime, noted: Head | None = None) -> Verdict:
    """Seals what is committed, then checks every link; `noted` is a head kept outside.

    Tells the first twenty faults. Only with a noted head can a cut tail be found.
    """
    late = tuple(
        AuditEvent.objects.filter(seal__isnull=True, at__lt=at - LATE_AFTER)
        .order_by("pk")
        .values_list("pk", flat=True)[:_FAULTS_TOLD]
    )
    sealed_now = seal_everything(at=at)
    found = [sentence for sentence, _ in zip(faults(_links()), range(_FAULTS_TOLD), strict=False)]
    if noted and (sentence := tail_fault(noted=noted, found=_head_at(noted.sequence))):
        found.append(sentence)
    return Verdict(
        checked=AuditSeal.objects.count(),
        sealed_now=sealed_now,
        head=chain_head(),
        faults=tuple(found),
        late=late,
    )


def _links() -> Iterator[Link]:
    seals = AuditSeal.objects.select_related("event").order_by("sequence")
    for seal in seals.iterator(chunk_size=2000):
        yield Link(
            sequence=seal.sequence,
            event_id=seal.event_id,
            sealed_at=seal.sealed_at,
            previous_hash=seal.previous_hash,
            hash=seal.hash,
            stored_digest=seal.event.digest,
            digest=digest(seal.event),
        )


def _head_at(sequence: int) -> Head | None:
    found = AuditSeal.objects.filter(sequence=sequence).values_list("hash", flat=True).first()
    return Head(sequence=sequence, hash=found) if found else None
