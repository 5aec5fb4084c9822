"""Supervisors and admins hold all mail with one press, and let it go again."""

import pytest

from inbox.outbox import pause
from tests.factories.desk import NOON, actor
from triage.audit.models import AuditEvent
from triage.board.actions import pause_sending, resume_sending
from triage.queues.actions import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["supervisor", "admin"])
def test_sending_is_paused_and_goes_on(role: str) -> None:
    by = actor("Sam", role)
    assert pause_sending(by=by, at=NOON)
    assert not pause_sending(by=by, at=NOON)
    assert pause() is not None
    assert resume_sending(by=by, at=NOON)
    assert not resume_sending(by=by, at=NOON)
    said = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert list(said) == ["sending.pause", "sending.resume"]


def test_others_hold_nothing() -> None:
    with pytest.raises(NotAllowed):
        pause_sending(by=actor("Sue", "support"), at=NOON)
    assert pause() is None


def test_nothing_is_held_when_the_record_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("triage.board.actions.record", broken)
    with pytest.raises(RuntimeError):
        pause_sending(by=actor("Sam", "supervisor"), at=NOON)
    assert pause() is None
