"""Work as rows with a due time: claimed in batches, due again by itself when a worker dies."""

from datetime import datetime, timedelta
from typing import TypeVar

from django.db import models, transaction

Row = TypeVar("Row", bound=models.Model)


def claim_due(
    rows: "models.QuerySet[Row]", *, at: datetime, limit: int, hold: timedelta
) -> list[Row]:
    """Gives up to `limit` rows whose `due_at` has come, each to one caller only.

    A claim moves `due_at` to `at + hold` in its own committed transaction: whoever is killed
    afterwards loses nothing, the row is simply due again. Rows come earliest due first. A model
    with an `attempts` field has it raised by one. Call it outside any transaction.
    """
    counted = any(field.name == "attempts" for field in rows.model._meta.concrete_fields)
    with transaction.atomic():
        claimed = list(
            rows.filter(due_at__lte=at)
            .order_by("due_at", "pk")
            .select_for_update(skip_locked=True, of=("self",))[:limit]
        )
        changes: dict[str, object] = {"due_at": at + hold}
        if counted:
            changes["attempts"] = models.F("attempts") + 1
        rows.model._default_manager.filter(pk__in=[row.pk for row in claimed]).update(**changes)
    for row in claimed:
        if counted:
            row.attempts += 1  # type: ignore[attr-defined]
    return claimed
