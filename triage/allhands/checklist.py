"""The steps on the way to all-hands mode, each as far as it really is."""

from dataclasses import dataclass
from datetime import datetime

from inbox.models import Mailbox
from triage.accounts.policy import HELPING_STATES
from triage.incidents.models import Briefing, Incident, StatusUpdate
from triage.incidents.queries import latest_briefing, updates
from triage.queues.models import Queue
from triage.responses.queries import library
from triage.volunteers.models import Enlistment, EnlistmentLink
from triage.volunteers.queries import helpers_by_state, newest_helpers

State = Enlistment.State
_ON_THE_WAY = (State.INVITED, State.CONFIRMED, State.BRIEFING, State.PRACTISING)


@dataclass(frozen=True, kw_only=True)
class Mailboxes:
    """The mail accounts: their addresses, and those that answer badly just now."""

    addresses: list[str]
    failing: list[str]

    @property
    def is_done(self) -> bool:
        """Tells whether there is one and all are well."""
        return bool(self.addresses) and not self.failing


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The approved answers, those that wait for a second person, and queues without any."""

    approved: int
    waiting: int
    queues_without: list[str]

    @property
    def is_done(self) -> bool:
        """Tells whether every queue has at least one approved answer."""
        return self.approved > 0 and not self.queues_without


@dataclass(frozen=True, kw_only=True)
class Helpers:
    """The helpers, the newest of them by name, and the links by which they come."""

    links: list[EnlistmentLink]
    ready: int
    on_the_way: int
    people: list[Enlistment]

    @property
    def is_done(self) -> bool:
        """Tells whether somebody is ready."""
        return self.ready > 0


@dataclass(frozen=True, kw_only=True)
class Checklist:
    """Everything the page of steps shows."""

    mailboxes: Mailboxes
    answers: Answers
    briefing: Briefing | None
    helpers: Helpers
    updates: list[StatusUpdate]

    @property
    def first_told_at(self) -> datetime | None:
        """Gives when the public was first told; None before."""
        return self.updates[-1].at if self.updates else None


def checklist(*, incident: Incident, at: datetime) -> Checklist:
    """Gives how far each step is."""
    return Checklist(
        mailboxes=_mailboxes(),
        answers=_answers(),
        briefing=latest_briefing(incident.pk),
        helpers=_helpers(incident, at=at),
        updates=updates(incident.pk),
    )


def _mailboxes() -> Mailboxes:
    rows = list(Mailbox.objects.filter(is_active=True, kind=Mailbox.Kind.SERVER).order_by("pk"))
    return Mailboxes(
        addresses=[row.address for row in rows],
        failing=[row.address for row in rows if row.failing_since or row.send_failing_since],
    )


def _answers() -> Answers:
    shelves = library()
    covered = {shelf.response.label for shelf in shelves if shelf.approved}
    queues = Queue.objects.filter(kind=Queue.Kind.OPEN).exclude(label="")
    return Answers(
        approved=sum(shelf.approved is not None for shelf in shelves),
        waiting=sum(shelf.waiting is not None for shelf in shelves),
        queues_without=[queue.name for queue in queues if queue.label not in covered],
    )


def _helpers(incident: Incident, *, at: datetime) -> Helpers:
    states = helpers_by_state(incident_id=incident.pk)
    links = EnlistmentLink.objects.filter(
        incident=incident, withdrawn_at__isnull=True, expires_at__gt=at
    )
    return Helpers(
        links=list(links.order_by("-pk")),
        ready=sum(states.get(state, 0) for state in HELPING_STATES),
        on_the_way=sum(states.get(state, 0) for state in _ON_THE_WAY),
        people=newest_helpers(incident_id=incident.pk),
    )
