"""Every page, every role, GET and POST: the tables of matrix/pages say who gets past the door.

The pages are generated from the resolver, so that a page nobody listed there fails.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.urls import get_resolver
from django.utils import timezone

from tests.factories import desk, people
from tests.triage.matrix.asking import answer, expected, names, verdict
from tests.triage.matrix.cast import CAST, ENDED, HELPER, STANDING, WATCHING
from tests.triage.matrix.pages import fields, furnish, table
from tests.triage.matrix.place import Place, an_answer, furnished, login_of
from triage.accounts.models import User
from triage.queues.models import LaneNote, Question, QueueMembership, Ticket
from triage.replies.models import Reply, Review
from triage.volunteers.models import Enlistment

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return furnish(furnished())


def test_every_page_stands_in_the_table_and_nothing_else_does() -> None:
    pages = {name for name, _ in names(get_resolver())}
    assert pages - set(table()) == set(), "say in matrix/pages who may see these"
    assert set(table()) - pages == set(), "these pages are gone"


@pytest.mark.parametrize("role", CAST)
def test_each_role_gets_exactly_the_pages_of_the_table(place: Place, role: str) -> None:
    user, listed = login_of(role), table()
    wrong = {}
    for name, pattern in names(get_resolver()):
        for method, allowed in zip(("GET", "POST"), listed[name], strict=True):
            given = verdict(answer(user, method, place.address(name, pattern), place.posted))
            if given not in expected(role, allowed, name):
                wrong[f"{method} {name}"] = given
    assert wrong == {}


ABSENT = 9_000_000
HUGE = 10**30  # no database has such a number


@pytest.mark.parametrize("number", [ABSENT, HUGE])
def test_a_number_of_nothing_is_no_error(place: Place, number: int) -> None:
    user = people.person("pat", *STANDING, at=timezone.now())
    place.numbers = {
        key: number if isinstance(value, int) else f"{value}x"
        for key, value in place.numbers.items()
    }
    posted = {"email": str(number), "version": str(number), "answer": str(number)}
    broken = [
        f"{method} {name}"
        for name, pattern in names(get_resolver())
        if pattern.pattern.converters
        for method in ("GET", "POST")
        if verdict(answer(user, method, place.address(name, pattern), posted)) == "broken"
    ]
    assert broken == []


@pytest.mark.parametrize("words", ["\0", "²", "-1", "9" * 30], ids=ascii)
def test_strange_words_in_any_field_are_no_error(place: Place, words: str) -> None:
    user = people.person("pat", *STANDING, at=timezone.now())
    strange = dict.fromkeys(fields(), words)
    known = {**strange, "email": place.posted["email"], "answer": "1", "seen": "1"}
    broken = []
    for name, pattern in names(get_resolver()):
        address = place.address(name, pattern)
        tries = [("GET", f"{address}?{urlencode(strange)}", {})]
        tries += [("POST", address, strange), ("POST", address, known)]
        broken += [
            f"{method} {name}"
            for method, where, posted in tries
            if verdict(answer(user, method, where, posted)) == "broken"
        ]
    assert broken == []


STATES = (
    "in their hands",
    "in their hands, time run out",
    "in their hands, helping just ended",
    "in other hands",
    "in nobody's hands",
    "just answered by them",
    "written by them, being read",
    "closed",
    "not sorted yet",
    "in a lane of others",
    "in their lane",
)
EMAIL_PAGES = ("conversations:show", "conversations:html", "conversations:attachment")
READERS: dict[str, set[str]] = {
    HELPER: {"in their hands"},
    WATCHING: set(),
    ENDED: set(),
    "support": set(STATES) - {"in a lane of others"},
    "supervisor": set(STATES),
    "approver": set(),
    "admin": set(),
    "auditor": set(),
}


def bring_into(state: str, ticket: Ticket, user: User) -> None:
    """Puts the email where this test wants it."""
    at = timezone.now()
    hold = {"held_since": at - timedelta(minutes=30), "held_until": at + timedelta(minutes=10)}
    found = Ticket.objects.filter(pk=ticket.pk)
    match state:
        case "in their hands":
            found.update(holder=user, **hold)
        case "in their hands, time run out":
            found.update(holder=user, **{**hold, "held_until": at - timedelta(seconds=2)})
        case "in their hands, helping just ended":
            found.update(holder=user, **hold)
            Enlistment.objects.filter(user=user).update(state="ended", ended_at=at)
        case "written by them, being read":
            let_read(ticket, user)
        case "in other hands":
            found.update(holder=desk.user("Eve"), **hold)
        case "just answered by them":
            an_answer(ticket, user)
            found.update(state=Ticket.State.ANSWERING)
        case "closed":
            found.update(state=Ticket.State.CLOSED, closed_at=at)
        case "not sorted yet":
            Question.objects.filter(ticket=ticket).delete()
            Review.objects.filter(reply__ticket=ticket).delete()
            LaneNote.objects.filter(ticket=ticket).delete()
            Reply.objects.filter(ticket=ticket).delete()
            found.delete()
        case "in a lane of others" | "in their lane":
            lane = desk.queue("legal")
            member = user if state == "in their lane" else desk.user("Eve", "support")
            QueueMembership.objects.create(user=member, queue=lane)
            found.update(queue=lane)


def let_read(ticket: Ticket, user: User) -> None:
    """Puts an answer of this person before a colleague, unless one lies there already."""
    if not Reply.objects.filter(author=user, state="in_review").exists():
        Reply.objects.filter(pk=an_answer(ticket, user).pk).update(
            state="in_review", submit_key="k", outbound=None, released_at=None
        )


def may_read(user: User, place: Place) -> dict[str, bool]:
    pages = {name: entry for name, entry in names(get_resolver()) if name in EMAIL_PAGES}
    return {
        name: verdict(answer(user, "GET", place.address(name, pages[name]), {})) == "let in"
        for name in EMAIL_PAGES
    }


@pytest.mark.parametrize("role", READERS)
def test_an_email_and_its_parts_are_read_by_those_it_is_for(place: Place, role: str) -> None:
    user = login_of(role)
    assert user is not None
    ticket = Ticket.objects.get(pk=place.numbers["ticket_id"])
    wrong = {}
    for state in STATES:
        with transaction.atomic():
            bring_into(state, ticket, user)
            seen = may_read(user, place)
            transaction.set_rollback(True)
        if seen != dict.fromkeys(EMAIL_PAGES, state in READERS[role]):
            wrong[state] = seen
    assert wrong == {}
