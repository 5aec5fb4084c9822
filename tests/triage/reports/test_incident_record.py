"""One incident in one file, which proves itself and holds nothing of a mail."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from tests.factories import desk, people
from triage.allhands.actions import stand_down
from triage.audit.actions import Step
from triage.audit.models import AuditEvent
from triage.notices.viewing import note_view
from triage.volunteers.models import BriefingReceipt

pytestmark = pytest.mark.django_db


@pytest.fixture
def slug() -> str:
    """An incident of an hour ago with a briefing, a helper who read it, and an email read."""
    at = timezone.now() - timedelta(hours=1)
    incident, ada, ann = people.incident(at=at), people.person("ada"), people.person("ann")
    read = people.briefing(incident, ada, at=at)
    part = people.helper(ann, incident, at=at)
    BriefingReceipt.objects.create(enlistment=part, briefing=read, at=at)
    ticket = desk.ticket()
    note_view(conversation=ticket.conversation, by=desk.actor("Sue"), at=timezone.now())
    stand_down(
        incident_id=incident.pk,
        expected_version=incident.version,
        by=Step("test"),
        at=timezone.now(),
    )
    return incident.slug


def written(slug: str, tmp_path: Path) -> tuple[Path, list[dict[str, object]]]:
    path = tmp_path / "incident.jsonl"
    call_command("export_incident", slug, "--out", str(path))
    return path, [json.loads(line) for line in path.read_text().splitlines()]


def test_everything_but_the_mails_is_in_the_file(slug: str, tmp_path: Path) -> None:
    path, lines = written(slug, tmp_path)
    kinds = {str(line["kind"]) for line in lines}
    assert kinds >= {"export", "incident", "level", "briefing", "helper", "outcomes", "event"}
    helper = next(line for line in lines if line["kind"] == "helper")
    assert helper["receipts"] and helper["ended_at"]
    assert lines[-1]["kind"] == "head" and lines[-1]["head"]
    for word in ("card number", "dana@example.net", "Dana R."):
        assert word not in path.read_text()


def test_the_file_proves_itself(slug: str, tmp_path: Path) -> None:
    path, _ = written(slug, tmp_path)
    call_command("export_incident", "--check", str(path))


@pytest.mark.parametrize("harm", ["changed", "removed", "reordered", "cut"])
def test_a_file_that_was_touched_is_found_out(slug: str, tmp_path: Path, harm: str) -> None:
    path, lines = written(slug, tmp_path)
    places = [number for number, line in enumerate(lines) if line["kind"] == "event"]
    middle = places[1]
    match harm:
        case "changed":
            lines[middle]["actor_name"] = "Nobody"
        case "removed":
            del lines[middle]
        case "reordered":
            lines[middle], lines[middle + 1] = lines[middle + 1], lines[middle]
        case "cut":
            del lines[places[-1]]
    path.write_text("\n".join(json.dumps(line) for line in lines))
    with pytest.raises(CommandError, match="tampered with"):
        call_command("export_incident", "--check", str(path))


def test_taking_the_file_is_in_the_record(slug: str, client: Client) -> None:
    client.force_login(people.person("max"))
    answer = client.post(f"/audit/incidents/{slug}/file/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    lines = [json.loads(line) for line in answer.getvalue().splitlines()]
    assert lines[0]["incident"] == slug
    assert AuditEvent.objects.get(action="incident.export").actor_name == "Max"


def test_the_page_lists_incidents(slug: str, client: Client) -> None:
    client.force_login(people.person("max"))
    assert "The breach" in client.get("/audit/incidents/").content.decode()


def test_an_incident_nobody_knows_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no incident nothing"):
        call_command("export_incident", "nothing", "--out", str(tmp_path / "x"))
