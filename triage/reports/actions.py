"""What the reports slice writes: only that somebody took an incident's file."""

from datetime import datetime

from django.db import transaction

from triage.audit.actions import Doer, record
from triage.audit.jobs import seal_everything
from triage.incidents.models import Incident


def note_export(*, incident: Incident, by: Doer, at: datetime) -> None:
    """Notes who takes the file, and seals everything first, so that the file holds it all."""
    with transaction.atomic():
        record(action="incident.export", by=by, at=at, subject=incident)
    seal_everything(at=at)
