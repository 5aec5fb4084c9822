"""A frozen selection of emails goes to another queue, or gets another label, and back."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from inbox.jobs import ring
from triage.accounts.policy import Act, Actor, may
from triage.audit.actions import record
from triage.classification.models import Classification
from triage.queues.actions.claims import NotAllowed, Refused
from triage.queues.models import BulkMove, BulkMoveItem, Ticket

State = BulkMove.State


class NothingChosen(Refused):
    """No email fits."""

    sentence = _("No email fits that. Please choose less narrowly.")


class AlreadyBegun(Refused):
    """Somebody else began, undid or dropped it."""

    sentence = _("Somebody has decided about this meanwhile. Here is how it stands now.")


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Which emails are meant: those of one queue that wait, narrowed by what is not empty."""

    queue_id: int
    label: str = ""
    tone: str = ""
    language: str = ""
    older_than_minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What is to be done: another queue, or another topic and tone."""

    to_queue_id: int | None = None
    topic: str = ""
    tone: str = ""


def freeze(*, chosen: Chosen, deed: Deed, by: Actor, at: datetime) -> BulkMove:
    """Gives the selection with its emails fixed: what comes in later is not part of it.

    Nothing is moved yet. Raises NotAllowed, NothingChosen.
    """
    _check(by)
    with transaction.atomic():
        bulk = BulkMove.objects.create(
            chosen=asdict(chosen),
            to_queue_id=deed.to_queue_id,
            topic=deed.topic,
            tone=deed.tone,
            made_by_id=by.id,
            made_at=at,
        )
        bulk.total = _fix_items(bulk, chosen, at=at)
        if not bulk.total:
            raise NothingChosen
        bulk.save(update_fields=["total"])
        detail = {**asdict(chosen), **asdict(deed), "count": bulk.total}
        record(action="emails.freeze", by=by, at=at, subject=bulk, detail=detail)
    return bulk


def start(*, bulk_id: int, by: Actor, at: datetime) -> None:
    """Lets the step begin with it. Raises NotAllowed, AlreadyBegun."""
    _turn(bulk_id, State.FROZEN, State.RUNNING, "emails.start", by=by, at=at)


def undo(*, bulk_id: int, by: Actor, at: datetime) -> None:
    """Lets the step bring everything back that is still where it was put.

    Raises NotAllowed, AlreadyBegun.
    """
    _turn(bulk_id, State.DONE, State.UNDOING, "emails.undo", by=by, at=at)


def drop(*, bulk_id: int, by: Actor, at: datetime) -> None:
    """Forgets a selection that was not begun. Raises NotAllowed, AlreadyBegun."""
    _check(by)
    with transaction.atomic():
        bulk = BulkMove.objects.select_for_update().filter(pk=bulk_id, state=State.FROZEN).first()
        if bulk is None:
            raise AlreadyBegun
        record(action="emails.drop", by=by, at=at, subject=bulk, detail={"count": bulk.total})
        bulk.delete()


def _turn(
    bulk_id: int, state: BulkMove.State, to: BulkMove.State, action: str, *, by: Actor, at: datetime
) -> None:
    _check(by)
    with transaction.atomic():
        rows = BulkMove.objects.filter(pk=bulk_id, state=state)
        if not rows.update(state=to, due_at=at, finished_at=None):
            raise AlreadyBegun
        bulk = BulkMove.objects.get(pk=bulk_id)
        record(action=action, by=by, at=at, subject=bulk, detail={"count": bulk.total})
        ring("move")


def _check(by: Actor) -> None:
    if not may(by, Act.BOARD_STEER):
        raise NotAllowed


def _matching(chosen: Chosen, *, at: datetime) -> QuerySet[Ticket]:
    """Gives the open emails that fit; those somebody holds too, so that they can be named."""
    rows = Ticket.objects.filter(queue_id=chosen.queue_id, state=Ticket.State.OPEN)
    said = Classification.objects.filter(
        message__conversation=OuterRef("conversation"), message__outcome__isnull=True
    )
    if chosen.label:
        rows = rows.filter(Exists(said.filter(label=chosen.label)))
    if chosen.tone:
        rows = rows.filter(Exists(said.filter(tone=chosen.tone)))
    if chosen.language:
        rows = rows.filter(line__language=chosen.language)
    if chosen.older_than_minutes:
        rows = rows.filter(opened_at__lte=at - timedelta(minutes=chosen.older_than_minutes))
    return rows


def _fix_items(bulk: BulkMove, chosen: Chosen, *, at: datetime) -> int:
    """Writes one item for each email that fits, in one statement; gives how many."""
    rows = _matching(chosen, at=at).annotate(
        its_bulk=Value(bulk.pk),
        its_ticket=F("pk"),
        its_state=Value(BulkMoveItem.State.WAITING.value),
        its_queue=F("queue_id"),
        its_topic=Value(""),
        its_tone=Value(""),
    )
    columns = ("its_bulk", "its_ticket", "its_state", "its_queue", "its_topic", "its_tone")
    select, values = rows.order_by().values_list(*columns).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO queues_bulkmoveitem "
            f"(bulk_id, ticket_id, state, from_queue_id, was_topic, was_tone) {select}",
            values,
        )
        return int(cursor.rowcount)
