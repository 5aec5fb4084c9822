"""Every mail is one line of JSON, also what could not be read."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inbox.models import Arrival, Attachment
from tests.factories import desk
from tests.factories.mail import NOON, arrival, message
from triage.reports.exporting import lines

pytestmark = pytest.mark.django_db

KEYS = [
    "id",
    "raw_sha256",
    "raw_size",
    "state",
    "reason",
    "message_id",
    "subject",
    "from_address",
    "from_name",
    "date",
    "received_at",
    "text",
    "new_text",
    "has_html",
    "attachments",
    "kind",
    "channel",
    "language",
    "conversation_id",
    "label",
    "topic",
    "tone",
    "queue",
    "outcome",
]


def test_messages_and_mails_set_aside_have_the_same_keys() -> None:
    Attachment.objects.create(
        message=message(), part_index=1, filename="a.pdf", content_type="x/y", size=3, sha256="ab"
    )
    arrival(state=Arrival.State.QUARANTINED, reason="too deep")
    told: list[dict[str, Any]] = list(lines(since=None))
    assert [list(line) for line in told] == [KEYS, KEYS]
    assert [line["state"] for line in told] == ["parsed", "quarantined"]
    assert told[0]["attachments"][0]["filename"] == "a.pdf"
    assert told[1]["reason"] == "too deep"


def test_a_waiting_mail_delivered_twice_is_one_line() -> None:
    for _ in range(2):
        arrival(state=Arrival.State.STORED, raw_sha256="ab" * 32)
    assert [line["state"] for line in lines(since=None)] == ["waiting"]


def test_the_queue_is_told_by_its_key() -> None:
    desk.ticket("other")
    assert [line["queue"] for line in lines(since=None)] == ["other"]


def test_since_leaves_out_what_came_before(capsys: pytest.CaptureFixture[str]) -> None:
    message(received_at=NOON - timedelta(days=2))
    late = message()
    call_command("export_messages", "--jsonl", "--since", (NOON - timedelta(days=1)).isoformat())
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["id"] for line in printed] == [f"message-{late.pk}"]


def test_the_number_of_statements_does_not_grow_with_the_mails() -> None:
    counts = []
    for _ in range(2):
        for _ in range(4):
            message()
        with CaptureQueriesContext(connection) as queries:
            list(lines(since=None))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_bytes_that_are_a_message_are_not_told_again_while_a_second_delivery_waits() -> None:
    row = message()
    arrival(state=Arrival.State.STORED, raw_sha256=row.raw_sha256)
    assert [line["state"] for line in lines(since=None)] == ["parsed"]
