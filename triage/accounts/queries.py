"""Who holds which role, read in one query; and how much ceremony was chosen."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Subquery

from triage.accounts import second_factor
from triage.accounts.ceremony import STRICT, Ceremony, Size
from triage.accounts.models import CeremonyChoice, RoleGrant, User


@dataclass(frozen=True, kw_only=True)
class Grants:
    """The standing roles in force, and whether others wait for a second factor."""

    roles: frozenset[str]
    needs_second_factor: bool = False
    ceremony: Ceremony = STRICT


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The ceremony in force and who chose it; nobody yet while `by_name` is empty."""

    ceremony: Ceremony
    by_name: str = ""
    at: datetime | None = None


def grants_of(user_id: int) -> Grants:
    """Gives a person's roles; the privileged ones only once a second factor is set up."""
    rows = list(
        RoleGrant.objects.filter(user_id=user_id)
        .annotate(secured=second_factor.has_second_factor(), size=_SIZE)
        .values_list("role", "secured", "size")
    )
    roles = frozenset(role for role, _, _ in rows)
    rules = _ceremony(rows[0][2]) if rows else STRICT
    if second_factor.is_missing(roles, has_one=any(secured for _, secured, _ in rows)):
        return Grants(
            roles=roles - second_factor.PRIVILEGED_ROLES, needs_second_factor=True, ceremony=rules
        )
    return Grants(roles=roles, ceremony=rules)


_SIZE = Subquery(CeremonyChoice.objects.values("size")[:1])


def _ceremony(size: str | None) -> Ceremony:
    return Ceremony(size=Size(size)) if size else Ceremony()


def ceremony() -> Ceremony:
    """Gives the ceremony in force, in one tiny query; small until somebody chooses."""
    return _ceremony(CeremonyChoice.objects.values_list("size", flat=True).first())


def chosen_ceremony() -> Chosen:
    """Gives the ceremony in force with who chose it and when."""
    row = CeremonyChoice.objects.first()
    if row is None:
        return Chosen(ceremony=Ceremony())
    return Chosen(ceremony=_ceremony(row.size), by_name=row.chosen_by_name, at=row.chosen_at)


def with_several_roles() -> list[User]:
    """Gives the people who hold more than one role, with their grants, longest serving first."""
    many = User.objects.annotate(held=Count("role_grants")).filter(held__gt=1)
    return list(many.prefetch_related("role_grants").order_by("pk"))


def with_role(*roles: str) -> list[User]:
    """Gives the people who hold one of these roles and may log in, longest serving first."""
    return list(
        User.objects.filter(is_active=True, role_grants__role__in=roles).distinct().order_by("pk")
    )


def first_name_of(role: str) -> str:
    """Gives the first name of whoever holds this role longest; "" for nobody."""
    people = with_role(role)
    return (people[0].shown_name or people[0].name) if people else ""


def lead_name() -> str:
    """Gives the first name of a supervisor, else of an admin, to turn to; "" for none."""
    return first_name_of(RoleGrant.Role.SUPERVISOR) or first_name_of(RoleGrant.Role.ADMIN)
