"""The second factor (an app or a passkey), kept by allauth: only here is its table read."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef

from triage.accounts.models import RoleGrant

PRIVILEGED_ROLES = frozenset(
    {RoleGrant.Role.SUPERVISOR, RoleGrant.Role.APPROVER, RoleGrant.Role.ADMIN}
)


def has_second_factor(user_field: str = "user_id") -> Exists:
    """Gives the expression that tells whether the row's person has set up a second factor."""
    return Exists(
        Authenticator.objects.filter(
            user_id=OuterRef(user_field),
            type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN],
        )
    )


def is_missing(roles: frozenset[str], *, has_one: bool) -> bool:
    """Tells whether these roles wait for a second factor that is not there yet."""
    return settings.MUSTER_REQUIRE_MFA and not has_one and not roles.isdisjoint(PRIVILEGED_ROLES)
