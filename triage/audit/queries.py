"""Reading the record: filtered, newest first, page by page without counting."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from triage.audit.models import AuditEvent

PAGE_SIZE = 50
# Ids follow the clock, but for transactions that overtake one another: a day is found by its ids,
# with this many to spare on both sides, and so without reading everything after it.
_STRAY = 10_000


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What the auditor wants to see; an empty field leaves nothing out."""

    action: str = ""
    actor_id: str = ""
    subject_kind: str = ""
    subject_id: str = ""
    operation_id: str = ""
    from_at: datetime | None = None
    until_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some events, newest first; `older_than` asks for the next page, None on the last."""

    events: list[AuditEvent]
    older_than: int | None


def events(wanted: Filter, *, older_than: int | None = None) -> Page:
    """Gives one page of the events that fit."""
    rows = _within(wanted, AuditEvent.objects.select_related("seal").order_by("-pk"))
    if older_than:
        rows = rows.filter(pk__lt=older_than)
    found = list(rows[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return Page(events=shown, older_than=shown[-1].pk if len(found) > PAGE_SIZE else None)


def _within(wanted: Filter, rows: "QuerySet[AuditEvent]") -> "QuerySet[AuditEvent]":
    for name in ("action", "actor_id", "subject_kind", "subject_id", "operation_id"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    if wanted.from_at:
        first = AuditEvent.objects.filter(at__gte=wanted.from_at).order_by("at").first()
        rows = rows.filter(at__gte=wanted.from_at, pk__gte=(first.pk if first else 0) - _STRAY)
    if wanted.until_at:
        last = AuditEvent.objects.filter(at__lt=wanted.until_at).order_by("-at").first()
        rows = rows.filter(at__lt=wanted.until_at, pk__lte=(last.pk if last else 0) + _STRAY)
    return rows
