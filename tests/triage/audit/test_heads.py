from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from inbox.models import OutboundMessage
from tests.factories import people
from tests.triage.audit.test_seals import note, tamper
from triage.audit.chain import Head
from triage.audit.heads import NoHead, heads_in, noted_heads, write_head
from triage.audit.jobs import chain_head, seal
from triage.audit.models import AuditEvent
from triage.notices import heads

NOON = people.NOON
HEAD = Head(sequence=12, hash="ab" * 32)


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MUSTER_DATA_DIR = tmp_path


def test_a_day_has_one_head_and_the_first_stands(tmp_path: Path) -> None:
    later = Head(sequence=13, hash="cd" * 32)
    assert write_head(HEAD, folder=tmp_path, at=NOON)
    assert not write_head(later, folder=tmp_path, at=NOON + timedelta(hours=1))
    assert write_head(later, folder=tmp_path, at=NOON + timedelta(days=1))
    assert noted_heads(tmp_path) == [HEAD, later]


def test_heads_are_found_in_a_saved_mail() -> None:
    assert heads_in(f"Subject: the seal\n\nKeep it:\n\n{HEAD}\n\nBye") == [HEAD]
    with pytest.raises(NoHead):
        heads_in("12:abc")


@pytest.mark.django_db
def test_each_day_the_head_goes_into_a_file_and_to_the_auditors(tmp_path: Path) -> None:
    people.person("max")
    note()
    seal(at=NOON)
    head = chain_head()
    assert heads.note_head(at=NOON) == 1
    assert heads.note_head(at=NOON) == 0
    assert noted_heads(tmp_path / "audit-heads") == [head]
    mail = OutboundMessage.objects.get(recipient="max@example.com")
    assert str(head).encode() in bytes(mail.content)
    assert AuditEvent.objects.get(action="audit.head").detail["sequence"] == 1


@pytest.mark.django_db
def test_the_noted_head_finds_a_cut_tail_without_being_asked(tmp_path: Path) -> None:
    event = note()
    seal(at=NOON)
    heads.note_head(at=NOON)
    tamper(
        f"DELETE FROM audit_auditseal WHERE event_id = {event.pk}",
        f"DELETE FROM audit_auditevent WHERE id = {event.pk}",
    )
    with pytest.raises(CommandError, match=r"tail was cut|written anew"):
        call_command("audit_verify")
    saved = tmp_path / "mail.eml"
    saved.write_text((tmp_path / "audit-heads" / "2026-11-21.json").read_text())
    with pytest.raises(CommandError, match=r"tail was cut|written anew"):
        call_command("audit_verify", "--head", str(saved))
