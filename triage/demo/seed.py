"""Fills an installation with the people, answers and incident of Fernhill, through actions only.

Each piece looks whether it is there already, so that filling twice changes nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from inbox.mailboxes import opening, try_smtp
from inbox.models import Mailbox
from triage.accounts.actions import create_user, grant_role, name_person
from triage.accounts.models import User
from triage.accounts.policy import Actor
from triage.audit.actions import Step
from triage.classification.actions import activate_model, train_model
from triage.classification.models import SorterModel
from triage.demo import cast
from triage.demo.cast import PEOPLE, Person
from triage.demo.storm import SHOP_ADDRESS
from triage.incidents.actions import change_level, open_incident, post_update, write_briefing
from triage.incidents.briefings import paragraphs_of
from triage.incidents.models import Incident
from triage.incidents.queries import current
from triage.mailboxes.actions import add_mailbox
from triage.queues.actions import set_lane, set_queues
from triage.queues.models import Queue, QueueMembership
from triage.responses.actions import load_starters
from triage.volunteers import links
from triage.volunteers.actions import (
    Signing,
    acknowledge_briefing,
    begin_round,
    choose,
    confirm,
    join,
    make_link,
    promise,
)
from triage.volunteers.models import Enlistment, EnlistmentLink
from triage.volunteers.shelf import practice_mail

LINK_LASTS = timedelta(days=30)
LINK_USES = 500
_SEED = Step("seed_demo")


class InUse(Exception):
    """The installation has people of its own; the message is a sentence."""


@dataclass(frozen=True, kw_only=True)
class Seeded:
    """Who can log in with which password ("" when they had one before), and how others join."""

    passwords: Mapping[Person, str]
    join_path: str


def seed(*, at: datetime, imap_url: str = "", smtp_url: str = "") -> Seeded:
    """Makes whatever of the demo is missing, and gives how to get in.

    Outside the demo each person gets a password of their own, and people who are there already
    keep the seed away: raises InUse. With both addresses the mailbox is made too; raises
    MailboxError when its servers do not answer.
    """
    if not settings.MUSTER_DEMO and _others():
        raise InUse("People work here already: seed_demo is for an installation without any.")
    passwords = {person: _make_person(person, at=at) for person in PEOPLE}
    load_starters(by_author=_actor("Mia", at), by_approver=_actor("Leo", at), at=at)
    _make_sorter(at)
    incident = current() or _make_incident(at)
    _make_helpers(incident, at)
    _make_servings(at)
    _make_lanes(at)
    if imap_url and smtp_url:
        _make_mailbox(imap_url, smtp_url, at)
    return Seeded(passwords=passwords, join_path=_join_path(incident, at))


def _others() -> bool:
    return User.objects.exclude(email__in=[person.email for person in PEOPLE]).exists()


def _make_person(person: Person, *, at: datetime) -> str:
    if User.objects.filter(email=person.email).exists():
        return cast.PASSWORD if settings.MUSTER_DEMO else ""
    password = cast.PASSWORD if settings.MUSTER_DEMO else secrets.token_urlsafe(12)
    user = create_user(email=person.email, name=person.name, password=password, by=_SEED, at=at)
    name_person(user=user, name=person.name, shown_name=person.first_name, by=_SEED, at=at)
    if person.role != "volunteer":
        grant_role(user_id=user.pk, role=person.role, by=_SEED, at=at)
    return password


def _user(person: Person) -> User:
    return User.objects.get(email=person.email)


def _actor(first_name: str, at: datetime) -> Actor:
    """Somebody as they were just made, whether or not their second factor is set up yet."""
    person = next(person for person in PEOPLE if person.first_name == first_name)
    return Actor(id=_user(person).pk, name=person.name, at=at, roles=frozenset({person.role}))


def _make_sorter(at: datetime) -> None:
    if not SorterModel.objects.filter(is_active=True).exists():
        model = train_model(by=_SEED, at=at)
        activate_model(model_id=model.pk, by=_SEED, at=at)


def _make_incident(at: datetime) -> Incident:
    """The incident at level "elevated": all-hands mode is left for the admin to switch on."""
    ada = _actor("Ada", at)
    incident = open_incident(name=cast.INCIDENT, by=ada, at=at)
    paragraphs = paragraphs_of(cast.BRIEFING)
    write_briefing(incident_id=incident.pk, paragraphs=paragraphs, user_id=ada.id, by=ada, at=at)
    for text in cast.UPDATES:
        post_update(incident_id=incident.pk, text=text, user_id=ada.id, by=ada, at=at)
    return change_level(
        incident_id=incident.pk,
        to_level=Incident.Level.ELEVATED,
        expected_version=incident.version,
        by=ada,
        at=at,
    )


def _make_helpers(incident: Incident, at: datetime) -> None:
    """Lets the volunteers join by a link and read, promise and practise, as everybody does."""
    fresh = [person for person in PEOPLE if person.role == "volunteer"]
    known = Enlistment.objects.filter(user__email__in=[person.email for person in fresh])
    if known.exists():
        return
    link = _make_link(incident, "The first helpers", uses=len(fresh), at=at)
    for person in fresh:
        user = join(link=link, email=person.email, at=at)
        actor = _actor(person.first_name, at)
        confirm(link_id=link.pk, user_id=user.pk, by=actor, at=at)
        acknowledge_briefing(user_id=user.pk, incident_id=incident.pk, by=actor, at=at)
        signing = Signing(shown_name=person.first_name)
        promise(user=user, incident_id=incident.pk, signing=signing, by=actor, at=at)
        _practise(actor, at)


def _practise(actor: Actor, at: datetime) -> None:
    """One round of practice, all of it right."""
    for number, key in enumerate(begin_round(by=actor, at=at).keys, start=1):
        right = [choice.is_right for choice in practice_mail(key).choices].index(True)
        choose(number=number, choice=right, by=actor, at=at)


def _make_link(incident: Incident, note: str, *, uses: int, at: datetime) -> EnlistmentLink:
    ada = _actor("Ada", at)
    return make_link(
        incident_id=incident.pk,
        max_uses=uses,
        expires_at=at + LINK_LASTS,
        user_id=ada.id,
        note=note,
        by=ada,
        at=at,
    )


def _make_servings(at: datetime) -> None:
    if QueueMembership.objects.exists():
        return
    ids = dict(Queue.objects.values_list("key", "pk"))
    sam = _actor("Sam", at)
    for person in PEOPLE:
        if person.serves:
            queue_ids = [ids[key] for key in person.serves]
            set_queues(user_id=_user(person).pk, queue_ids=queue_ids, by=sam, at=at)


def _make_lanes(at: datetime) -> None:
    """Names Tom for every lane, with Sam as stand-in, where nobody is named yet."""
    tom, sam = _actor("Tom", at), _actor("Sam", at)
    for lane in Queue.objects.filter(kind=Queue.Kind.LANE, named=None, stand_in=None):
        set_lane(
            lane_id=lane.pk,
            member_ids=[],
            named_id=tom.id,
            stand_in_id=sam.id,
            promise_minutes=lane.promise_minutes,
            by=sam,
            at=at,
        )


def _make_mailbox(imap_url: str, smtp_url: str, at: datetime) -> None:
    if Mailbox.objects.filter(address=SHOP_ADDRESS).exists():
        return
    begin = opening(imap_url, cast.PASSWORD, start_at=None)
    try_smtp(smtp_url, cast.PASSWORD, address=SHOP_ADDRESS)
    add_mailbox(
        address=SHOP_ADDRESS,
        imap_url=imap_url,
        smtp_url=smtp_url,
        password=cast.PASSWORD,
        begin=begin,
        by=_actor("Ada", at),
        at=at,
    )


def _join_path(incident: Incident, at: datetime) -> str:
    """The way in for newcomers: the link that is open, else a new one while helpers are wanted."""
    note = "For everybody who wants to help"
    link = EnlistmentLink.objects.filter(
        incident=incident, note=note, withdrawn_at__isnull=True, expires_at__gt=at
    ).first()
    link = link or _make_link(incident, note, uses=LINK_USES, at=at)
    return reverse("joining:join", args=[links.secret_of(link)])
