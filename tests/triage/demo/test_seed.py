"""The demo is filled through actions, once, and everybody it names can begin."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from tests.factories.people import NOON, person
from tests.triage.demo import demo_urls
from triage.accounts.models import User
from triage.accounts.policy import Act, may
from triage.audit.models import AuditEvent
from triage.classification.models import SorterModel
from triage.classification.sorting import active_sorter
from triage.demo import cast
from triage.demo.seed import Seeded, seed
from triage.incidents.models import Incident
from triage.incidents.queries import current
from triage.responses.queries import usable
from triage.volunteers.queries import actor_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def sorter() -> SorterModel:
    """An active model, so that the seed need not train one each time."""
    return SorterModel.objects.create(version="before", trained_at=NOON, is_active=True)


@pytest.fixture
def seeded(sorter: SorterModel, settings: Settings) -> Seeded:
    settings.ROOT_URLCONF = demo_urls.__name__
    settings.MUSTER_DEMO = True
    return seed(at=NOON)


def user(first_name: str) -> User:
    return User.objects.get(email=f"{first_name}@fernhill.example")


def test_seeding_twice_changes_nothing(seeded: Seeded) -> None:
    events = AuditEvent.objects.count()
    again = seed(at=NOON)
    assert again == seeded
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize("first_name", ["ada", "sam", "leo", "mia", "ines", "ann"])
def test_everybody_logs_in_with_the_printed_password(seeded: Seeded, first_name: str) -> None:
    assert user(first_name).check_password(cast.PASSWORD)
    assert Client().login(email=f"{first_name}@fernhill.example", password=cast.PASSWORD)


def test_all_hands_mode_is_left_for_the_admin_to_switch_on(seeded: Seeded) -> None:
    incident = current()
    assert incident is not None
    assert incident.level == Incident.Level.ELEVATED
    assert may(actor_for(user("ada"), at=NOON), Act.LEVEL_CHANGE)
    assert not may(actor_for(user("ann"), at=NOON), Act.PERSON_HELP)


def test_helpers_may_begin_the_moment_it_is_on(seeded: Seeded) -> None:
    Incident.objects.update(level=Incident.Level.ALL_HANDS)
    helpers = [one for one in cast.PEOPLE if one.role == "volunteer"]
    assert helpers
    for helper in helpers:
        assert may(actor_for(user(helper.first_name.lower()), at=NOON), Act.PERSON_HELP)


def test_there_are_answers_that_a_second_person_approved(seeded: Seeded) -> None:
    versions = usable(label="data_concern", language="en")
    assert versions
    assert all(version.author_id != version.approved_by_id for version in versions)


def test_a_model_is_trained_and_put_to_work() -> None:
    seed(at=NOON)
    assert active_sorter() is not None


def test_a_stranger_can_open_the_join_link(seeded: Seeded) -> None:
    assert Client().get(seeded.join_path).status_code == 200


def test_a_real_installation_gets_passwords_that_nobody_knows(sorter: SorterModel) -> None:
    passwords = seed(at=NOON).passwords.values()
    assert cast.PASSWORD not in passwords
    assert len(set(passwords)) == len(cast.PEOPLE)


def test_an_installation_with_people_of_its_own_is_left_alone() -> None:
    person("zoe")
    with pytest.raises(CommandError, match="already"):
        call_command("seed_demo")
    assert User.objects.count() == 1


def test_the_command_prints_a_line_a_login(sorter: SorterModel, settings: Settings) -> None:
    settings.MUSTER_DEMO = True
    told = StringIO()
    call_command("seed_demo", stdout=told)
    assert f"admin ada@fernhill.example {cast.PASSWORD}" in told.getvalue().splitlines()


def test_the_command_gives_one_object_when_asked(sorter: SorterModel, settings: Settings) -> None:
    settings.MUSTER_DEMO = True
    told = StringIO()
    call_command("seed_demo", "--json", stdout=told)
    answer = json.loads(told.getvalue())
    assert answer["join_path"].startswith("/join/")
    assert {"role": "auditor", "email": "ines@fernhill.example", "password": cast.PASSWORD} in (
        answer["logins"]
    )
