"""A small team and a large company: what is asked of people, and who chose it."""

import json
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.factories import people
from triage.accounts import actions
from triage.accounts.actions import OneRoleOnly, choose_ceremony, grant_role
from triage.accounts.ceremony import Ceremony, Size
from triage.accounts.models import CeremonyChoice, RoleGrant
from triage.accounts.policy import Act, Actor, Subject, may
from triage.accounts.queries import ceremony, chosen_ceremony
from triage.audit.actions import Step
from triage.audit.models import AuditEvent
from triage.volunteers.queries import actor_for

pytestmark = pytest.mark.django_db
BY = Step("test")


def choose(size: Size) -> Ceremony:
    return choose_ceremony(size=size, by=BY, at=people.NOON)


def test_a_new_installation_is_a_small_team_until_somebody_chooses() -> None:
    assert ceremony() == Ceremony(size=Size.SMALL)
    assert chosen_ceremony().by_name == ""


def test_the_choice_is_in_force_at_once_and_in_the_record() -> None:
    assert choose(Size.LARGE).needs_quorum
    assert ceremony().quorum == 2
    (event,) = AuditEvent.objects.filter(action="ceremony.choose")
    assert event.detail == {"size": "large", "was": ""}


def test_choosing_the_same_again_leaves_no_second_event() -> None:
    choose(Size.LARGE)
    choose(Size.LARGE)
    assert AuditEvent.objects.filter(action="ceremony.choose").count() == 1


def test_a_choice_that_cannot_be_recorded_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions, "record", refuse)
    with pytest.raises(RuntimeError):
        choose(Size.LARGE)
    assert not CeremonyChoice.objects.exists()


def test_in_a_small_team_one_person_holds_several_roles() -> None:
    sam = people.person("sam")
    assert grant_role(user_id=sam.pk, role="approver", by=BY, at=people.NOON)


def test_in_a_large_company_a_second_role_is_refused_in_a_sentence() -> None:
    choose(Size.LARGE)
    sam = people.person("sam")
    with pytest.raises(OneRoleOnly, match="Sam is supervisor already"):
        grant_role(user_id=sam.pk, role="admin", by=BY, at=people.NOON)
    assert RoleGrant.objects.get(user=sam).role == "supervisor"


def test_in_a_large_company_the_same_role_again_is_no_error() -> None:
    choose(Size.LARGE)
    sam = people.person("sam")
    assert not grant_role(user_id=sam.pk, role="supervisor", by=BY, at=people.NOON)


@pytest.mark.parametrize("name", ["sue", "sam", "ada", "leo"])
def test_any_second_person_of_a_small_team_approves_but_nobody_their_own_words(name: str) -> None:
    actor = actor_for(people.person(name), at=people.NOON)
    assert may(actor, Act.RESPONSE_APPROVE, Subject(author_id=actor.id + 1))
    assert not may(actor, Act.RESPONSE_APPROVE, Subject(author_id=actor.id))


def test_in_a_large_company_only_approvers_approve() -> None:
    choose(Size.LARGE)
    sam, leo = (actor_for(people.person(name), at=people.NOON) for name in ("sam", "leo"))
    assert not may(sam, Act.RESPONSE_APPROVE)
    assert may(leo, Act.RESPONSE_APPROVE)


def test_an_actor_of_whom_nothing_is_known_meets_the_stricter_rules() -> None:
    actor = Actor(id=1, name="Sam", at=people.NOON, roles=frozenset({"supervisor"}))
    assert not may(actor, Act.RESPONSE_APPROVE)
    assert may(replace(actor, ceremony=Ceremony()), Act.RESPONSE_APPROVE)


def test_the_admin_changes_it_on_the_settings_page(client: Client) -> None:
    client.force_login(people.person("ada"))
    assert b"rules of a small team hold" in client.get("/settings/").content
    client.post("/settings/", {"size": "large"})
    assert b"Chosen by" in client.get("/settings/").content
    assert ceremony().size is Size.LARGE


def test_the_command_chooses_and_tells() -> None:
    out = StringIO()
    call_command("ceremony", "large", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["size"], told["by"]) == ("large", "Muster")


def test_set_up_chooses_with_the_first_admin_and_then_refuses_a_second_role() -> None:
    call_command(
        "create_user", "--email", "ada@example.com", "--role", "admin", "--ceremony", "large"
    )
    with pytest.raises(CommandError, match="one person holds one role"):
        call_command("create_user", "--email", "ada@example.com", "--role", "supervisor")
