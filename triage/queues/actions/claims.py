"""Taking, keeping and giving back one email: at most one person holds one, and one person one."""

import time
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from triage.accounts.policy import Act, Actor, Subject, may
from triage.audit.actions import Doer, Step, new_operation, record
from triage.queues import counters, leases
from triage.queues.hardship import EXPERIENCED, hard_because
from triage.queues.models import Pace, Ticket
from triage.queues.picking import someone_waits, take_next
from triage.queues.places import key_of, put


class Refused(Exception):
    """Something could not be done; its text is a sentence for the person who asked."""

    sentence: ClassVar[str | Promise] = _("That did not work. Please try again.")

    def __init__(self) -> None:
        super().__init__(self.sentence)

    def __str__(self) -> str:
        return str(self.sentence)


class NotHeld(Refused):
    """The email is not, or no longer, with the person who asked."""

    sentence = _("This email is no longer with you. What you wrote is kept.")


class NotAllowed(Refused):
    """The person may not do this now."""

    sentence = _("You cannot do this at the moment. What you wrote is kept.")


_TRIES = 40  # others' claims that lock the last emails end within milliseconds
_PAUSE_SECONDS = 0.005


def claim_next(*, by: Actor, at: datetime) -> Ticket | None:
    """Gives the person who is to be answered next to `by` alone: risk, then promise, then age.

    Of those that they can answer: queues, languages, trust; never one that they passed on, and
    furious ones with measure. Who holds an email gets that one, from a second tab too. None when
    nobody waits for them. Raises NotAllowed when they may not help now.
    """
    if not may(by, Act.PERSON_HELP):
        raise NotAllowed
    for _try in range(_TRIES):
        try:
            ticket = take_next(by=by, at=at) or _held_now(by, at=at)
        except IntegrityError:  # ticket_one_per_holder: the other tab was first
            return _held_now(by, at=at)
        if ticket is not None or not someone_waits(by=by, at=at):
            return ticket
        time.sleep(_PAUSE_SECONDS)
    return None


def _held_now(by: Actor, *, at: datetime) -> Ticket | None:
    """The email they hold; one whose time has run out goes back first."""
    held = Ticket.objects.select_related("queue", "conversation").filter(holder_id=by.id).first()
    if held is None or held.held_until is None:
        return None
    if not leases.has_lapsed(held.held_until, at=at):
        return held
    with transaction.atomic():
        _return(held.pk, action="ticket.lapse", by=Step("lapse"), at=at, lapsed=True)
    return None


def renew(*, ticket_id: int, by: Actor, at: datetime) -> datetime:
    """Gives until when the email is now theirs: 20 minutes from `at`, 60 from the claim at most.

    Leaves no event. Raises NotHeld when it went back meanwhile.
    """
    rows = Ticket.objects.select_related("queue")
    ticket = rows.filter(pk=ticket_id, holder_id=by.id).first()
    if ticket is None or ticket.held_since is None:
        raise NotHeld
    check_may_answer(ticket, by=by)
    until = leases.renewed_until(ticket.held_since, at=at)
    kept = Ticket.objects.filter(pk=ticket_id, holder_id=by.id, held_since=ticket.held_since)
    if not kept.update(held_until=until):
        raise NotHeld
    return until


def leave(*, by: Actor, at: datetime) -> None:
    """Gives back what the person holds, drafts kept; nothing happens when they hold nothing."""
    with transaction.atomic():
        for ticket_id in Ticket.objects.filter(holder_id=by.id).values_list("pk", flat=True):
            _return(ticket_id, action="ticket.leave", by=by, at=at, holder_id=by.id)


def release(*, ticket_id: int, by: Actor, at: datetime) -> bool:
    """Takes a stuck email back into its queue, its place and draft kept, for a supervisor.

    False when nobody holds it any more. Raises NotAllowed.
    """
    if not may(by, Act.BOARD_STEER):
        raise NotAllowed
    with transaction.atomic():
        return _return(ticket_id, action="ticket.release", by=by, at=at)


def return_all_of(
    *, user_ids: Collection[int], by: Doer, at: datetime, operation_id: str = ""
) -> int:
    """Gives back whatever these people hold, drafts kept, and says how many emails it was."""
    operation_id = operation_id or new_operation()
    with transaction.atomic():
        held = list(
            Ticket.objects.filter(holder_id__in=user_ids)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        for ticket_id in held:
            _return(ticket_id, action="ticket.return", by=by, at=at, operation_id=operation_id)
    return len(held)


def return_lapsed(*, ticket_id: int, at: datetime) -> bool:
    """Gives back an email whose time has run out; False when it was renewed or left meanwhile."""
    with transaction.atomic():
        return _return(ticket_id, action="ticket.lapse", by=Step("lapse"), at=at, lapsed=True)


def give_back(*, ticket: Ticket, holder_id: int, at: datetime) -> bool:
    """Puts an email whose answer was taken back into a person's hands again, with a fresh time.

    False, and it waits in its place, when they hold another one. Call it inside a transaction,
    with the ticket's row locked.
    """
    row = Ticket.objects.filter(pk=ticket.pk, state=Ticket.State.ANSWERING)
    until = leases.first_until(at)
    try:
        with transaction.atomic():
            row.update(
                state=Ticket.State.OPEN, holder_id=holder_id, held_since=at, held_until=until
            )
        is_theirs = True
    except IntegrityError:  # ticket_one_per_holder
        row.update(state=Ticket.State.OPEN)
        is_theirs = False
    delta = counters.held if is_theirs else counters.waiting
    counters.add([delta(ticket.queue_id, 1), counters.went_out(ticket.queue_id, -1)], at=at)
    return is_theirs


def check_may_answer(ticket: Ticket, *, by: Actor) -> None:
    """Raises NotHeld when someone else or nobody holds it, NotAllowed when their time is over."""
    if ticket.holder_id != by.id:
        raise NotHeld
    held = Subject(kind="ticket", holder_id=ticket.holder_id, is_lane=ticket.queue.is_lane)
    if not may(by, Act.EMAIL_ANSWER, held):
        raise NotAllowed


def _return(
    ticket_id: int,
    *,
    action: str,
    by: Doer,
    at: datetime,
    holder_id: int | None = None,
    lapsed: bool = False,
    operation_id: str = "",
) -> bool:
    """One held email goes back to its place in line; False when it was not held (so) any more."""
    held = Ticket.objects.filter(pk=ticket_id, holder__isnull=False)
    if holder_id is not None:
        held = held.filter(holder_id=holder_id)
    if lapsed:
        held = held.filter(held_until__lt=at)
    ticket = held.select_related("line").select_for_update(of=("self",)).first()
    if ticket is None or ticket.holder_id is None or ticket.held_until is None:
        return False
    active_at = ticket.held_until - leases.STEP if lapsed else at
    put_down(user_id=ticket.holder_id, at=active_at)
    detail: dict[str, int | str] = {"holder": ticket.holder_id, "queue": ticket.queue_id}
    changed = ["holder", "held_since", "held_until", "lapses"]
    ticket.holder = ticket.held_since = ticket.held_until = None
    ticket.lapses += int(lapsed)
    because = hard_because(lapses=ticket.lapses) if lapsed else None
    if because:
        changed += _give_to_experienced(ticket, because)
        detail["hard_because"] = because.value
    ticket.save(update_fields=changed)
    counters.add([counters.held(ticket.queue_id, -1), counters.waiting(ticket.queue_id, 1)], at=at)
    record(action=action, by=by, at=at, subject=ticket, detail=detail, operation_id=operation_id)
    return True


def _give_to_experienced(ticket: Ticket, because: Ticket.Hard) -> list[str]:
    """Sets its line, unsaved; gives the names of the fields to save."""
    key = key_of(ticket.line)
    ticket.hard_because = because
    trust = max(key.needs_trust, int(EXPERIENCED))
    return [*put(ticket, replace(key, needs_trust=trust)), "hard_because"]


def put_down(*, user_id: int, at: datetime) -> None:
    """Notes when somebody last had an email in their hands: from then on it may be a break."""
    Pace.objects.filter(pk=user_id, active_at__lt=at).update(active_at=at)
