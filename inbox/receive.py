"""From stored bytes to messages: each mail once, a batch at a time, the broken ones set aside."""

import atexit
import itertools
import os
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, OperationalError, transaction
from django.db.models import F, Q

from inbox.books import raw_store
from inbox.claims import claim_due
from inbox.failpoints import failpoint
from inbox.jobs import ring
from inbox.models import Arrival
from inbox.parsing import ParsePool, ParseRequest, ParseResult
from inbox.taking import Delivery, take_over

BATCH = 200
MOST_FAILURES = 3
HOLD = timedelta(seconds=30)
HOLD_FAILED = timedelta(seconds=90)
_BREATH = timedelta(seconds=2)
# Whatever a slow neighbour does, mail that is parsed is served within about a second.
_FLUSH_SECONDS = 1.0
_WAIT_SECONDS = 0.5

log = structlog.get_logger("muster.receive")


@dataclass
class _Harvest:
    """What came out of a batch and waits to be written."""

    deliveries: list[Delivery] = field(default_factory=list)
    failures: list[tuple[list[Arrival], str]] = field(default_factory=list)

    def add(self, arrivals: list[Arrival], result: ParseResult) -> None:
        """Takes in what a child said of these arrivals."""
        if result.mail is None:
            self.failures.append((arrivals, result.reason))
        else:
            self.deliveries.append(Delivery(arrivals, result.mail))

    def __bool__(self) -> bool:
        return bool(self.deliveries or self.failures)


def parse(*, at: datetime) -> int:
    """The step: parses stored mail and writes its messages; how many mails it dealt with.

    Mail that failed before is tried again beside the others, one at a time, with more patience,
    and holds nobody up: while such a try runs and nothing else is due, the step waits a moment
    for it and says 1. Raises ParsingUnavailableError when no parse child starts.
    """
    desk = _desk()
    try:
        done = desk.take_in(_claim_fresh(at), at)
        done += desk.try_again(at)
    except BaseException:
        desk.clear(at)
        raise
    return done


def _claim_fresh(at: datetime) -> list[Arrival]:
    fresh = Arrival.objects.filter(
        state=Arrival.State.STORED, reason="", attempts__lt=MOST_FAILURES
    )
    return claim_due(fresh.select_related("folder"), at=at, limit=BATCH, hold=HOLD)


def _claim_failed(at: datetime) -> list[Arrival]:
    """What failed, and what was claimed three times by workers that did not live to tell."""
    failed = Arrival.objects.filter(state=Arrival.State.STORED).filter(
        ~Q(reason="") | Q(attempts__gte=MOST_FAILURES)
    )
    return claim_due(failed.select_related("folder"), at=at, limit=1, hold=HOLD_FAILED)


class _Desk:
    """The parse children of this thread, and the arrivals they have in work."""

    def __init__(self) -> None:
        self._pool = ParsePool(children=os.cpu_count() or 1)
        self._numbers = itertools.count()
        self._fresh: dict[int, list[Arrival]] = {}
        self._failed: dict[int, list[Arrival]] = {}
        self._early: dict[int, tuple[list[Arrival], ParseResult]] = {}
        atexit.register(self._pool.close)

    def take_in(self, claimed: list[Arrival], at: datetime) -> int:
        """Parses and writes a batch of first tries; whatever else comes out is written too."""
        if not claimed:
            return 0
        failpoint("parse.after_claim")
        groups = _by_raw(claimed)
        harvest = _known(groups)
        for delivery in harvest.deliveries:
            del groups[delivery.raw_sha256]
        self._submit(groups.values(), self._fresh, first_try=True)
        flushed = time.monotonic()
        while self._fresh:
            self._reap(harvest, seconds=_FLUSH_SECONDS)
            if time.monotonic() - flushed > _FLUSH_SECONDS:
                harvest, flushed = _flush(harvest, at), time.monotonic()
        _flush(harvest, at)
        return len(claimed)

    def try_again(self, at: datetime) -> int:
        """Sees after the one later try in work, or begins the next; 1 while there is one."""
        if not self._failed:
            claimed = _claim_failed(at)
            self._submit([[arrival] for arrival in claimed], self._failed, first_try=False)
        if not self._failed:
            return 0
        harvest = _Harvest()
        self._reap(harvest, seconds=_WAIT_SECONDS)
        _flush(harvest, at)
        return 1

    def clear(self, at: datetime) -> None:
        """Forgets what is in work, after an error that no mail is to blame for.

        The rows are given back where the database still answers; else their claims run out.
        """
        groups = [*self._fresh.values(), *self._failed.values()]
        groups += [rows for rows, _ in self._early.values()]
        in_work = [row.pk for rows in groups for row in rows]
        self._fresh, self._failed, self._early = {}, {}, {}
        self._pool.close()
        self._pool = ParsePool(children=os.cpu_count() or 1)
        with suppress(DatabaseError):
            Arrival.objects.filter(
                pk__in=in_work, state=Arrival.State.STORED, attempts__gt=0
            ).update(attempts=F("attempts") - 1, due_at=at + _BREATH)

    def _submit(
        self, groups: Iterable[list[Arrival]], into: dict[int, list[Arrival]], *, first_try: bool
    ) -> None:
        requests = []
        for rows in groups:
            number = next(self._numbers)
            into[number] = rows
            attempt = 1 if first_try else max(2, rows[0].attempts)
            requests.append(ParseRequest(number, raw_store().path(rows[0].raw_sha256), attempt))
        self._pool.submit(requests)

    def _reap(self, harvest: _Harvest, *, seconds: float) -> None:
        """Collects results. First tries come in the order of their arrival: a follow-up must not
        be written before the mail that it answers."""
        for result in self._pool.finished(timeout_seconds=seconds):
            if result.id in self._fresh:
                self._early[result.id] = (self._fresh.pop(result.id), result)
            else:
                harvest.add(self._failed.pop(result.id, []), result)
        first_missing = next(iter(self._fresh), None)
        for number in sorted(self._early):
            if first_missing is None or number < first_missing:
                harvest.add(*self._early.pop(number))


_of_thread = threading.local()


def _desk() -> _Desk:
    if not hasattr(_of_thread, "desk"):
        _of_thread.desk = _Desk()
    desk: _Desk = _of_thread.desk
    return desk


def _by_raw(claimed: Iterable[Arrival]) -> dict[str, list[Arrival]]:
    """The same bytes are parsed once, however often they were delivered; oldest first."""
    groups: dict[str, list[Arrival]] = defaultdict(list)
    for arrival in sorted(claimed, key=lambda row: (row.internal_date, row.pk)):
        groups[arrival.raw_sha256].append(arrival)
    return groups


def _known(groups: dict[str, list[Arrival]]) -> _Harvest:
    """Bytes that have become a message before need no second look."""
    parsed = Arrival.objects.filter(raw_sha256__in=list(groups), message__isnull=False)
    known = dict(parsed.values_list("raw_sha256", "message_id"))
    return _Harvest([Delivery(groups[raw], None, message) for raw, message in known.items()])


def _flush(harvest: _Harvest, at: datetime) -> _Harvest:
    """Writes what is ready in one transaction; gives an empty harvest to go on with."""
    if harvest:
        failpoint("parse.after_child")
        try:
            _write(harvest, at)
        except OperationalError:
            raise
        except DatabaseError as error:
            _write_apart(harvest, error, at)
    return _Harvest()


def _write(harvest: _Harvest, at: datetime) -> None:
    with transaction.atomic():
        changed = take_over(harvest.deliveries, at=at)
        for arrivals, reason in harvest.failures:
            changed += _failed(arrivals, reason, at)
        Arrival.objects.filter(state=Arrival.State.STORED).bulk_update(
            changed, ["message", "state", "reason", "due_at"]
        )
        ring("triage")
        failpoint("receive.before_commit")
    failpoint("receive.after_commit")


def _write_apart(harvest: _Harvest, error: DatabaseError, at: datetime) -> None:
    """One mail that the database refuses, or that another worker has just written, stays alone."""
    if len(harvest.deliveries) + len(harvest.failures) > 1:
        for delivery in harvest.deliveries:
            _flush(_Harvest([delivery]), at)
        _flush(_Harvest(failures=harvest.failures), at)
        return
    log.warning("mail cannot be written", error=type(error).__name__)
    arrivals = [row for delivery in harvest.deliveries for row in delivery.arrivals]
    _write(_Harvest(failures=[(arrivals, "The email cannot be written to the database.")]), at)


def _failed(arrivals: list[Arrival], reason: str, at: datetime) -> list[Arrival]:
    """Back to the end of the line, or set aside after the third failure."""
    for arrival in arrivals:
        arrival.reason = reason[:500] or "The email cannot be read."
        arrival.state, arrival.message, arrival.due_at = Arrival.State.STORED, None, at
        if arrival.attempts >= MOST_FAILURES:
            arrival.state, arrival.due_at = Arrival.State.QUARANTINED, None
            log.warning("mail set aside", arrival=arrival.pk)
    return arrivals


def replay(*, arrival_ids: Iterable[int], at: datetime) -> int:
    """Puts mail that was set aside or discarded back in line to be parsed anew; how many."""
    rows = Arrival.objects.filter(
        pk__in=list(arrival_ids),
        state__in=[Arrival.State.QUARANTINED, Arrival.State.DISCARDED],
    )
    count = rows.update(state=Arrival.State.STORED, reason="", attempts=0, due_at=at)
    ring("parse")
    return count


def discard(*, arrival_ids: Iterable[int], reason: str) -> int:
    """Ends mail that was set aside, with a person's reason; its bytes are kept; how many."""
    rows = Arrival.objects.filter(pk__in=list(arrival_ids), state=Arrival.State.QUARANTINED)
    return rows.update(state=Arrival.State.DISCARDED, reason=reason[:500], due_at=None)
