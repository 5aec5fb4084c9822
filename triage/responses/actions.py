"""Writing answers and approving them: the words never change once written, and two people agree."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from triage.accounts.policy import NOTHING, Act, Actor, Subject, may
from triage.audit.actions import new_operation, record
from triage.responses import blocks
from triage.responses.models import Response, ResponseVersion
from triage.responses.starters import Starter, starters

State = ResponseVersion.State


class Refused(Exception):
    """Something cannot be done to an answer; its text is a sentence for the person who asked."""

    sentence: str | Promise = ""

    def __str__(self) -> str:
        return str(self.args[0] if self.args else self.sentence)


class NotAllowed(Refused):
    """The person may not do this."""

    sentence = _("You cannot do this.")


class OwnWords(NotAllowed):
    """Somebody tried to approve what they wrote."""

    sentence = _("You wrote these words, so a second person approves them.")


class NotInThatState(Refused):
    """Somebody else was quicker: the version has moved on."""

    sentence = _("This version has moved on since you opened the page.")


class NotSound(Refused):
    """The words cannot become a version; the text says why."""


def create_response(
    *,
    name: str,
    label: str,
    language: str,
    by: Actor,
    at: datetime,
    note: str = "",
    key: str = "",
    is_holding: bool = False,
    operation_id: str = "",
) -> Response:
    """Gives a new answer without words yet; `key` is made from name and language when empty.

    A holding answer (`is_holding`) says that an email is in good hands, and nothing else.
    """
    _check(by, Act.RESPONSE_WRITE)
    with transaction.atomic():
        response = Response.objects.create(
            key=key or _free_key(f"{name} {language}"),
            name=name,
            note=note,
            label=label,
            language=language,
            is_holding=is_holding,
        )
        record(action="response.create", by=by, at=at, subject=response, operation_id=operation_id)
    return response


def write_version(
    *, response_id: int, body: str, by: Actor, at: datetime, operation_id: str = ""
) -> ResponseVersion:
    """Gives the next version of an answer, as a draft; raises NotSound with what to mend."""
    _check(by, Act.RESPONSE_WRITE)
    if found := blocks.faults(body):
        raise NotSound(" ".join(found))
    with transaction.atomic():
        response = Response.objects.select_for_update().get(pk=response_id)
        latest = response.versions.aggregate(number=Max("number"))["number"] or 0
        version = ResponseVersion.objects.create(
            response=response,
            number=latest + 1,
            body=body.replace("\r\n", "\n").strip() + "\n",
            author_id=by.id,
            written_at=at,
        )
        detail = {"response": response.pk, "number": version.number}
        record(
            action="response.write",
            by=by,
            at=at,
            subject=version,
            detail=detail,
            operation_id=operation_id,
        )
    return version


def write_answer(
    *,
    name: str,
    label: str,
    language: str,
    body: str,
    by: Actor,
    at: datetime,
    note: str = "",
    is_holding: bool = False,
) -> ResponseVersion:
    """Gives the first version of a new answer, as a draft; raises NotSound and keeps neither."""
    operation_id = new_operation()
    with transaction.atomic():
        response = create_response(
            name=name,
            note=note,
            label=label,
            language=language,
            is_holding=is_holding,
            by=by,
            at=at,
            operation_id=operation_id,
        )
        return write_version(
            response_id=response.pk, body=body, by=by, at=at, operation_id=operation_id
        )


def submit_version(
    *, version_id: int, by: Actor, at: datetime, operation_id: str = ""
) -> ResponseVersion:
    """Asks for a second person's yes; raises NotInThatState when it is no draft."""
    _check(by, Act.RESPONSE_WRITE)
    with transaction.atomic():
        version = _locked(version_id, State.DRAFT)
        version.state, version.submitted_at = State.IN_REVIEW, at
        version.returned_reason, version.returned_by = "", None
        version.save(update_fields=["state", "submitted_at", "returned_reason", "returned_by"])
        record(action="response.submit", by=by, at=at, subject=version, operation_id=operation_id)
    return version


def approve_version(
    *, version_id: int, by: Actor, at: datetime, operation_id: str = ""
) -> ResponseVersion:
    """Makes a version the one that is used; the former one is replaced.

    Raises OwnWords for the author, NotAllowed for who is no approver, NotInThatState when the
    version does not wait for approval.
    """
    with transaction.atomic():
        version = _locked(version_id, State.IN_REVIEW)
        _check_second_person(version, by)
        former = ResponseVersion.objects.filter(
            response_id=version.response_id, state=State.APPROVED
        )
        former.update(state=State.SUPERSEDED)
        version.state, version.approved_by_id, version.approved_at = State.APPROVED, by.id, at
        version.save(update_fields=["state", "approved_by", "approved_at"])
        record(action="response.approve", by=by, at=at, subject=version, operation_id=operation_id)
    return version


def return_version(*, version_id: int, reason: str, by: Actor, at: datetime) -> ResponseVersion:
    """Gives a version back to its writer with what to mend; it is a draft again."""
    with transaction.atomic():
        version = _locked(version_id, State.IN_REVIEW)
        _check_second_person(version, by)
        version.state, version.returned_by_id = State.DRAFT, by.id
        version.returned_reason = " ".join(reason.split())[:300]
        version.save(update_fields=["state", "returned_by", "returned_reason"])
        record(action="response.return", by=by, at=at, subject=version)
    return version


def retire_version(*, version_id: int, by: Actor, at: datetime) -> ResponseVersion:
    """Ends a version: from this moment nobody can choose or submit it."""
    _check(by, Act.RESPONSE_APPROVE)
    with transaction.atomic():
        version = _locked(version_id, State.APPROVED, State.IN_REVIEW, State.DRAFT)
        version.state, version.retired_at = State.RETIRED, at
        version.save(update_fields=["state", "retired_at"])
        record(action="response.retire", by=by, at=at, subject=version)
    return version


def pause_response(*, response_id: int, by: Actor, at: datetime) -> bool:
    """Takes an answer out of every list until it is resumed; false when it was paused already.

    Who has it open is told at Send and keeps their own words. Raises NotAllowed.
    """
    _check(by, Act.RESPONSE_PAUSE)
    with transaction.atomic():
        going = Response.objects.filter(pk=response_id, paused_at__isnull=True)
        if not going.update(paused_at=at, paused_by_name=by.name):
            return False
        response = Response.objects.get(pk=response_id)
        record(action="response.pause", by=by, at=at, subject=response)
    return True


def resume_response(*, response_id: int, by: Actor, at: datetime) -> bool:
    """Lets people use a paused answer again; false when it was not paused. Raises NotAllowed."""
    _check(by, Act.RESPONSE_PAUSE)
    with transaction.atomic():
        paused = Response.objects.filter(pk=response_id, paused_at__isnull=False)
        if not paused.update(paused_at=None, paused_by_name=""):
            return False
        response = Response.objects.get(pk=response_id)
        record(action="response.resume", by=by, at=at, subject=response)
    return True


def offer_starters(*, by: Actor, at: datetime, operation_id: str = "") -> list[ResponseVersion]:
    """Brings in the answers that Muster ships, each waiting for a second person's yes.

    Gives those that came in; what is there already, by its key, stays as it is.
    """
    operation_id = operation_id or new_operation()
    with transaction.atomic():
        known = set(Response.objects.values_list("key", flat=True))
        fresh = [starter for starter in starters() if starter.key not in known]
        return [_offer(starter, by=by, at=at, operation_id=operation_id) for starter in fresh]


def load_starters(*, by_author: Actor, by_approver: Actor, at: datetime) -> int:
    """Brings in the shipped answers ready for use: offered by one person, approved by another.

    Gives how many came in.
    """
    operation_id = new_operation()
    with transaction.atomic():
        offered = offer_starters(by=by_author, at=at, operation_id=operation_id)
        for version in offered:
            approve_version(version_id=version.pk, by=by_approver, at=at, operation_id=operation_id)
    return len(offered)


def _offer(starter: Starter, *, by: Actor, at: datetime, operation_id: str) -> ResponseVersion:
    response = create_response(
        key=starter.key,
        name=starter.name,
        note=starter.note,
        label=starter.label,
        language=starter.language,
        is_holding=starter.is_holding,
        by=by,
        at=at,
        operation_id=operation_id,
    )
    version = write_version(
        response_id=response.pk, body=starter.body, by=by, at=at, operation_id=operation_id
    )
    return submit_version(version_id=version.pk, by=by, at=at, operation_id=operation_id)


def _check(by: Actor, act: Act, subject: Subject = NOTHING) -> None:
    if not may(by, act, subject):
        raise NotAllowed


def _check_second_person(version: ResponseVersion, by: Actor) -> None:
    if version.author_id == by.id:
        raise OwnWords
    _check(by, Act.RESPONSE_APPROVE, Subject(kind="response", author_id=version.author_id))


def _locked(version_id: int, *states: str) -> ResponseVersion:
    """The version under a lock of its response, so that two decisions come one after the other."""
    version = ResponseVersion.objects.get(pk=version_id)
    Response.objects.select_for_update().get(pk=version.response_id)
    version.refresh_from_db()
    if version.state not in states:
        raise NotInThatState
    return version


def _free_key(words: str) -> str:
    base = slugify(words)[:70] or "answer"
    taken = set(Response.objects.filter(key__startswith=base).values_list("key", flat=True))
    candidates = [base, *(f"{base}-{number}" for number in range(2, len(taken) + 3))]
    return next(key for key in candidates if key not in taken)
