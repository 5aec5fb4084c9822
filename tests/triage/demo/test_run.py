"""`manage.py run`: what a small installation consists of."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from triage.management.commands.run import children


def test_without_redis_three_programs_run() -> None:
    assert [child.name for child in children(8000)] == ["web", "watcher", "worker"]


def test_beside_redis_each_line_of_steps_has_a_worker(settings: Settings) -> None:
    settings.RQ_QUEUES = {"mail_in": {}, "mail_out": {}, "default": {}}
    names = [child.name for child in children(8000)]
    assert names[3:] == ["mail_in", "mail_out", "default"]


def test_a_port_that_is_none_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "http")
    with pytest.raises(CommandError, match="PORT: 'http' is no port"):
        call_command("run")
