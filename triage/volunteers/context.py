"""What the frame around every page shows: who you are, where you may go, what is going on."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from triage.accounts import shared
from triage.accounts.policy import HELPING_STATES, Act, Actor, may
from triage.volunteers.farewell import Farewell, farewell_for, held_back_by
from triage.volunteers.queries import Standing


@dataclass(frozen=True)
class NavItem:
    """One way to go."""

    url: str
    label: str
    current: bool = False


@dataclass(frozen=True)
class Banner:
    """The line above everything while an incident is open."""

    text: str
    tone: str
    url: str = ""
    link_text: str = ""


class Shell:
    """Everything the frame asks for, looked up only when a page shows it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._standing: Standing | None = getattr(request, "standing", None)

    @property
    def actor(self) -> Actor | None:
        """Gives the person of this page; None for a stranger."""
        return self._standing.actor if self._standing else None

    @cached_property
    def nav(self) -> list[NavItem]:
        """Gives the pages this person may open, the desk first."""
        actor = self.actor
        if actor is None:
            return []
        path = self._request.path
        here = max((url for _, url, _ in _pages() if path.startswith(url)), key=len, default="")
        return [
            NavItem(url, label, current=url == here)
            for act, url, label in _pages()
            if may(actor, act)
        ]

    @cached_property
    def own(self) -> list[NavItem]:
        """Gives the pages about oneself."""
        if self.actor is None:
            return []
        items = [NavItem(reverse("mfa_index"), _("Login and second step"))]
        if may(self.actor, Act.SETTINGS_CHANGE):
            items.append(NavItem(reverse("accounts:settings"), _("Settings")))
        if may(self.actor, Act.BRIEFING_READ) and self._standing and self._standing.incident:
            items.insert(0, NavItem(reverse("volunteers:briefing"), _("Briefing")))
            if may(self.actor, Act.FACT_WRITE):
                items.insert(1, NavItem(reverse("allhands:facts"), _("Facts")))
        if may(self.actor, Act.DESK_VIEW):
            items.insert(0, NavItem(reverse("desk:me"), _("You and your count")))
        if may(self.actor, Act.PRACTICE_WRITE):
            items.insert(0, NavItem(reverse("volunteers:practice_mails"), _("Practice emails")))
        return items

    @property
    def is_shared(self) -> bool:
        """Tells whether somebody is logged in on a computer that others use too."""
        return self.actor is not None and shared.is_shared(self._request)

    @property
    def company_login(self) -> str:
        """Gives the name of the company's login; "" without one."""
        return str(settings.MUSTER_OIDC_NAME)

    @property
    def outbox_url(self) -> str:
        """Gives where the demo shows the mails it sent; "" in a real installation."""
        return reverse("demo:outbox") if settings.MUSTER_DEMO else ""

    @cached_property
    def banner(self) -> Banner | None:
        """Gives the line about the open incident; None for strangers and on a calm day."""
        incident = self._standing.incident if self._standing else None
        if incident is None:
            return None
        words, tone = _words_for(incident.level)
        return Banner(
            text=words % {"incident": incident.name},
            tone=tone,
            url=reverse("public:incident", args=[incident.slug]),
            link_text=_("What we tell the public"),
        )

    @property
    def reading_note(self) -> str:
        """Gives in one line what changed in the briefing; "" when nothing is to be read again."""
        incident = self._standing.incident if self._standing else None
        return incident.reading_note if incident else ""

    @cached_property
    def farewell(self) -> Farewell | None:
        """Gives the kind word for somebody whose helping time is over."""
        return farewell_for(self._request, self.actor)

    @cached_property
    def held_back_by(self) -> str:
        """Gives whom a helper who was stopped should talk to; "" for everybody else."""
        return held_back_by(self._request, self.actor)

    @property
    def helps_in(self) -> str:
        """Gives the level at which a ready helper waits for all-hands mode; "" for others."""
        helping = self.actor.helping if self.actor else None
        if helping is None or helping.state not in HELPING_STATES or helping.level == "all-hands":
            return ""
        return helping.level


def shell(request: HttpRequest) -> dict[str, Any]:
    """Gives every template its frame as `shell`."""
    return {"shell": Shell(request)}


def _pages() -> list[tuple[Act, str, str]]:
    return [
        (Act.PERSON_HELP, "/desk/", _("Answer")),
        (Act.REPLY_REVIEW, "/review/", _("Review")),
        (Act.BOARD_VIEW, "/board/", _("Board")),
        (Act.BOARD_STEER, "/board/people/", _("People")),
        (Act.LANE_STEER, "/lanes/", _("Lanes")),
        (Act.EMAIL_BROWSE, "/inbox/", _("Emails")),
        (Act.RESPONSE_VIEW, "/responses/", _("Answers")),
        (Act.MAILBOX_VIEW, "/mailboxes/", _("Mailboxes")),
        (Act.SET_ASIDE_DECIDE, "/set-aside/", _("Set aside")),
        (Act.LEDGER_VIEW, "/ledger/", _("Ledger")),
        (Act.LEVEL_CHANGE, "/all-hands/", _("All-hands")),
        (Act.AUDIT_VIEW, "/audit/", _("Record")),
    ]


def _words_for(level: str) -> tuple[str, str]:
    return {
        "watch": (_("We are watching: %(incident)s."), "calm"),
        "elevated": (_("More emails than usual: %(incident)s."), "wait"),
        "all-hands": (_("All-hands mode is on: %(incident)s."), ""),
        "recovery": (_("Nearly through: %(incident)s. Emails begun are being finished."), "wait"),
    }[level]
