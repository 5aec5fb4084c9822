"""What a change of the level will do, counted before anybody presses the button."""

from dataclasses import asdict, dataclass

from triage.accounts.models import Session
from triage.accounts.policy import HELPING_STATES
from triage.allhands.leaving import with_no_other_role
from triage.incidents.models import Incident
from triage.queues.models import Queue, Ticket
from triage.volunteers.models import Enlistment, EnlistmentLink
from triage.volunteers.queries import roster

State = Enlistment.State


@dataclass(frozen=True, kw_only=True)
class Preview:
    """Counts: people, emails, queues, links and logins that the change touches.

    `to_bring_in` are volunteers of the standing list who join with the switch; `ready` have read
    the briefing, `on_the_way` are not so far yet.
    """

    level: str
    ready: int
    on_the_way: int
    to_bring_in: int
    emails_waiting: int
    emails_held_by_helpers: int
    queues: int
    links_open: int
    logins_of_helpers: int

    @property
    def active(self) -> int:
        """Gives how many have a helping time that standing down would end."""
        return self.ready + self.on_the_way

    @property
    def helpers(self) -> int:
        """Gives how many may answer once all-hands mode is on."""
        return self.ready + self.to_bring_in

    def as_counts(self) -> dict[str, object]:
        """Gives the counts as they are kept beside the change."""
        return asdict(self)


def preview(*, incident: Incident, to_level: str) -> Preview:
    """Gives what moving this incident to `to_level` will touch, as of now."""
    parts = list(
        Enlistment.objects.filter(incident=incident, ended_at__isnull=True).values_list(
            "user_id", "state"
        )
    )
    leaving = with_no_other_role([user_id for user_id, _ in parts])
    ready = sum(state in HELPING_STATES for _, state in parts)
    return Preview(
        level=to_level,
        ready=ready,
        on_the_way=len(parts) - ready,
        to_bring_in=len(roster(incident_id=incident.pk)),
        emails_waiting=Ticket.objects.filter(state=Ticket.State.OPEN, holder=None).count(),
        emails_held_by_helpers=Ticket.objects.filter(
            holder_id__in=[user_id for user_id, _ in parts]
        ).count(),
        queues=Queue.objects.filter(kind=Queue.Kind.OPEN).count(),
        links_open=EnlistmentLink.objects.filter(
            incident=incident, withdrawn_at__isnull=True
        ).count(),
        logins_of_helpers=Session.objects.filter(user_id__in=leaving).count(),
    )
