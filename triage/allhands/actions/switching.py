"""Switching all-hands mode on and standing down: many small changes as one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from triage.accounts.actions import end_sessions, withdraw_role
from triage.accounts.models import RoleGrant
from triage.accounts.policy import Actor
from triage.allhands.checklist import checklist
from triage.allhands.leaving import who_stop_answering, with_no_other_role
from triage.allhands.leftovers import left_over
from triage.allhands.preview import preview
from triage.allhands.thanking import thank_everybody
from triage.audit.actions import Doer, new_operation, record
from triage.incidents.actions import (
    AlreadyChanged,
    Grounds,
    Refused,
    ask_level,
    change_level,
)
from triage.incidents.models import Incident, LevelChange, LevelRequest
from triage.notices.actions import raise_alert
from triage.notices.causes import alone_cause, alone_words
from triage.queues.actions import return_all_of
from triage.volunteers.actions import end_all, enlist
from triage.volunteers.queries import roster

Level = Incident.Level


@dataclass(frozen=True, kw_only=True)
class StoodDown:
    """What standing down did; every event of it carries `operation_id`."""

    operation_id: str
    people: int
    emails_returned: int
    logins_ended: int


class SomethingLeft(Refused):
    """The incident is not closed: something is left, and nobody signed the list of it."""


@dataclass(frozen=True, kw_only=True)
class Backing:
    """What stands behind a change besides the person who makes it.

    Somebody who asked first; or the reason why one person does it alone; and for closing, the
    name typed under the counts of what is left, `signed`.
    """

    asked_by_id: int | None = None
    asked_by_name: str = ""
    alone_because: str = ""
    signature: str = ""
    signed: Mapping[str, int] = field(default_factory=dict)


def switch_on(
    *,
    incident_id: int,
    expected_version: int,
    by: Doer,
    at: datetime,
    recovery_at: datetime | None = None,
    backing: Backing | None = None,
) -> Incident:
    """Opens the queues to helpers until `recovery_at` (tomorrow, when None).

    Volunteers of the standing list join with it. Warnings that stand block nothing; they are kept
    beside the change. Of many who press at once one wins; the others get AlreadyChanged. Raises
    Refused when the level does not lead there, SecondPersonNeeded where two people do it.
    """
    operation_id = new_operation()
    with transaction.atomic():
        incident = Incident.objects.get(pk=incident_id)
        changed = change_level(
            incident_id=incident_id,
            to_level=Level.ALL_HANDS,
            expected_version=expected_version,
            recovery_at=recovery_at,
            grounds=_grounds(incident, Level.ALL_HANDS, at, backing),
            by=by,
            at=at,
            operation_id=operation_id,
        )
        for person in roster(incident_id=incident_id):
            enlist(
                user_id=person.pk, incident_id=incident_id, by=by, at=at, operation_id=operation_id
            )
        _tell_of_one_alone(changed, backing, by=by, at=at)
    return changed


def stand_down(
    *,
    incident_id: int,
    expected_version: int,
    by: Doer,
    at: datetime,
    to_level: str = Level.RECOVERY,
    backing: Backing | None = None,
) -> StoodDown:
    """Ends everybody's helping time at once: rights, links, logins; emails go back, drafts kept.

    The incident goes to `to_level`, recovery or closed. The support team works on. Raises
    AlreadyChanged when somebody else changed the level first, Refused when it does not lead there,
    SomethingLeft when it is to be closed and something is left that nobody signed for.
    """
    operation_id = new_operation()
    with transaction.atomic():
        incident = _move(incident_id, to_level, expected_version, by, at, operation_id, backing)
        left = end_all(incident=incident, by=by, at=at, operation_id=operation_id).user_ids
        thank_everybody(incident=incident, user_ids=left, by=by, at=at, operation_id=operation_id)
        withdraw_role(
            user_ids=left,
            role=RoleGrant.Role.VOLUNTEER,
            by=by,
            at=at,
            operation_id=operation_id,
        )
        returned = return_all_of(
            user_ids=who_stop_answering(left), by=by, at=at, operation_id=operation_id
        )
        ended = end_sessions(
            user_ids=with_no_other_role(left), by=by, at=at, operation_id=operation_id
        )
        _tell_of_one_alone(incident, backing, by=by, at=at)
    return StoodDown(
        operation_id=operation_id, people=len(left), emails_returned=returned, logins_ended=ended
    )


def step_to(
    *, incident_id: int, to_level: str, expected_version: int, by: Doer, at: datetime
) -> Incident:
    """Moves to watch, elevated or recovery: nobody gains a right by it, and nobody is sent away.

    Raises Refused for the two levels that have their own way, and as `change_level` does.
    """
    if to_level in {Level.ALL_HANDS, Level.CLOSED}:
        raise Refused(_("Switching on and closing have their own steps."))
    incident = Incident.objects.get(pk=incident_id)
    return change_level(
        incident_id=incident_id,
        to_level=to_level,
        expected_version=expected_version,
        grounds=_grounds(incident, to_level, at, None),
        by=by,
        at=at,
    )


def ask_to_close(
    *,
    incident_id: int,
    expected_version: int,
    signature: str,
    signed: Mapping[str, int],
    by: Actor,
    at: datetime,
) -> LevelRequest:
    """Asks, as the first of two people, to close; raises SomethingLeft as `stand_down` does."""
    left = _signed_for(Backing(signature=signature, signed=signed))
    return ask_level(
        incident_id=incident_id,
        to_level=Level.CLOSED,
        expected_version=expected_version,
        left=left,
        signature=signature,
        user_id=by.id,
        by=by,
        at=at,
    )


def confirm_request(*, request_id: int, by: Actor, at: datetime) -> Incident:
    """Does, as the second person, what the first one asked for, once.

    Raises Refused for the first person, AlreadyChanged when it is over, SomethingLeft when more is
    left now than the first person signed for.
    """
    request = LevelRequest.objects.select_related("asked_by").get(pk=request_id)
    if request.ended_at is not None:
        raise AlreadyChanged(_("This has been confirmed or taken back already."))
    if request.asked_by_id == by.id:
        raise Refused(_("You asked for this yourself: another person confirms it."))
    backing = Backing(
        asked_by_id=request.asked_by_id,
        asked_by_name=request.asked_by.get_full_name(),
        signature=request.signature,
        signed=request.left,
    )
    if request.to_level == Level.CLOSED:
        stand_down(
            incident_id=request.incident_id,
            expected_version=request.version,
            to_level=Level.CLOSED,
            backing=backing,
            by=by,
            at=at,
        )
        return Incident.objects.get(pk=request.incident_id)
    return switch_on(
        incident_id=request.incident_id,
        expected_version=request.version,
        recovery_at=request.recovery_at,
        backing=backing,
        by=by,
        at=at,
    )


def _grounds(incident: Incident, to_level: str, at: datetime, backing: Backing | None) -> Grounds:
    backing = backing or Backing()
    switches_on = to_level == Level.ALL_HANDS
    stands = checklist(incident=incident, at=at).cautions if switches_on else ()
    return Grounds(
        preview=preview(incident=incident, to_level=to_level, at=at).as_counts(),
        overrides=tuple(caution.key for caution in stands),
        asked_by_id=backing.asked_by_id,
        asked_by_name=backing.asked_by_name,
        alone_because=backing.alone_because,
        left=_signed_for(backing) if to_level == Level.CLOSED else {},
        signature=backing.signature,
    )


def _signed_for(backing: Backing) -> dict[str, int]:
    """What is left now, when somebody signed for at least as much; raises SomethingLeft."""
    left = left_over().as_counts()
    if not left:
        return {}
    if not backing.signature.strip():
        raise SomethingLeft(
            _("Not everything has been answered. Sign the list of what is left, or wait.")
        )
    if any(count > backing.signed.get(name, 0) for name, count in left.items()):
        raise SomethingLeft(
            _("More is left now than was signed for. Please look at the list again.")
        )
    return left


def _tell_of_one_alone(
    incident: Incident, backing: Backing | None, *, by: Doer, at: datetime
) -> None:
    if backing is None or not backing.alone_because.strip() or not incident.needs_second_person:
        return
    change = LevelChange.objects.filter(incident=incident, version=incident.version).first()
    if change is None:  # the level stayed as it was: nothing was done that needs two
        return
    raise_alert(cause=alone_cause(change), text=alone_words(change), at=at, by=by)


def _move(
    incident_id: int,
    to_level: str,
    expected_version: int,
    by: Doer,
    at: datetime,
    operation_id: str,
    backing: Backing | None,
) -> Incident:
    incident = Incident.objects.select_for_update().get(pk=incident_id)
    if incident.level == to_level:
        return _stay(incident, expected_version, by, at, operation_id)
    return change_level(
        incident_id=incident_id,
        to_level=to_level,
        expected_version=expected_version,
        grounds=_grounds(incident, to_level, at, backing),
        by=by,
        at=at,
        operation_id=operation_id,
    )


def _stay(
    incident: Incident, expected_version: int, by: Doer, at: datetime, operation_id: str
) -> Incident:
    """Keeps the level, for when the clock moved it to recovery before anybody stood down."""
    if incident.version != expected_version:
        raise AlreadyChanged(_("Somebody was a moment faster: this has been done already."))
    incident.version += 1
    incident.save(update_fields=["version"])
    record(action="incident.stand_down", by=by, at=at, subject=incident, operation_id=operation_id)
    return incident
