"""Creating people, giving and taking roles, ending sessions."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from triage.accounts.ceremony import Ceremony, Size
from triage.accounts.models import CeremonyChoice, RoleGrant, Session, User
from triage.accounts.queries import ceremony
from triage.audit.actions import Doer, record


class Refused(Exception):
    """This is not done; the message says why, in words for people."""


class OneRoleOnly(Refused):
    """In a large company one person holds one role."""


def choose_ceremony(*, size: Size, by: Doer, at: datetime) -> Ceremony:
    """Gives the ceremony from now on; choosing what is in force already leaves no event.

    Whoever holds several roles keeps them when it becomes large: only new ones are refused.
    """
    try:
        _choose(size, by=by, at=at)
    except IntegrityError:  # somebody else chose for the first time in the same moment
        _choose(size, by=by, at=at)
    return Ceremony(size=size)


def _choose(size: Size, *, by: Doer, at: datetime) -> None:
    with transaction.atomic():
        row = CeremonyChoice.objects.select_for_update().first() or CeremonyChoice()
        was = row.size
        if was == size:
            return
        row.size, row.chosen_by_name, row.chosen_at = size.value, by.name, at
        row.save()
        detail = {"size": size.value, "was": was}
        record(action="ceremony.choose", by=by, at=at, subject=row, detail=detail)


def create_user(
    *, email: str, at: datetime, by: Doer, name: str = "", password: str | None = None
) -> User:
    """Gives the person with this address, created at need.

    An existing person keeps name and password unless a new password is given. Without a password
    they log in by a mailed code. Two callers at once create one person.
    """
    known = User.objects.filter(email__iexact=email).first()
    if known:
        if password:
            _set_password(known, password=password, by=by, at=at)
        return known
    try:
        with transaction.atomic():
            user = User(email=email.lower(), name=name, created_at=at)
            user.set_password(password)
            user.save(force_insert=True)
            record(action="person.create", by=by, at=at, subject=user)
            return user
    except IntegrityError:
        return User.objects.get(email__iexact=email)


def _set_password(user: User, *, password: str, by: Doer, at: datetime) -> None:
    user.set_password(password)
    with transaction.atomic():
        user.save(update_fields=["password"])
        record(action="person.password", by=by, at=at, subject=user)


def name_person(*, user: User, name: str, shown_name: str, by: Doer, at: datetime) -> None:
    """Keeps how colleagues and customers call this person."""
    user.name, user.shown_name = name, shown_name
    with transaction.atomic():
        user.save(update_fields=["name", "shown_name"])
        record(action="person.name", by=by, at=at, subject=user)


def grant_role(*, user_id: int, role: str, by: Doer, at: datetime) -> bool:
    """Gives a person one more role; False when they had it already.

    Raises OneRoleOnly where the ceremony is large and they hold another.
    """
    with transaction.atomic():
        _check_one_role(user_id=user_id, role=role)
        grant, is_new = RoleGrant.objects.get_or_create(
            user_id=user_id, role=role, defaults={"granted_at": at}
        )
        if is_new:
            record(
                action="role.grant",
                by=by,
                at=at,
                subject=grant,
                detail={"role": role, "user": user_id},
            )
    return is_new


def _check_one_role(*, user_id: int, role: str) -> None:
    """Holds the person's row, so that two roles given at the same moment follow one another."""
    person = User.objects.select_for_update().get(pk=user_id)
    held = person.role_grants.exclude(role=role).first()
    if held is not None and not ceremony().one_person_may_hold_several_roles:
        raise OneRoleOnly(
            _("%(name)s is %(role)s already. In a large company one person holds one role.")
            % {"name": person.get_full_name(), "role": held.get_role_display().lower()}
        )


def withdraw_role(
    *, user_ids: Collection[int], role: str, by: Doer, at: datetime, operation_id: str = ""
) -> int:
    """Takes one role from these people; gives how many had it. One event for the batch."""
    with transaction.atomic():
        count, _ = RoleGrant.objects.filter(user_id__in=user_ids, role=role).delete()
        if count:
            record(
                action="role.withdraw",
                by=by,
                at=at,
                detail={"role": role, "count": count},
                operation_id=operation_id,
            )
    return count


def end_sessions(
    *, user_ids: Collection[int], by: Doer, at: datetime, operation_id: str = ""
) -> int:
    """Ends every login of these people, whatever the browser; gives how many there were."""
    with transaction.atomic():
        count, _ = Session.objects.filter(user_id__in=user_ids).delete()
        record(
            action="session.end",
            by=by,
            at=at,
            detail={"people": len(user_ids), "count": count},
            operation_id=operation_id,
        )
    return count
