"""The lines of the queues as rows: found, or made when first needed."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from django.db.models import Q

from triage.queues.lines import LineKey
from triage.queues.models import Line, Ticket

_FIELDS = ("queue_id", "language", "needs_trust", "tone")


def key_of(line: Line) -> LineKey:
    """Gives what makes this line."""
    return LineKey(
        queue_id=line.queue_id,
        language=line.language,
        needs_trust=line.needs_trust,
        tone=line.tone,
    )


def line_ids(keys: Iterable[LineKey]) -> dict[LineKey, int]:
    """Gives the id of each line, made where it is missing; two at once make one.

    One statement when all are known, three otherwise.
    """
    wanted = set(keys)
    known = _known(wanted)
    missing = wanted - known.keys()
    if not missing:
        return known
    Line.objects.bulk_create(
        (Line(**{name: getattr(key, name) for name in _FIELDS}) for key in missing),
        ignore_conflicts=True,
    )
    return known | _known(missing)


def line_id(key: LineKey) -> int:
    """Gives the id of one line, made where it is missing."""
    return line_ids([key])[key]


def put(ticket: Ticket, key: LineKey) -> list[str]:
    """Sets a ticket's queue and line, unsaved; gives the names of the fields to save."""
    ticket.queue_id, ticket.line_id = key.queue_id, line_id(key)
    return ["queue", "line"]


def twins(lines: Collection[int], *, queue_id: int) -> dict[int, int]:
    """Gives for each of these lines the one in another queue that is like it otherwise.

    For moves of many emails: one UPDATE of queue and line for each pair.
    """
    keys = {
        line.pk: replace(key_of(line), queue_id=queue_id)
        for line in Line.objects.filter(pk__in=lines)
    }
    ids = line_ids(keys.values())
    return {old: ids[key] for old, key in keys.items()}


def _known(keys: Collection[LineKey]) -> dict[LineKey, int]:
    if not keys:
        return {}
    lines = Line.objects.filter(Q(queue_id__in={key.queue_id for key in keys}))
    found = {key_of(line): line.pk for line in lines}
    return {key: found[key] for key in keys if key in found}
