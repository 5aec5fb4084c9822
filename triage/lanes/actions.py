"""Handing an email over as people do it: to the lane, with a word to who wrote."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from triage.accounts.policy import Actor
from triage.audit.actions import new_operation
from triage.queues.actions import hand_to_lane
from triage.queues.models import HandOver, HandOverReason
from triage.replies.actions import acknowledge


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """Where it went, and whether who wrote gets the holding answer."""

    hand_over: HandOver
    is_acknowledged: bool


def hand_over_with_word(
    *, ticket_id: int, reason: HandOverReason, wants_word: bool, by: Actor, at: datetime
) -> HandedOver:
    """Hands the email to its lane and, if wanted, sends the holding answer; both or neither.

    Raises what hand_to_lane raises.
    """
    operation_id = new_operation()
    with transaction.atomic():
        handed = hand_to_lane(
            ticket_id=ticket_id, reason=reason, by=by, at=at, operation_id=operation_id
        )
        sent = None
        if wants_word:
            sent = acknowledge(hand_over_id=handed.pk, by=by, at=at, operation_id=operation_id)
    return HandedOver(hand_over=handed, is_acknowledged=sent is not None)
