"""Writing the record: one event per action, in the action's own transaction."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import uuid4

from django.db import models, transaction

from triage.audit.models import AuditEvent


class Doer(Protocol):
    """Who does something: a person's Actor, or a Step."""

    @property
    def id(self) -> int | str: ...

    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Step:
    """Muster itself, doing due work: `Step("settle")`."""

    step: str

    @property
    def id(self) -> str:
        """Gives the name under which the step stands in the record."""
        return f"step:{self.step}"

    @property
    def name(self) -> str:
        """Gives the name people read."""
        return "Muster"


class OutsideTransaction(RuntimeError):
    """An event was to be recorded without the transaction of what it records."""


def new_operation() -> str:
    """Gives a fresh id that ties the events of one composed action together."""
    return uuid4().hex


def record(
    *,
    action: str,
    by: Doer,
    at: datetime,
    subject: models.Model | None = None,
    detail: Mapping[str, Any] | None = None,
    operation_id: str = "",
) -> AuditEvent:
    """Adds one event to the record; call it inside the transaction of what it tells.

    `action` is dotted, such as `ticket.claim`. `detail` holds ids, counts and choices, never words
    of a mail. Raises OutsideTransaction when there is none: a write must not succeed unrecorded.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(action)
    event = AuditEvent(
        at=at,
        actor_id=str(by.id),
        actor_name=by.name,
        action=action,
        subject_kind=subject._meta.model_name or "" if subject else "",
        subject_id=str(subject.pk) if subject else "",
        detail=dict(detail or {}),
        operation_id=operation_id,
    )
    event.digest = digest(event)
    event.save(force_insert=True)
    return event


def digest(event: AuditEvent) -> str:
    """Gives the sha256 (hex) over every field of an event but its id and the digest itself."""
    told = [
        event.at.astimezone(UTC).isoformat(),
        event.actor_id,
        event.actor_name,
        event.action,
        event.subject_kind,
        event.subject_id,
        event.detail,
        event.operation_id,
    ]
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
