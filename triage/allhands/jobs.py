"""The step that proves once a day that helping which is over is over."""

from datetime import UTC, datetime

from triage.allhands.actions.proving import prove_stood_down
from triage.audit.actions import Step
from triage.audit.models import AuditEvent
from triage.volunteers.models import Enlistment


def prove(*, at: datetime) -> int:
    """Step: proves once a day that nobody whose helping time is over has any right left.

    Gives 1 when it just did; on a day on which nobody has ever helped there is nothing to prove.
    """
    proofs = AuditEvent.objects.filter(action="proof.stood_down").order_by("-pk")
    last = proofs.values_list("at", flat=True).first()
    if last is not None and last.astimezone(UTC).date() >= at.astimezone(UTC).date():
        return 0
    if not Enlistment.objects.exists():
        return 0
    prove_stood_down(by=Step("notify"), at=at)
    return 1
