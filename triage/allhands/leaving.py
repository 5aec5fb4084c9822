"""Who really leaves when everybody's helping time ends: not those who work here on any day."""

from collections.abc import Collection

from django.db.models import QuerySet

from triage.accounts.models import RoleGrant

Role = RoleGrant.Role


def with_no_other_role(user_ids: Collection[int]) -> list[int]:
    """Gives those who have no standing role: with their helping time all their work here ends."""
    staying = set(_holders(user_ids).exclude(role=Role.VOLUNTEER).values_list("user_id", flat=True))
    return [user_id for user_id in user_ids if user_id not in staying]


def who_stop_answering(user_ids: Collection[int]) -> list[int]:
    """Gives those who may answer no longer: everybody but the support team."""
    staying = set(_holders(user_ids).filter(role=Role.SUPPORT).values_list("user_id", flat=True))
    return [user_id for user_id in user_ids if user_id not in staying]


def _holders(user_ids: Collection[int]) -> "QuerySet[RoleGrant]":
    return RoleGrant.objects.filter(user_id__in=user_ids)
