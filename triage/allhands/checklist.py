"""The steps on the way to all-hands mode, each as far as it really is."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from inbox.models import Mailbox
from triage.accounts.policy import HELPING_STATES
from triage.accounts.queries import with_role
from triage.allhands.cautions import Caution, Readiness, cautions
from triage.allhands.preview import OpenLines, open_lines
from triage.incidents.models import Briefing, Incident, IncidentMailbox, StatusUpdate, Told
from triage.incidents.queries import bound_mailboxes, latest_briefing, told, updates
from triage.incidents.regulator import RegulatorClock, regulator_clock
from triage.notices.staff import Delivery, deliveries
from triage.responses.queries import library
from triage.volunteers.models import Enlistment, EnlistmentLink
from triage.volunteers.queries import helpers_by_state

State = Enlistment.State
Audience = Told.Audience
_ON_THE_WAY = (State.INVITED, State.CONFIRMED, State.BRIEFING, State.PRACTISING)


@dataclass(frozen=True, kw_only=True)
class Mailboxes:
    """The mail accounts: their addresses, those that answer badly now, and those bound here."""

    addresses: list[str]
    failing: list[str]
    bound: list[IncidentMailbox]
    sends_a_day: int | None

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
    """How far the helpers are, and the links by which they come.

    `ready` have read the briefing and practised; `reading` and `practising` are on the way to it.
    """

    links: list[EnlistmentLink]
    ready: int
    on_the_way: int
    practising: int

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
    letters: list[Delivery]
    told: list[Told]
    helpers: Helpers
    updates: list[StatusUpdate]
    supervisors: int
    lines: OpenLines
    clock: RegulatorClock

    def first_told(self, audience: str) -> datetime | None:
        """Gives when an audience was first told; None before."""
        return next((entry.told_at for entry in self.told if _stands(entry, audience)), None)

    @property
    def staff_told_at(self) -> datetime | None:
        """Gives when our own people were first told; None before."""
        return self.first_told(Audience.STAFF)

    @property
    def customers_told_at(self) -> datetime | None:
        """Gives when customers were first told, by us elsewhere or on the public page."""
        on_page = [self.updates[-1].at] if self.updates else []
        elsewhere = self.first_told(Audience.CUSTOMERS)
        return min([*on_page, *([elsewhere] if elsewhere else [])], default=None)

    @property
    def customers_before_staff(self) -> bool:
        """Tells whether customers were told while our own people still were not."""
        customers, staff = self.customers_told_at, self.staff_told_at
        return customers is not None and (staff is None or customers < staff)

    @cached_property
    def cautions(self) -> tuple[Caution, ...]:
        """Gives what should be so before the switch and is not."""
        return cautions(
            Readiness(
                mailboxes=len(self.mailboxes.addresses),
                failing=tuple(self.mailboxes.failing),
                queues_without_answer=tuple(self.answers.queues_without),
                supervisors=self.supervisors,
                has_briefing=self.briefing is not None,
                briefed=self.helpers.ready + self.helpers.practising,
                staff_told=self.staff_told_at is not None,
                waiting=self.lines.waiting,
                sends_a_day=self.mailboxes.sends_a_day,
            )
        )


def checklist(*, incident: Incident, at: datetime) -> Checklist:
    """Gives how far each step is."""
    entries = told(incident.pk)
    regulator = next(
        (entry.told_at for entry in entries if _stands(entry, Audience.REGULATOR)), None
    )
    lines = open_lines(at=at)
    return Checklist(
        mailboxes=_mailboxes(incident),
        answers=_answers(lines),
        briefing=latest_briefing(incident.pk),
        letters=deliveries(incident.pk),
        told=entries,
        helpers=_helpers(incident, at=at),
        updates=updates(incident.pk),
        supervisors=len(with_role("supervisor")),
        lines=lines,
        clock=regulator_clock(known_since=incident.known_since, told_at=regulator, at=at),
    )


def _stands(entry: Told, audience: str) -> bool:
    return entry.audience == audience and entry.taken_back_at is None


def _mailboxes(incident: Incident) -> Mailboxes:
    rows = list(Mailbox.objects.filter(is_active=True, kind=Mailbox.Kind.SERVER).order_by("pk"))
    limits = [row.daily_send_limit for row in rows if row.smtp_url]
    known = [limit for limit in limits if limit is not None]
    return Mailboxes(
        addresses=[row.address for row in rows],
        failing=[row.address for row in rows if row.failing_since or row.send_failing_since],
        bound=bound_mailboxes(incident.pk),
        sends_a_day=sum(known) if known and len(known) == len(limits) else None,
    )


def _answers(lines: OpenLines) -> Answers:
    shelves = library()
    covered = {shelf.response.label for shelf in shelves if shelf.approved}
    queues = [queue for queue in lines.queues if queue.label]
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
        practising=states.get(State.PRACTISING, 0),
    )
