"""Who opened which email is in the record, and who opens too many is slowed and told of.

The record itself is the count, so the limit holds across every worker and needs no second store.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from inbox.models import Conversation
from triage.accounts.policy import Actor
from triage.audit.actions import record
from triage.audit.models import AuditEvent
from triage.audit.pace import Deed, is_too_fast
from triage.notices.actions import end_alert, raise_alert
from triage.notices.models import Alert

ONCE_EVERY = timedelta(hours=1)
_CALM_AFTER = timedelta(hours=1)
_LOOKED_AT = 400  # events of one person: more than anybody leaves in ten minutes
_CAUSE = "pace:"


class TooFast(Exception):
    """This person opens more emails than one can read; the text says so kindly."""

    def __str__(self) -> str:
        return str(
            _(
                "You opened very many emails in a short time. Please take a few minutes, then go "
                "on. If you need more of them, ask your supervisor."
            )
        )


def check_pace(*, by: Actor, at: datetime) -> None:
    """Raises TooFast for whoever opens more emails than one can read, and tells the supervisors."""
    if not is_too_fast(_deeds(by), supervises=by.has("supervisor"), at=at):
        return
    raise_alert(
        cause=f"{_CAUSE}{by.id}",
        text=_(
            "%(name)s opened very many emails within ten minutes and is slowed now. Are they "
            "being copied? Please ask them."
        )
        % {"name": by.name},
        at=at,
    )
    raise TooFast


def note_view(*, conversation: Conversation, by: Actor, at: datetime) -> None:
    """Notes once an hour that this person read this conversation; raises TooFast."""
    seen = AuditEvent.objects.filter(
        subject_kind="conversation",
        subject_id=str(conversation.pk),
        actor_id=str(by.id),
        action="email.view",
        at__gt=at - ONCE_EVERY,
    )
    if seen.exists():
        return
    check_pace(by=by, at=at)
    with transaction.atomic():
        record(action="email.view", by=by, at=at, subject=conversation)


def note_reveal(
    *, conversation: Conversation, part: str, part_id: int, by: Actor, at: datetime
) -> None:
    """Notes that this person opened an attachment or the original; raises TooFast."""
    check_pace(by=by, at=at)
    with transaction.atomic():
        detail = {"part": part, "id": part_id}
        record(action="email.reveal", by=by, at=at, subject=conversation, detail=detail)


def end_calm(*, at: datetime) -> int:
    """Step: ends the alerts that somebody saw an hour ago; the next haste raises a new one."""
    calm = Alert.objects.filter(
        cause__startswith=_CAUSE, over_at=None, seen_at__lte=at - _CALM_AFTER
    )
    causes = list(calm.values_list("cause", flat=True))
    return sum(end_alert(cause=cause, at=at) for cause in causes)


def _deeds(by: Actor) -> list[Deed]:
    rows = AuditEvent.objects.filter(actor_id=str(by.id)).order_by("-pk")
    fields = rows.values_list("action", "subject_kind", "subject_id", "at")[:_LOOKED_AT]
    return [Deed(action=action, subject=(kind, pk), at=when) for action, kind, pk, when in fields]
