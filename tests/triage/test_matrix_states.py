"""Who is held up, or gone, loses exactly what that takes away; and without its rule nothing opens.

Each of these people is somebody of the matrix's cast, but for what the table here says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from tests.factories import people
from tests.triage.matrix.asking import answer, names, verdict
from tests.triage.matrix.cast import EVERYBODY, HELPER, NO_WAY, STANDING
from tests.triage.matrix.pages import furnish, table
from tests.triage.matrix.place import Place, furnished
from triage.accounts.access import DenyByDefaultMiddleware
from triage.accounts.models import User
from triage.accounts.policy import RULES, Act, Actor, Helping, Subject, may
from triage.incidents.models import Incident
from triage.queues.models import Ticket
from triage.volunteers.models import Enlistment

NOON = people.NOON
OPEN_TO_ALL = {name for name, allowed in table().items() if allowed[0] | allowed[1] >= EVERYBODY}


@dataclass(frozen=True)
class HeldUp:
    """What is so about a helper's time, and the pages that it takes away."""

    changes: dict[str, Any]
    loses: frozenset[str] = frozenset()


HELD_UP = {
    "on a break": HeldUp({"state": "on_break"}),
    "asked to pause": HeldUp({"state": "paused"}, frozenset({"desk:next"})),
}


@pytest.fixture
def place(db: None) -> Place:
    return furnish(furnished())


def helper(**changes: Any) -> User:
    at = timezone.now()
    ann = people.person("ann", at=at)
    part = people.helper(ann, Incident.objects.get(), at=at)
    Enlistment.objects.filter(pk=part.pk).update(**changes)
    return ann


@pytest.mark.parametrize("how", HELD_UP)
def test_who_is_held_up_loses_just_that(place: Place, how: str) -> None:
    held = HELD_UP[how]
    ann = helper(**held.changes)
    wrong = {}
    for name, pattern in names(get_resolver()):
        for method, allowed in zip(("GET", "POST"), table()[name], strict=True):
            if name == "account_logout" or allowed is NO_WAY:
                continue
            expected = HELPER in allowed and name not in held.loses
            given = verdict(answer(ann, method, place.address(name, pattern), place.posted))
            if (given == "let in") is not expected:
                wrong[f"{method} {name}"] = given
    assert wrong == {}


def test_who_must_read_again_gets_the_briefing_and_no_email(place: Place) -> None:
    ann = helper()
    Incident.objects.update(reading_version=9)
    client = Client()
    client.force_login(ann)
    given = client.post("/desk/next/")
    assert given.headers["Location"].startswith("/briefing/again/")
    assert not Ticket.objects.filter(holder=ann).exists()


@pytest.mark.parametrize("state", ["suspended", "ended"])
def test_whose_help_was_stopped_reaches_no_email(place: Place, state: str) -> None:
    ended_at = timezone.now() if state == "ended" else None
    ann = helper(state=state, ended_at=ended_at)
    reached = [
        f"{method} {name}"
        for name, pattern in names(get_resolver())
        if name.startswith(("desk:", "conversations:", "review:", "board:"))
        for method in ("GET", "POST")
        if verdict(answer(ann, method, place.address(name, pattern), place.posted)) == "let in"
    ]
    assert reached == []


def test_without_a_second_factor_a_supervisor_is_led_to_it_and_nowhere_else(
    place: Place, settings: Any
) -> None:
    """Pages of the library are for everybody who logged in; ours lead to the second step."""
    settings.MUSTER_REQUIRE_MFA = True
    sam = people.person("sam", at=timezone.now())
    reached = {}
    for name, pattern in names(get_resolver()):
        if name.startswith(("account", "mfa_")) or name in OPEN_TO_ALL:
            continue
        for method, allowed in zip(("GET", "POST"), table()[name], strict=True):
            if "supervisor" not in allowed:
                continue
            given = answer(sam, method, place.address(name, pattern), place.posted)
            where = given.headers.get("Location", "")
            if "second-step" not in where and given.status_code != 403:
                reached[f"{method} {name}"] = given.status_code
    assert set(reached) <= {"GET joining:joined", "POST joining:joined"}


HELD = Subject(kind="ticket", holder_id=1, author_id=2)
MINE = Subject(
    kind="ticket",
    holder_id=1,
    author_id=1,
    is_lane=True,
    serves=frozenset({1}),
    members=frozenset({1}),
)
EVERY_ROLE = Actor(
    id=1,
    name="Pat",
    at=NOON,
    roles=frozenset(STANDING),
    helping=Helping(until=NOON + timedelta(days=1), state="ready", level="all-hands", briefed=True),
)


@pytest.mark.parametrize("act", list(Act))
def test_no_rule_means_no(monkeypatch: pytest.MonkeyPatch, act: Act) -> None:
    subjects = (HELD, MINE)
    assert any(may(EVERY_ROLE, act, subject) for subject in subjects)
    monkeypatch.delitem(RULES, act)
    assert not any(may(EVERY_ROLE, act, subject) for subject in subjects)


@pytest.mark.parametrize("act", sorted(set(Act) - {Act.OWN_ACCOUNT}))
def test_each_act_is_gone_the_moment_every_right_is(act: Act) -> None:
    assert EVERY_ROLE.helping
    over = replace(EVERY_ROLE, roles=frozenset(), helping=replace(EVERY_ROLE.helping, until=NOON))
    assert not any(may(over, act, subject) for subject in (HELD, MINE))


def test_a_page_that_states_nothing_is_shown_to_nobody() -> None:
    def silent(request: HttpRequest) -> HttpResponse:
        return HttpResponse("secret")

    silent.__module__ = "triage.desk.views"
    with pytest.raises(PermissionDenied):
        DenyByDefaultMiddleware(silent).process_view(HttpRequest(), silent)
