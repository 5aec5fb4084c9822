"""What a person may do at this moment: their roles, and their helping time in the open incident."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from triage.accounts.models import User
from triage.accounts.policy import FINISHING_STATES, Actor, Helping, Trust
from triage.accounts.queries import grants_of
from triage.incidents.models import Incident
from triage.volunteers.earning import Tally
from triage.volunteers.models import CodeSheet, Enlistment, JoinRequest, ReviewTally, ThankYou


@dataclass(frozen=True, kw_only=True)
class OpenIncident:
    """As much of the open incident as every page shows."""

    id: int
    name: str
    slug: str
    level: str
    recovery_at: datetime | None
    reading_note: str = ""
    reading_version: int = 0


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A person at one moment, and the incident around them."""

    actor: Actor
    incident: OpenIncident | None = None
    needs_second_factor: bool = False


@dataclass(frozen=True, kw_only=True)
class SheetOfCodes:
    """A printed sheet in the admin's list."""

    id: int
    title: str
    codes: int
    used: int
    expires_at: datetime
    is_open: bool
    by_name: str


def standing_of(user: User, *, at: datetime) -> Standing:
    """Gives who this person is now, in two queries."""
    grants = grants_of(user.pk)
    row = _open_incident_with_my_part(user.pk)
    return Standing(
        actor=Actor(
            id=user.pk,
            name=user.get_full_name(),
            at=at,
            roles=grants.roles,
            ceremony=grants.ceremony,
            helping=_helping(row) if row else None,
        ),
        incident=_incident(row) if row else None,
        needs_second_factor=grants.needs_second_factor,
    )


def actor_for(user: User, *, at: datetime) -> Actor:
    """Gives this person as the policy sees them at this moment."""
    return standing_of(user, at=at).actor


def newest_helpers(*, incident_id: int, limit: int = 100) -> list[Enlistment]:
    """Gives who joined this incident last, with their people, newest first."""
    parts = Enlistment.objects.filter(incident_id=incident_id).select_related("user")
    return list(parts.order_by("-pk")[:limit])


def helpers_by_state(*, incident_id: int) -> dict[str, int]:
    """Gives how many of those who joined this incident are in each state."""
    parts = Enlistment.objects.filter(incident_id=incident_id).values_list("state")
    return dict(parts.annotate(people=Count("pk")))


def join_requests(*, limit: int = 200) -> list[JoinRequest]:
    """Gives who from outside asked to join the open incident: those who wait first, then newest."""
    asked = JoinRequest.objects.filter(incident__closed_at=None).select_related(
        "decided_by", "link"
    )
    return list(asked.order_by(F("decided_at").desc(nulls_first=True), "pk")[:limit])


def newest_sheets(*, at: datetime, limit: int = 50) -> list[SheetOfCodes]:
    """Gives the printed sheets that were made last, newest first."""
    rows = CodeSheet.objects.select_related("person", "created_by").annotate(
        made=Count("codes"), used=Count("codes__used_at")
    )
    return [
        SheetOfCodes(
            id=row.pk,
            title=row.person.get_full_name() if row.person else row.note or _("Newcomers"),
            codes=row.made,
            used=row.used,
            expires_at=row.expires_at,
            is_open=row.withdrawn_at is None and row.expires_at > at and row.used < row.made,
            by_name=row.created_by.get_full_name(),
        )
        for row in rows.order_by("-pk")[:limit]
    ]


def part_of(user_id: int) -> Enlistment | None:
    """Gives a person's part in the open incident while it lasts."""
    parts = Enlistment.objects.filter(incident__closed_at__isnull=True, ended_at__isnull=True)
    return parts.filter(user_id=user_id).first()


def department_of(user_id: int) -> str:
    """Gives the department that a helper wants named under their answers; "" for none."""
    parts = Enlistment.objects.filter(incident__closed_at__isnull=True, shows_department=True)
    return parts.filter(user_id=user_id).values_list("department", flat=True).first() or ""


def who_took_part(*, incident_id: int, user_ids: Collection[int]) -> list[tuple[int, str]]:
    """Gives (id, address) of those of these people who promised, or answered somebody."""
    parts = Enlistment.objects.filter(incident_id=incident_id, user_id__in=user_ids)
    took_part = parts.filter(Q(promised_at__isnull=False) | Q(answers_sent__gt=0))
    return list(took_part.order_by("pk").values_list("user_id", "user__email"))


def reviews_of(user_id: int) -> Tally:
    """Gives how colleagues found a person's answers so far."""
    row = ReviewTally.objects.filter(user_id=user_id).first()
    if row is None:
        return Tally()
    return Tally(approved=row.approved, approved_in_a_row=row.approved_in_a_row)


def signed_so_far(user: User, part: Enlistment) -> dict[str, object]:
    """Gives what the form about oneself begins with."""
    return {
        "shown_name": user.shown_name or user.name.split(" ")[0],
        "department": part.department,
        "shows_department": part.shows_department,
        "languages": part.languages or [(get_language() or "en")[:2]],
        "takes_furious": part.takes_furious,
    }


def thank_you_lines(*, incident_id: int, limit: int = 5) -> tuple[str, ...]:
    """Gives the lines of thanks that a supervisor picked, newest first."""
    lines = ThankYou.objects.filter(incident_id=incident_id).order_by("-pk")
    return tuple(lines.values_list("text", flat=True)[:limit])


def roster(*, incident_id: int) -> list[User]:
    """Gives the people of the role volunteer who have no part in this incident yet."""
    return list(
        User.objects.filter(is_active=True, role_grants__role="volunteer")
        .exclude(enlistments__incident_id=incident_id)
        .order_by("pk")
    )


_OF_INCIDENT = ("id", "name", "slug", "level", "recovery_at", "reading_note", "reading_version")
_OF_PART = (
    "part_state",
    "part_until",
    "part_trust",
    "part_read_version",
    "part_languages",
    "part_takes_furious",
    "part_department",
    "part_shows_department",
)


def _open_incident_with_my_part(user_id: int) -> dict[str, Any] | None:
    row: dict[str, Any] | None = (
        Incident.objects.filter(closed_at__isnull=True)
        .annotate(
            part=FilteredRelation("enlistments", condition=Q(enlistments__user_id=user_id)),
            part_state=F("part__state"),
            part_until=F("part__until"),
            part_trust=F("part__trust"),
            part_read_version=F("part__read_version"),
            part_languages=F("part__languages"),
            part_takes_furious=F("part__takes_furious"),
            part_department=F("part__department"),
            part_shows_department=F("part__shows_department"),
        )
        .values(*_OF_INCIDENT, *_OF_PART)
        .first()
    )
    return row


def _helping(row: dict[str, Any]) -> Helping | None:
    if row["part_state"] is None:
        return None
    # Only who read and acknowledged the briefing ever gets into one of these states.
    briefed = row["part_state"] in FINISHING_STATES
    return Helping(
        until=row["part_until"],
        state=row["part_state"],
        level=row["level"],
        briefed=briefed,
        trust=Trust(row["part_trust"]),
        must_read_again=briefed and row["part_read_version"] < row["reading_version"],
        languages=tuple(row["part_languages"]),
        takes_furious=row["part_takes_furious"],
        department=row["part_department"] if row["part_shows_department"] else "",
    )


def _incident(row: dict[str, Any]) -> OpenIncident:
    return OpenIncident(**{name: row[name] for name in _OF_INCIDENT})
