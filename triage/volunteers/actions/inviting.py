"""Inviting people by name: from a list, by an admin's yes, by company login or printed code."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from triage.accounts.actions import create_user
from triage.audit.actions import Doer, Step, record
from triage.volunteers.actions.joining import LONGEST_HELP
from triage.volunteers.models import Enlistment, EnlistmentLink, JoinRequest

State = Enlistment.State


def invite(
    *,
    user_id: int,
    incident_id: int,
    by: Doer,
    at: datetime,
    queue_ids: Sequence[int] = (),
    languages: Sequence[str] = (),
    department: str = "",
    operation_id: str = "",
) -> Enlistment | None:
    """Invites somebody by name, also again after their time had ended; what they learned stays.

    None when they are invited or in already; what is chosen for somebody who has not come yet is
    brought up to date all the same.
    """
    chosen = {
        "queue_ids": list(queue_ids),
        "languages": list(languages),
        "department": department,
    }
    with transaction.atomic():
        part, is_new = Enlistment.objects.select_for_update().get_or_create(
            user_id=user_id,
            incident_id=incident_id,
            defaults={"until": at + LONGEST_HELP, "joined_at": at, **chosen},
        )
        if not is_new and part.state != State.ENDED:
            _choose(part, chosen)
            return None
        if not is_new:
            _ask_again(part, chosen, at=at)
        record(action="helper.invite", by=by, at=at, subject=part, operation_id=operation_id)
    return part


def _choose(part: Enlistment, chosen: dict[str, object]) -> None:
    if part.state == State.INVITED:
        Enlistment.objects.filter(pk=part.pk).update(**chosen)


def _ask_again(part: Enlistment, chosen: dict[str, object], *, at: datetime) -> None:
    Enlistment.objects.filter(pk=part.pk).update(
        state=State.INVITED,
        joined_at=at,
        until=at + LONGEST_HELP,
        ended_at=None,
        ended_by_name="",
        **chosen,
    )
    part.refresh_from_db()


def ask_to_join(
    *,
    incident_id: int,
    email: str,
    name: str,
    at: datetime,
    link: EnlistmentLink | None = None,
) -> JoinRequest:
    """Gives the request of somebody from outside, made at need.

    Asking again while it waits, or after a no, changes nothing; whoever was let in once and whose
    time has ended waits for a yes again.
    """
    try:
        with transaction.atomic():
            request = JoinRequest.objects.create(
                incident_id=incident_id,
                link=link,
                email=email.lower(),
                name=name[:120],
                asked_at=at,
            )
            record(action="join_request.ask", by=Step("join"), at=at, subject=request)
            return request
    except IntegrityError:
        return _asked_again(incident_id, email, at=at)


def _asked_again(incident_id: int, email: str, *, at: datetime) -> JoinRequest:
    with transaction.atomic():
        request = JoinRequest.objects.select_for_update().get(
            incident_id=incident_id, email__iexact=email
        )
        if request.is_granted:
            request.is_granted, request.decided_at, request.decided_by = None, None, None
            request.asked_at = at
            request.save(update_fields=["is_granted", "decided_at", "decided_by", "asked_at"])
            record(action="join_request.ask", by=Step("join"), at=at, subject=request)
    return request


def decide_request(
    *, request_id: int, granted: bool, user_id: int, by: Doer, at: datetime, operation_id: str = ""
) -> Enlistment | None:
    """Notes an admin's yes or no to a request; a yes invites the person.

    Gives the invitation; None after a no, or when the same was said before. A no may become a
    yes, and a yes stays one: whoever is in leaves in other ways.
    """
    with transaction.atomic():
        request = JoinRequest.objects.select_for_update().get(pk=request_id)
        if request.is_granted is True or request.is_granted is granted:
            return None
        request.is_granted, request.decided_at, request.decided_by_id = granted, at, user_id
        request.save(update_fields=["is_granted", "decided_at", "decided_by"])
        record(
            action="join_request.grant" if granted else "join_request.decline",
            by=by,
            at=at,
            subject=request,
            operation_id=operation_id,
        )
        return _invite_asked(request, by, at, operation_id) if granted else None


def _invite_asked(
    request: JoinRequest, by: Doer, at: datetime, operation_id: str
) -> Enlistment | None:
    user = create_user(email=request.email, name=request.name, by=by, at=at)
    return invite(
        user_id=user.pk,
        incident_id=request.incident_id,
        queue_ids=request.link.queue_ids if request.link else (),
        languages=request.link.languages if request.link else (),
        by=by,
        at=at,
        operation_id=operation_id,
    )
