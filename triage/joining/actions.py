"""Letting people in: what spans their helping time, their queues and the mail to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from triage.accounts.actions import create_user
from triage.accounts.models import User
from triage.accounts.policy import Actor
from triage.audit.actions import Doer, Step, new_operation, record
from triage.incidents.queries import current
from triage.joining.mails import mail_invitation, mail_lent_code, mail_refusal
from triage.joining.roster import Invitee
from triage.queues.actions import begin_in
from triage.volunteers import links
from triage.volunteers.actions import (
    ask_to_join,
    confirm,
    decide_request,
    invite,
    make_sheet,
    use_code,
)
from triage.volunteers.links import LinkClosed
from triage.volunteers.models import CodeSheet, Enlistment, JoinRequest
from triage.volunteers.printed import Typed


@dataclass(frozen=True, kw_only=True)
class Imported:
    """How many of a list were invited, and how many had been before."""

    invited: int
    known: int


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """Somebody whom the company's login vouches for."""

    email: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Came:
    """What became of an arrival: a person who is in, or a request that waits for a yes."""

    user: User | None = None
    request: JoinRequest | None = None


def let_in(
    *, user_id: int, by: Doer, at: datetime, link_id: int | None = None
) -> Enlistment | None:
    """Counts somebody in whose address is proven, and lets them begin where was chosen for them.

    None when they were in before. Raises LinkClosed as `confirm` does.
    """
    operation_id = new_operation()
    with transaction.atomic():
        part = confirm(user_id=user_id, link_id=link_id, by=by, at=at, operation_id=operation_id)
        if part is not None and part.queue_ids:
            begin_in(
                user_id=user_id,
                queue_ids=part.queue_ids,
                by=by,
                at=at,
                operation_id=operation_id,
            )
    return part


def arrive(*, arrival: Arrival, domains: Sequence[str], at: datetime) -> Came:
    """Counts in a newcomer with an address at one of these domains; others ask an admin first.

    Raises LinkClosed when nobody is needed.
    """
    incident = current()
    if incident is None:
        raise LinkClosed(_("Nobody is needed just now. Thank you for looking in."))
    links.check_wanted(incident)
    with transaction.atomic():
        if arrival.email.rpartition("@")[2].lower() not in domains:
            asked = ask_to_join(
                incident_id=incident.pk, email=arrival.email, name=arrival.name, at=at
            )
            return Came(request=asked)
        user = create_user(email=arrival.email, name=arrival.name, by=Step("join"), at=at)
        invite(user_id=user.pk, incident_id=incident.pk, by=Step("join"), at=at)
        let_in(user_id=user.pk, by=Step("join"), at=at)
    return Came(user=user)


def enter_by_code(*, typed: Typed | None, name: str, at: datetime) -> User:
    """Gives the person a printed code lets in; a newcomer may read the briefing at once.

    Raises LinkClosed.
    """
    with transaction.atomic():
        code = use_code(typed=typed, name=name, at=at)
        assert code.used_by is not None
        if code.sheet.incident_id is not None:
            let_in(user_id=code.used_by.pk, by=Step("join"), at=at)
    return code.used_by


def lend_code(*, person: User, expires_at: datetime, by: Actor, at: datetime) -> CodeSheet:
    """Gives a printed code for somebody whose own login is down, and tells them so by mail."""
    with transaction.atomic():
        sheet = make_sheet(
            count=1, person_id=person.pk, expires_at=expires_at, user_id=by.id, by=by, at=at
        )
        mail_lent_code(person, by_name=by.name, at=at)
    return sheet


def import_roster(
    *, incident_id: int, people: Sequence[Invitee], by: Doer, at: datetime
) -> Imported:
    """Invites everybody of a list and mails those who were not invited before; all or nothing."""
    operation_id = new_operation()
    with transaction.atomic():
        parts = [
            _invite_one(one, incident_id=incident_id, by=by, at=at, operation_id=operation_id)
            for one in people
        ]
        invited = [part for part in parts if part is not None]
        for part in invited:
            mail_invitation(part, at=at)
        record(
            action="roster.import",
            by=by,
            at=at,
            detail={"people": len(people), "invited": len(invited)},
            operation_id=operation_id,
        )
    return Imported(invited=len(invited), known=len(people) - len(invited))


def _invite_one(
    one: Invitee, *, incident_id: int, by: Doer, at: datetime, operation_id: str
) -> Enlistment | None:
    user = create_user(email=one.email, name=one.name, by=by, at=at)
    return invite(
        user_id=user.pk,
        incident_id=incident_id,
        queue_ids=one.queue_ids,
        languages=[one.language] if one.language else [],
        department=one.department,
        by=by,
        at=at,
        operation_id=operation_id,
    )


def answer_request(
    *, request_id: int, granted: bool, user_id: int, by: Doer, at: datetime
) -> Enlistment | None:
    """Says yes or no to somebody from outside, and mails them; saying it again changes nothing.

    Gives the invitation that a yes makes. Raises JoinRequest.DoesNotExist.
    """
    operation_id = new_operation()
    with transaction.atomic():
        before = JoinRequest.objects.values_list("is_granted", flat=True).get(pk=request_id)
        part = decide_request(
            request_id=request_id,
            granted=granted,
            user_id=user_id,
            by=by,
            at=at,
            operation_id=operation_id,
        )
        if part is not None:
            mail_invitation(part, at=at)
        elif not granted and before is None:
            mail_refusal(JoinRequest.objects.get(pk=request_id), at=at)
    return part
