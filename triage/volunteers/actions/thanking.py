"""Lines of thanks for everybody, picked or written by a supervisor."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from triage.accounts.policy import Act, Actor, may
from triage.audit.actions import record
from triage.volunteers.actions.standing import NotAllowed, Refused
from triage.volunteers.models import ThankYou
from triage.volunteers.thanks import problem_with


def pick_thanks(
    *, incident_id: int, text: str, by: Actor, at: datetime, names: Collection[str] = ()
) -> ThankYou:
    """Shows helpers one line of thanks; `names` are those of the people whom it is about.

    Raises Refused for a line with a number, an address or one of the names, NotAllowed for anybody
    but a supervisor.
    """
    if not may(by, Act.BOARD_STEER):
        raise NotAllowed
    line = " ".join(text.split())
    problem = problem_with(line, names=names)
    if problem:
        raise Refused(problem)
    with transaction.atomic():
        thanks = ThankYou.objects.create(
            incident_id=incident_id, text=line, picked_by_id=by.id, at=at
        )
        record(action="thanks.pick", by=by, at=at, subject=thanks)
    return thanks
