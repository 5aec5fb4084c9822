"""What a change of the level will do, counted before anybody presses the button."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from triage.accounts.models import RoleGrant, Session
from triage.accounts.policy import HELPING_STATES
from triage.incidents.models import Incident
from triage.queues import counters
from triage.queues.models import Queue, Ticket
from triage.volunteers.models import Enlistment, EnlistmentLink
from triage.volunteers.queries import roster

Level = Incident.Level
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

    def in_words(self) -> list[str]:
        """Gives what the change will do, a sentence each."""
        return {
            Level.ALL_HANDS: self._on,
            Level.RECOVERY: self._recovery,
            Level.CLOSED: self._closed,
        }.get(Level(self.level), self._calm)()

    def _on(self) -> list[str]:
        opens = ngettext("Opens %(queues)s queue", "Opens %(queues)s queues", self.queues)
        emails = ngettext(
            "in which %(emails)s email waits.",
            "in which %(emails)s emails wait.",
            self.emails_waiting,
        )
        said = [
            f"{opens % {'queues': self.queues}} {emails % {'emails': f'{self.emails_waiting:,}'}}",
            _people(
                ngettext(
                    "%(count)s person who is ready may answer at once.",
                    "%(count)s people who are ready may answer at once.",
                    self.ready,
                ),
                self.ready,
            ),
        ]
        if self.to_bring_in:
            said.append(
                _people(
                    ngettext(
                        "%(count)s volunteer from the standing list joins with it.",
                        "%(count)s volunteers from the standing list join with it.",
                        self.to_bring_in,
                    ),
                    self.to_bring_in,
                )
            )
        return said

    def _recovery(self) -> list[str]:
        return [
            _("No new emails are begun by helpers, and nobody joins."),
            _people(
                ngettext(
                    "%(count)s email that a helper holds may be finished.",
                    "%(count)s emails that helpers hold may be finished.",
                    self.emails_held_by_helpers,
                ),
                self.emails_held_by_helpers,
            ),
        ]

    def _calm(self) -> list[str]:
        said = [_("Helpers answer nobody at this level; the support team works on.")]
        if self.emails_held_by_helpers:
            said.append(
                _("Helpers can no longer send what they hold. Stand down first to give it back.")
            )
        return said

    def _closed(self) -> list[str]:
        return [
            _people(
                ngettext(
                    "Helping ends for %(count)s person; they are logged out and thanked.",
                    "Helping ends for %(count)s people; they are logged out and thanked.",
                    self.active,
                ),
                self.active,
            ),
            _people(
                ngettext(
                    "%(count)s email goes back to its queue, its draft kept.",
                    "%(count)s emails go back to their queues, their drafts kept.",
                    self.emails_held_by_helpers,
                ),
                self.emails_held_by_helpers,
            ),
            _("The public page stays. The next incident starts afresh."),
        ]


def _people(words: str, count: int) -> str:
    return words % {"count": f"{count:,}"}


@dataclass(frozen=True)
class OpenLines:
    """The queues that everybody may serve, and how many emails wait in them."""

    queues: tuple[Queue, ...]
    waiting: int


def open_lines(*, at: datetime) -> OpenLines:
    """Gives these queues and how many emails wait in them, in two statements."""
    queues = tuple(Queue.objects.filter(kind=Queue.Kind.OPEN))
    numbers = counters.read(at=at)
    waiting = sum(numbers[queue.pk, counters.Measure.WAITING] for queue in queues)
    return OpenLines(queues=queues, waiting=waiting)


def preview(
    *, incident: Incident, to_level: str, at: datetime, lines: OpenLines | None = None
) -> Preview:
    """Gives what moving this incident to `to_level` will touch, as of now."""
    lines = lines or open_lines(at=at)
    active = Enlistment.objects.filter(incident=incident, ended_at__isnull=True)
    parts = list(
        active.annotate(
            holds=Exists(Ticket.objects.filter(holder=OuterRef("user_id"))),
            logins=_logins_of_who_leaves(),
        ).values_list("state", "holds", "logins")
    )
    ready = sum(state in HELPING_STATES for state, _holds, _logins in parts)
    return Preview(
        level=to_level,
        ready=ready,
        on_the_way=len(parts) - ready,
        to_bring_in=len(roster(incident_id=incident.pk)),
        emails_waiting=lines.waiting,
        emails_held_by_helpers=sum(holds for _state, holds, _logins in parts),
        queues=len(lines.queues),
        links_open=EnlistmentLink.objects.filter(
            incident=incident, withdrawn_at__isnull=True
        ).count(),
        logins_of_helpers=sum(logins for _state, _holds, logins in parts),
    )


def _logins_of_who_leaves() -> Case:
    """The logins that end with somebody's helping time: all, but for those who work on here."""
    works_on = RoleGrant.objects.filter(user=OuterRef("user_id")).exclude(
        role=RoleGrant.Role.VOLUNTEER
    )
    sessions = Session.objects.filter(user_id=OuterRef("user_id")).order_by()
    logins = Subquery(
        sessions.values("user_id").annotate(count=Count("pk")).values("count"),
        output_field=IntegerField(),
    )
    return Case(When(Exists(works_on), then=Value(0)), default=Coalesce(logins, Value(0)))
