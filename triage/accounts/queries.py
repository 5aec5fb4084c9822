"""Who holds which role, read in one query."""

from dataclasses import dataclass

from triage.accounts import second_factor
from triage.accounts.models import RoleGrant, User


@dataclass(frozen=True, kw_only=True)
class Grants:
    """The standing roles in force, and whether others wait for a second factor."""

    roles: frozenset[str]
    needs_second_factor: bool = False


def grants_of(user_id: int) -> Grants:
    """Gives a person's roles; the privileged ones only once a second factor is set up."""
    rows = list(
        RoleGrant.objects.filter(user_id=user_id)
        .annotate(secured=second_factor.has_second_factor())
        .values_list("role", "secured")
    )
    roles = frozenset(role for role, _ in rows)
    if second_factor.is_missing(roles, has_one=any(secured for _, secured in rows)):
        return Grants(roles=roles - second_factor.PRIVILEGED_ROLES, needs_second_factor=True)
    return Grants(roles=roles)


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
