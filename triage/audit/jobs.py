"""Sealing: chaining what was committed, without a lock on the way of those who act."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from triage.audit.chain import NOTHING_YET, Head, hash_of
from triage.audit.models import AuditEvent, AuditSeal

_PACE = timedelta(seconds=2)
_BATCH = 2000
# Ids are given out before the commit, so an event may become visible after later ones were sealed.
# The quick look reaches this far back; whenever the chain has grown by half of it, the whole
# record is looked through, so that nothing is ever left out.
_WINDOW = 10_000
_WHOLE_EVERY = _WINDOW // 2


def seal(*, at: datetime) -> int:
    """Adds a seal for each committed event that has none; gives how many, 0 when nothing is due.

    Looks every two seconds at most. Of two workers in the same moment one seals, the other gives 0.
    """
    last = AuditSeal.objects.order_by("-sequence").first()
    if last and at - last.sealed_at < _PACE:
        return 0
    before = last.sequence if last else 0
    sealed = seal_now(at=at)
    if (before + sealed) // _WHOLE_EVERY > before // _WHOLE_EVERY:
        sealed += seal_now(at=at, whole=True)
    return sealed


def seal_now(*, at: datetime, whole: bool = False) -> int:
    """Seals at once, up to 2,000 events; `whole` looks through the whole record for them."""
    if not _unsealed(whole=whole).exists():
        return 0  # found out without a transaction: on SQLite it would make writers wait
    try:
        with transaction.atomic():
            head = chain_head()
            seals = _links(head, _unsealed(whole=whole)[:_BATCH], at)
            AuditSeal.objects.bulk_create(seals)
    except IntegrityError:
        return 0  # another worker has just written these links
    return len(seals)


def seal_everything(*, at: datetime) -> int:
    """Seals until nothing committed is left unsealed; gives how many."""
    total = 0
    while sealed := seal_now(at=at, whole=True):
        total += sealed
    return total


def chain_head() -> Head:
    """Gives the end of the chain as it is now."""
    last = AuditSeal.objects.order_by("-sequence").values_list("sequence", "hash").first()
    return Head(sequence=last[0], hash=last[1]) if last else NOTHING_YET


def _unsealed(*, whole: bool) -> "QuerySet[AuditEvent]":
    events = AuditEvent.objects.filter(seal__isnull=True).order_by("pk")
    if whole:
        return events
    newest = AuditSeal.objects.aggregate(newest=Max("event_id"))["newest"] or 0
    return events.filter(pk__gt=newest - _WINDOW)


def _links(head: Head, events: "QuerySet[AuditEvent]", at: datetime) -> list[AuditSeal]:
    seals: list[AuditSeal] = []
    sequence, previous = head.sequence, head.hash
    for event in events.only("pk", "digest"):
        sequence += 1
        link = hash_of(
            sequence=sequence,
            event_id=event.pk,
            digest=event.digest,
            sealed_at=at,
            previous=previous,
        )
        seals.append(
            AuditSeal(
                sequence=sequence, event=event, sealed_at=at, previous_hash=previous, hash=link
            )
        )
        previous = link
    return seals
