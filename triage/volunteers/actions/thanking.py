"""Lines of thanks for everybody, picked or written by a supervisor."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from triage.accounts.policy import Act, Actor, may
from triage.audit.actions import Doer, record
from triage.incidents.models import Incident
from triage.volunteers.actions.standing import NotAllowed, Refused
from triage.volunteers.models import Enlistment, ThankYou
from triage.volunteers.thanks import problem_with


def note_numbers(
    *,
    incident: Incident,
    numbers: Mapping[int, tuple[int, int, int]],
    by: Doer,
    at: datetime,
    operation_id: str = "",
) -> int:
    """Keeps, by user id, (answers, people, minutes) of those whose time ended; gives how many.

    One event for all.
    """
    with transaction.atomic():
        parts = list(Enlistment.objects.filter(incident=incident, user_id__in=numbers))
        for part in parts:
            part.answers_sent, part.people_helped, part.minutes_helped = numbers[part.user_id]
        columns = ["answers_sent", "people_helped", "minutes_helped"]
        Enlistment.objects.bulk_update(parts, columns, batch_size=200)
        record(
            action="helper.thank",
            by=by,
            at=at,
            subject=incident,
            detail={"count": len(parts)},
            operation_id=operation_id,
        )
    return len(parts)


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
