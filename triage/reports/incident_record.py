"""One incident as one file: what was decided, said, known and done, provable without us.

Each line is one JSON object with its `kind`. The events are a whole stretch of the sealed chain, so
that anybody can check that none was changed, removed or put in between. No mail stands in it, and
no name or address of a customer.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count

from triage.audit.actions import digest
from triage.audit.chain import NOTHING_YET, Head, Link, faults
from triage.audit.models import AuditEvent, AuditSeal
from triage.incidents.models import Briefing, FactVersion, Incident, StatusUpdate
from triage.queues.models import Outcome
from triage.volunteers.models import Enlistment, EnlistmentLink

FORMAT = 1
_CHUNK = 1000
_EVENT = (
    *("at", "actor_id", "actor_name", "action", "subject_kind", "subject_id", "detail"),
    *("operation_id", "digest"),
)


def lines(*, incident: Incident, at: datetime) -> Iterator[dict[str, Any]]:
    """Gives every line of the incident's file, a few rows in memory at a time."""
    yield {"kind": "export", "format": FORMAT, "incident": incident.slug, "at": at.isoformat()}
    yield _row("incident", incident, "name", "slug", "level", "opened_at", "closed_at")
    for change in incident.changes.order_by("version"):
        yield _row("level", change, "version", "from_level", "to_level", "at", "by_name", "preview")
    for told in incident.told.order_by("told_at", "pk"):
        yield _row("told", told, "audience", "told_at", "told_by", "how", "at", "taken_back_at")
    yield from _facts(incident)
    yield from _briefings(incident)
    for update in StatusUpdate.objects.filter(incident=incident).order_by("pk"):
        yield _row("update", update, "text", "at", "by_id")
    for link in EnlistmentLink.objects.filter(incident=incident).order_by("pk"):
        yield _row("link", link, "note", "max_uses", "uses", "created_at", "withdrawn_at")
    yield from _helpers(incident)
    yield from _outcomes(incident, at)
    yield from _events(incident, at)


def check(lines: Iterable[Mapping[str, Any]]) -> list[str]:
    """Gives one sentence for each place at which an exported file was tampered with."""
    told = list(lines)
    links = [_link(line) for line in told if line["kind"] == "event"]
    before = NOTHING_YET
    if links:
        before = Head(sequence=links[0].sequence - 1, hash=links[0].previous_hash)
    found = list(faults(links, after=before))
    ends = [line for line in told if line["kind"] == "head"]
    last = links[-1] if links else None
    end = str(Head(sequence=last.sequence, hash=last.hash)) if last else ""
    if not ends or ends[-1]["head"] != end:
        found.append("the file does not end with the seal of its last event: its tail was cut")
    return found


def _row(kind: str, row: object, *names: str) -> dict[str, Any]:
    return {"kind": kind, **{name: _plain(getattr(row, name)) for name in names}}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _facts(incident: Incident) -> Iterator[dict[str, Any]]:
    rows = FactVersion.objects.filter(fact__incident=incident).select_related("fact")
    for row in rows.order_by("fact_id", "number"):
        fields = ("number", "value", "state", "change", "source", "at", "owner_id")
        line = _row("fact", row, *fields, "confirmed_by_id", "confirmed_at")
        yield {**line, "key": row.fact.key, "question": row.fact.question}


def _briefings(incident: Incident) -> Iterator[dict[str, Any]]:
    rows = Briefing.objects.filter(incident=incident).prefetch_related("paragraphs")
    for row in rows.order_by("version"):
        paragraphs = [
            {"section": part.section, "text": part.text, "is_public": part.is_public}
            for part in sorted(row.paragraphs.all(), key=lambda part: part.position)
        ]
        yield {**_row("briefing", row, "version", "at", "by_id"), "paragraphs": paragraphs}


def _helpers(incident: Incident) -> Iterator[dict[str, Any]]:
    rows = Enlistment.objects.filter(incident=incident).select_related("user")
    rows = rows.prefetch_related("receipts__briefing").order_by("pk")
    for row in rows.iterator(chunk_size=_CHUNK):
        receipts = [
            {"briefing": receipt.briefing.version, "at": receipt.at.isoformat()}
            for receipt in row.receipts.all()
        ]
        times = ("joined_at", "until", "ended_at", "promised_at", "practised_at")
        line = _row("helper", row, "user_id", "state", "ended_by_name", *times)
        yield {**line, "name": row.user.get_full_name(), "receipts": receipts}


def _outcomes(incident: Incident, at: datetime) -> Iterator[dict[str, Any]]:
    rows = Outcome.objects.filter(at__gte=incident.opened_at, at__lte=incident.closed_at or at)
    counts = rows.values_list("kind").annotate(number=Count("pk")).order_by("kind")
    yield {"kind": "outcomes", "counts": dict(counts)}


def _events(incident: Incident, at: datetime) -> Iterator[dict[str, Any]]:
    """Every sealed event from the incident's first to its last, those of others in between too."""
    within = AuditSeal.objects.filter(
        event__at__gte=incident.opened_at, event__at__lte=incident.closed_at or at
    )
    ends = within.order_by("sequence").values_list("sequence", flat=True)
    first, last = ends.first(), ends.last()
    head = ""
    if first is not None and last is not None:
        rows = AuditSeal.objects.filter(sequence__gte=first, sequence__lte=last)
        for seal in rows.select_related("event").order_by("sequence").iterator(chunk_size=_CHUNK):
            yield _event(seal)
            head = str(Head(sequence=seal.sequence, hash=seal.hash))
    yield {"kind": "head", "head": head}


def _event(seal: AuditSeal) -> dict[str, Any]:
    line = _row("event", seal.event, *_EVENT)
    sealed = _row("event", seal, "sequence", "event_id", "sealed_at", "previous_hash", "hash")
    return {**line, **sealed}


def _link(line: Mapping[str, Any]) -> Link:
    event = AuditEvent(**{name: line[name] for name in _EVENT})
    event.at = datetime.fromisoformat(line["at"])
    return Link(
        sequence=line["sequence"],
        event_id=line["event_id"],
        sealed_at=datetime.fromisoformat(line["sealed_at"]),
        previous_hash=line["previous_hash"],
        hash=line["hash"],
        stored_digest=line["digest"],
        digest=digest(event),
    )
