import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from inbox.failpoints import REGISTRY
from tests.triage.audit.test_seals import note, tamper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MUSTER_DATA_DIR = tmp_path  # no head noted by another test


def test_a_whole_record_is_said_to_be_whole(capsys: pytest.CaptureFixture[str]) -> None:
    note(), note()
    call_command("audit_verify", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["checked"], told["sealed_now"], told["faults"]) == (2, 2, [])


def test_a_tampered_record_ends_the_command_with_a_sentence() -> None:
    event = note()
    call_command("audit_verify")
    tamper(f"UPDATE audit_auditevent SET actor_name = 'Bob' WHERE id = {event.pk}")
    with pytest.raises(CommandError, match="was changed after it was recorded"):
        call_command("audit_verify")


def test_the_printed_head_finds_a_cut_tail(capsys: pytest.CaptureFixture[str]) -> None:
    event = note()
    call_command("audit_verify", "--json")
    head = json.loads(capsys.readouterr().out)["head"]
    tamper(f"DELETE FROM audit_auditseal WHERE event_id = {event.pk}")
    tamper(f"DELETE FROM audit_auditevent WHERE id = {event.pk}")
    with pytest.raises(CommandError, match="its tail was cut"):
        call_command("audit_verify", "--head", head)


def test_a_head_that_is_none_is_wrong_usage() -> None:
    with pytest.raises(CommandError, match="SEQUENCE:HASH"):
        call_command("audit_verify", "--head", "nonsense")


def test_failpoints_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("failpoints", "--json")
    assert set(json.loads(capsys.readouterr().out)["failpoints"]) == REGISTRY
