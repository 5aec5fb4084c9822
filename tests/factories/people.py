"""The cast: ann and bob volunteer, sam supervises, ada administers, leo approves; noon."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from triage.accounts.models import RoleGrant, User
from triage.incidents.briefings import paragraphs_of
from triage.incidents.models import Briefing, BriefingParagraph, Incident
from triage.volunteers import printed
from triage.volunteers.actions import begin_round, choose, make_link, make_sheet
from triage.volunteers.actions import secret_of as secret_of_code
from triage.volunteers.links import secret_of
from triage.volunteers.models import CodeSheet, Enlistment, EnlistmentLink, PracticeRound
from triage.volunteers.queries import actor_for
from triage.volunteers.shelf import practice_mail

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
ROLES = {
    "ann": (),
    "bob": (),
    "sam": ("supervisor",),
    "ada": ("admin",),
    "leo": ("approver",),
    "sue": ("support",),
    "max": ("auditor",),
}


def person(name: str, *roles: str, at: datetime = NOON) -> User:
    """Gives somebody of the cast with their roles, or anybody else with the roles given."""
    user = User(
        email=f"{name}@example.com", name=name.title(), shown_name=name.title(), created_at=at
    )
    user.set_password(PASSWORD)
    user.save()
    for role in roles or ROLES.get(name, ()):
        RoleGrant.objects.create(user=user, role=role, granted_at=at)
    return user


def incident(level: str = "all-hands", at: datetime = NOON, name: str = "The breach") -> Incident:
    """Gives an incident at this level; it ends by itself after a day."""
    return Incident.objects.create(
        name=name,
        slug=name.lower().replace(" ", "-"),
        level=level,
        opened_at=at,
        known_since=at,
        level_since=at,
        recovery_at=at + timedelta(days=1) if level == "all-hands" else None,
        closed_at=at if level == "closed" else None,
    )


def helper(
    user: User, part_of: Incident, *, state: str = "ready", at: datetime = NOON, days: int = 14
) -> Enlistment:
    """Gives this person's helping time in an incident, `days` long."""
    return Enlistment.objects.create(
        user=user,
        incident=part_of,
        state=state,
        joined_at=at,
        until=at + timedelta(days=days),
        ended_at=at if state == "ended" else None,
    )


def briefing(of: Incident, by: User, at: datetime = NOON) -> Briefing:
    """Gives the next version of an incident's briefing, internal but for what was read."""
    row = Briefing.objects.create(incident=of, version=of.briefings.count() + 1, by=by, at=at)
    texts = {
        "happened": "Somebody got in.",
        "known_public": "Addresses were read.",
        "unknown": "Whether more was read.",
        "never_say": "Nothing about the police.",
        "to_do": "One person at a time.",
    }
    BriefingParagraph.objects.bulk_create(
        BriefingParagraph(
            briefing=row,
            position=position,
            section=words.section,
            text=words.text,
            is_public=words.is_public,
        )
        for position, words in enumerate(paragraphs_of(texts))
    )
    return row


def link(
    to: Incident,
    by: User,
    *,
    at: datetime | None = None,
    max_uses: int = 5,
    domains: tuple[str, ...] = (),
    queue_ids: tuple[int, ...] = (),
    languages: tuple[str, ...] = (),
) -> tuple[EnlistmentLink, str]:
    """Gives an open join link, made now unless said otherwise, and its secret."""
    made_at = at or timezone.now()
    row = make_link(
        incident_id=to.pk,
        max_uses=max_uses,
        expires_at=made_at + timedelta(days=1),
        allowed_domains=domains,
        queue_ids=queue_ids,
        languages=languages,
        user_id=by.pk,
        by=actor_for(by, at=made_at),
        at=made_at,
    )
    return row, secret_of(row)


def sheet(
    to: Incident, by: User, *, count: int = 3, at: datetime | None = None, hours: int = 24
) -> CodeSheet:
    """Gives a sheet of printed codes for newcomers, made now unless said otherwise."""
    made_at = at or timezone.now()
    return make_sheet(
        incident_id=to.pk,
        count=count,
        expires_at=made_at + timedelta(hours=hours),
        user_id=by.pk,
        by=actor_for(by, at=made_at),
        at=made_at,
    )


def codes(of: CodeSheet) -> list[str]:
    """Gives the codes of a sheet as they are printed."""
    serials = of.codes.order_by("pk").values_list("serial", flat=True)
    return [printed.shown(serial, secret_of_code(of, serial)) for serial in serials]


def practised(user: User, *, wrong: int = 0, at: datetime = NOON) -> PracticeRound:
    """Gives a whole round of practice of this person, with so many wrong choices in it."""
    actor = actor_for(user, at=at)
    going = begin_round(by=actor, at=at)
    for number, key in enumerate(going.keys, start=1):
        rights = [choice.is_right for choice in practice_mail(key).choices]
        choose(number=number, choice=rights.index(number > wrong), by=actor, at=at)
    going.refresh_from_db()
    return going


def ready_helper(user: User, part_of: Incident, *, at: datetime = NOON) -> Enlistment:
    """Gives the helping time of somebody who read, promised and practised before `at`."""
    part = helper(user, part_of, state="ready", at=at)
    part.promised_at = part.practised_at = at
    part.languages = ["en"]
    part.read_version = part_of.reading_version
    part.save()
    return part
