"""What anybody may read about an incident."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import formats, timezone

from triage.accounts.access import public
from triage.incidents.models import Incident
from triage.incidents.queries import public_sections, updates


@dataclass(frozen=True)
class Entry:
    """One dated entry: people quote it, so its time stands there in full, with the zone."""

    text: str
    iso: str
    shown: str


@public
def incident(request: HttpRequest, slug: str) -> HttpResponse:
    """Shows the incident's public page: what we know now, then what we said, newest first."""
    row = get_object_or_404(Incident, slug=slug)
    entries = [
        Entry(update.text, update.at.isoformat(), _in_full(update.at)) for update in updates(row.pk)
    ]
    context = {"incident": row, "sections": public_sections(row.pk), "updates": entries}
    return render(request, "public/incident.html", context)


def _in_full(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{formats.date_format(local, 'j F Y, H:i')} {local.tzname()}"
