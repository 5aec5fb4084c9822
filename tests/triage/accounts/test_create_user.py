import json

import pytest
from django.core.management import CommandError, call_command

from tests.factories import people
from triage.accounts.models import RoleGrant, User
from triage.accounts.policy import Act, may
from triage.volunteers.models import Enlistment
from triage.volunteers.queries import actor_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HER_PASSWORD", people.PASSWORD)


def create(role: str, email: str = "Ann.Ek@example.com", *more: str) -> User:
    call_command("create_user", "--email", email, "--role", role, *more)
    return User.objects.get(email__iexact=email)


def test_a_person_is_created_with_password_and_role() -> None:
    user = create("supervisor", "sam@example.com", "--password-env", "HER_PASSWORD")
    assert user.check_password(people.PASSWORD)
    assert user.role_grants.get().role == "supervisor"


def test_who_is_known_gets_the_role_on_top() -> None:
    create("supervisor")
    user = create("admin", "ann.ek@EXAMPLE.com")
    assert user.name == "Ann Ek"
    assert set(user.role_grants.values_list("role", flat=True)) == {"supervisor", "admin"}


def test_without_a_password_only_a_mailed_code_opens() -> None:
    assert not create("support").has_usable_password()


def test_a_volunteer_helps_in_the_open_incident() -> None:
    people.incident()
    user = create("volunteer")
    assert may(actor_for(user, at=people.NOON), Act.PERSON_HELP)


def test_a_volunteer_whose_time_has_ended_is_not_brought_back() -> None:
    incident = people.incident()
    user = create("volunteer")
    Enlistment.objects.update(state="ended", ended_at=people.NOON)
    create("volunteer")
    assert Enlistment.objects.get(user=user, incident=incident).state == "ended"


def test_it_prints_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    create("auditor", "max@example.com", "--json")
    assert json.loads(capsys.readouterr().out)["roles"] == ["auditor"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--email", "nobody"], "is not an email address"),
        (["--email", "a@example.com", "--password-env", "NO_SUCH"], "is not set"),
        (["--email", "a@example.com", "--password-env", "SHORT"], "too short"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.setenv("SHORT", "Zx9!")
    with pytest.raises(CommandError, match=sentence):
        call_command("create_user", "--role", "admin", *arguments)
    assert not RoleGrant.objects.exists()
