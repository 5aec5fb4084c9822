"""What happens to an incident by the clock."""

from datetime import datetime

from triage.audit.actions import Step
from triage.incidents.actions import AlreadyChanged, change_level
from triage.incidents.models import Incident


def recover(*, at: datetime) -> int:
    """Moves all-hands mode to recovery when its time has come: 1, or 0 when nothing is due.

    No new emails are begun then; who holds one may finish it. A person who changes the level in
    the same moment wins.
    """
    due = Incident.objects.filter(level=Incident.Level.ALL_HANDS, recovery_at__lte=at).first()
    if due is None:
        return 0
    try:
        change_level(
            incident_id=due.pk,
            to_level=Incident.Level.RECOVERY,
            expected_version=due.version,
            by=Step("lapse"),
            at=at,
        )
    except AlreadyChanged:
        return 0
    return 1
