import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factories import desk, people
from triage.accounts.models import User
from triage.audit.actions import Step
from triage.audit.models import AuditEvent
from triage.incidents.actions import (
    AlreadyChanged,
    Refused,
    change_level,
    open_incident,
    post_update,
)
from triage.incidents.jobs import recover
from triage.incidents.levels import may_move
from triage.incidents.models import Incident, LevelChange
from triage.schedule import STEPS

pytestmark = pytest.mark.django_db
NOON = people.NOON
BY = Step("test")


@pytest.fixture
def ada() -> User:
    return people.person("ada")


def change(incident: Incident, to_level: str, version: int = 1) -> Incident:
    return change_level(
        incident_id=incident.pk, to_level=to_level, expected_version=version, by=BY, at=NOON
    )


@pytest.mark.parametrize(
    ("start", "end", "allowed"),
    [
        ("watch", "all-hands", True),
        ("elevated", "watch", True),
        ("all-hands", "recovery", True),
        ("recovery", "all-hands", True),
        ("all-hands", "watch", False),
        ("closed", "watch", False),
        ("watch", "recovery", False),
    ],
)
def test_levels_follow_one_another(start: str, end: str, allowed: bool) -> None:
    assert may_move(from_level=start, to_level=end) is allowed


def test_one_incident_is_open_at_a_time() -> None:
    open_incident(name="The breach", by=BY, at=NOON)
    with pytest.raises(Refused, match="open already"):
        open_incident(name="The outage", by=BY, at=NOON)


@pytest.mark.parametrize("name", ["", "  ", "x" * 121])
def test_an_incident_needs_a_name_that_fits(name: str) -> None:
    with pytest.raises(Refused, match="name"):
        open_incident(name=name, by=BY, at=NOON)


def test_two_incidents_of_one_name_have_their_own_pages() -> None:
    first = people.incident("closed")
    second = open_incident(name="The breach", by=BY, at=NOON)
    assert (first.slug, second.slug) == ("the-breach", "the-breach-2")


def test_a_change_is_kept_with_who_and_when() -> None:
    changed = change(people.incident("watch"), "elevated")
    assert (changed.level, changed.version, changed.level_since) == ("elevated", 2, NOON)
    assert LevelChange.objects.get().by_name == "Muster"
    assert AuditEvent.objects.get().detail["to"] == "elevated"


def test_who_saw_an_older_version_changes_nothing() -> None:
    incident = people.incident("watch")
    change(incident, "elevated")
    with pytest.raises(AlreadyChanged):
        change(incident, "watch", version=1)
    assert Incident.objects.get().level == "elevated"


def test_a_step_that_is_not_on_the_way_is_refused() -> None:
    with pytest.raises(Refused):
        change(people.incident("watch"), "recovery")


def test_all_hands_mode_becomes_recovery_by_itself_at_its_time() -> None:
    people.incident()
    assert recover(at=NOON + timedelta(hours=23)) == 0
    assert recover(at=NOON + timedelta(hours=24)) == 1
    assert recover(at=NOON + timedelta(hours=24)) == 0
    assert Incident.objects.get().level == "recovery"


def test_the_step_lapse_moves_it_to_recovery() -> None:
    people.incident(at=NOON - timedelta(days=2))
    Incident.objects.update(recovery_at=NOON - timedelta(days=1))
    assert STEPS["lapse"](at=NOON) == 1
    assert Incident.objects.get().level == "recovery"


def test_a_public_entry_leaves_one_event_without_its_words(ada: User) -> None:
    incident = people.incident("watch")
    post_update(incident_id=incident.pk, text="We know more.", user_id=ada.pk, by=BY, at=NOON)
    assert "We know more." not in str(AuditEvent.objects.values().get())


def test_the_command_opens_previews_switches_and_closes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    people.person("bob", "volunteer")
    call_command("incident", "open", "The breach")
    call_command("incident", "level", "all-hands", "--preview", "--json")
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["preview"]["to_bring_in"] == 1
    assert Incident.objects.get().level == "watch"
    call_command("incident", "level", "all-hands")
    call_command("incident", "close", "--json")
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["level"] == "closed"


def test_the_command_does_not_swallow_a_new_end_of_a_level_that_holds_already() -> None:
    call_command("incident", "open", "The breach")
    with pytest.raises(CommandError, match="already"):
        call_command("incident", "level", "watch", "--until", "2026-12-01")


def test_the_command_gives_all_hands_mode_another_end() -> None:
    call_command("incident", "open", "The breach")
    call_command("incident", "level", "all-hands")
    until = timezone.now() + timedelta(days=2)
    call_command("incident", "level", "all-hands", "--until", until.isoformat())
    assert Incident.objects.get().recovery_at == until


def test_the_command_previews_in_words_with_what_is_not_as_it_should_be(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("incident", "open", "The breach")
    capsys.readouterr()
    call_command("incident", "level", "all-hands", "--preview")
    said = capsys.readouterr().out
    assert "queues in which 0 emails wait." in said
    assert "But: Our own people have not been told yet." in said


def test_the_command_alone_needs_a_reason_where_two_are_needed() -> None:
    call_command("incident", "open", "The breach", "--two-persons")
    with pytest.raises(CommandError, match="--break-glass REASON"):
        call_command("incident", "level", "all-hands")
    call_command("incident", "level", "all-hands", "--break-glass", "Nobody else is awake.")
    assert LevelChange.objects.get().alone_because == "Nobody else is awake."


def test_the_command_closes_what_is_left_only_with_a_name() -> None:
    call_command("incident", "open", "The breach")
    desk.ticket()
    with pytest.raises(CommandError, match=r"People who wait for an answer: 1.*--sign NAME"):
        call_command("incident", "close")
    call_command("incident", "close", "--sign", "Ada")
    assert LevelChange.objects.get().left == {"open": 1}


def test_the_command_says_when_nothing_is_open() -> None:
    with pytest.raises(CommandError, match="No incident is open"):
        call_command("incident", "level", "elevated")
