"""The pipeline: an email that was stored becomes sorted, and waits for a person or has ended."""

from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from inbox.claims import claim_due
from inbox.failpoints import failpoint
from inbox.models import Message
from triage.audit.actions import Step, record
from triage.classification import actions as classification
from triage.classification.models import Classification
from triage.incidents.queries import bound_queues
from triage.queues import routing
from triage.queues.actions import Arrived, end_as_machine_mail, open_tickets
from triage.replies.jobs import take_bounces

log = structlog.get_logger("muster.intake")

BATCH = 80  # at most as many rows as one statement of SQLite takes
HOLD = timedelta(minutes=2)
MACHINES = (Message.Kind.BOUNCE, Message.Kind.AUTO_REPLY)


@dataclass(frozen=True)
class _Sorted:
    """A batch as it was understood, before anything of it is written."""

    machine: list[Message]
    asking: list[Message]
    fresh: list[Classification]
    known: dict[int, Classification]
    bound: dict[int, str]

    def said_of(self) -> dict[int, Classification]:
        """The classification of each email of the batch, by its id."""
        return self.known | {said.message_id: said for said in self.fresh}


def triage(*, at: datetime) -> int:
    """Takes a batch of emails over: sorted, and waiting in a queue or ended; says how many.

    Claimed first and classified outside any transaction; all of the batch commits together, or
    nothing does and it is due again. A batch that cannot be written is tried email by email, so
    that one delays only itself.
    """
    waiting = Message.objects.filter(due_at__isnull=False).defer("html")
    batch = claim_due(waiting, at=at, limit=BATCH, hold=HOLD)
    if not batch:
        return 0
    failpoint("triage.after_claim")
    taken = _understood(batch, at=at)
    failpoint("triage.after_predict")
    try:
        _take_over(batch, taken, at=at)
    except Exception as error:  # noqa: BLE001 - whatever one email does, it delays only itself
        log.warning("batch not taken over", first=batch[0].pk, error=type(error).__name__)
        _take_over_singly(batch, at=at)
    failpoint("triage.after_commit")
    return len(batch)


def _understood(batch: Sequence[Message], *, at: datetime) -> _Sorted:
    machine = [message for message in batch if message.kind in MACHINES]
    asking = [message for message in batch if message.kind not in MACHINES]
    rows = Classification.objects.filter(message_id__in=[message.pk for message in asking])
    known = {said.message_id: said for said in rows}
    unknown = [message for message in asking if message.pk not in known]
    fresh = classification.classify(unknown, at=at)
    return _Sorted(machine, asking, fresh, known, bound=bound_queues())


@transaction.atomic
def _take_over(batch: Sequence[Message], taken: _Sorted, *, at: datetime) -> None:
    """Ten statements or so, however many emails."""
    step = Step("triage")
    classification.store(taken.fresh)
    early = take_bounces([one for one in taken.machine if one.kind == Message.Kind.BOUNCE], at=at)
    end_as_machine_mail(messages=taken.machine, by=step, at=at)
    opened = open_tickets(arrived=_arrived(taken), at=at)
    _release([message.pk for message in batch if message.pk not in early])
    labels = Tally(said.label for said in taken.fresh)
    detail = {
        "messages": len(batch),
        "first": min(message.pk for message in batch),
        "last": max(message.pk for message in batch),
        "machine": len(taken.machine),
        "labels": dict(labels),
        "opened": opened.opened,
        "reopened": opened.reopened,
        "moved": opened.moved,
    }
    record(action="message.triage", by=step, at=at, detail=detail)
    failpoint("triage.before_commit")


def _release(message_ids: Sequence[int]) -> None:
    Message.objects.filter(pk__in=message_ids).update(due_at=None)


def _arrived(taken: _Sorted) -> list[Arrived]:
    said_of = taken.said_of()
    return [
        Arrived(
            message_id=message.pk,
            conversation_id=message.conversation_id,
            received_at=message.received_at,
            route=routing.route(
                label=said_of[message.pk].label,
                confident=said_of[message.pk].confident,
                subject=message.subject,
                text=message.new_text or message.text,
                otherwise=taken.bound.get(message.mailbox_id, routing.UNSORTED),
            ),
            classification_version=said_of[message.pk].version,
            language=message.language,
            tone=said_of[message.pk].tone,
            again=message.pk in taken.known,
        )
        for message in taken.asking
    ]


def _take_over_singly(batch: Sequence[Message], *, at: datetime) -> None:
    for message in batch:
        try:
            _take_over([message], _understood([message], at=at), at=at)
        except Exception as error:  # noqa: BLE001 - as above; it is due again after the hold
            log.error("email not taken over", message=message.pk, error=type(error).__name__)
