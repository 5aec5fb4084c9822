"""Keeping one helper from everything at once: their rights, their logins, what they hold."""

from datetime import datetime

from django.db import transaction

from triage.accounts.policy import Actor
from triage.audit.actions import new_operation
from triage.queues.actions import return_all_of
from triage.volunteers.actions import suspend


def hold_back(*, user_id: int, by: Actor, at: datetime) -> bool:
    """Ends a helper's rights and logins until a supervisor lets them go on; the draft is kept.

    False when their time is over anyway. Raises volunteers.actions.NotAllowed.
    """
    operation_id = new_operation()
    with transaction.atomic():
        if not suspend(user_id=user_id, by=by, at=at, operation_id=operation_id):
            return False
        return_all_of(user_ids=[user_id], by=by, at=at, operation_id=operation_id)
    return True
