"""Emails that wait where nobody who is here now can answer them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from triage.accounts.policy import Trust
from triage.accounts.queries import ceremony
from triage.queues.lines import Server, may_serve
from triage.queues.models import Queue, Ticket
from triage.queues.places import key_of
from triage.queues.queries import Person, people
from triage.volunteers.models import Enlistment

_HEADS = """
SELECT t.id FROM queues_line l JOIN queues_queue q ON q.id = l.queue_id
JOIN queues_ticket t ON t.id = (
  SELECT h.id FROM queues_ticket h
  WHERE h.line_id = l.id AND h.state = 'open' AND h.holder_id IS NULL
  ORDER BY h.urgency, h.promise_at, h.id LIMIT 1)
WHERE q.paused_at IS NULL
"""


@dataclass(frozen=True, kw_only=True)
class UnservedLine:
    """People who wait for somebody who is not here: who speaks `language`, or is experienced."""

    queue_id: int
    queue_name: str
    language: str
    needs_trust: Trust
    oldest_promise_at: datetime


def unserved_lines(*, at: datetime) -> tuple[UnservedLine, ...]:
    """Gives where emails wait that nobody here now may be given, longest waiting first.

    Seven statements, whatever waits. Emails alike but for their tone are one line here.
    """
    servers = list(_servers(at))
    found: dict[tuple[int, str, int], UnservedLine] = {}
    ids = [head.pk for head in Ticket.objects.raw(_HEADS)]
    heads = Ticket.objects.filter(pk__in=ids).select_related("line", "queue")
    for head in heads.order_by("promise_at", "pk"):
        key = key_of(head.line)
        if not any(may_serve(server, key) for server in servers):
            found.setdefault(
                (key.queue_id, key.language, key.needs_trust),
                UnservedLine(
                    queue_id=head.queue_id,
                    queue_name=head.queue.name,
                    language=key.language,
                    needs_trust=Trust(key.needs_trust),
                    oldest_promise_at=head.promise_at,
                ),
            )
    return tuple(found.values())


def _servers(at: datetime) -> Iterator[Server]:
    here = people(at=at)
    also = _open_queues() if ceremony().everyone_serves_every_queue else ()
    parts = {
        user_id: (languages, trust)
        for user_id, languages, trust in Enlistment.objects.filter(
            user_id__in=[person.user_id for person in here], ended_at__isnull=True
        )
        .order_by("pk")
        .values_list("user_id", "languages", "trust")
    }
    for person in here:
        yield _server(person, parts.get(person.user_id, ([], Trust.NEWCOMER)), also)


def _server(person: Person, part: tuple[Iterable[str], int], also: Iterable[int]) -> Server:
    """Support people answer in any language and need no one's trust."""
    queue_ids = frozenset([*person.serves, *also])
    if person.is_support:
        return Server(queue_ids=queue_ids, trust=Trust.REVIEWER)
    languages, trust = part
    return Server(queue_ids=queue_ids, languages=tuple(languages), trust=trust)


def _open_queues() -> list[int]:
    return list(Queue.objects.filter(kind=Queue.Kind.OPEN).values_list("pk", flat=True))
