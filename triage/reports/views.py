"""The ledger and the files of incidents for people, and health for machines."""

import json
from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from triage.accounts.access import actor_of, public, requires
from triage.accounts.policy import Act
from triage.incidents.models import Incident
from triage.reports.actions import note_export
from triage.reports.incident_record import lines
from triage.reports.ledger import ledger
from triage.reports.readiness import readiness


@require_safe
@requires(Act.LEDGER_VIEW)
def show_ledger(request: HttpRequest) -> HttpResponse:
    """Shows the promise, counted now."""
    at = timezone.now()
    return render(request, "reports/ledger.html", {"books": ledger(at=at), "now": at})


@require_safe
@requires(Act.INCIDENT_EXPORT)
def incidents(request: HttpRequest) -> HttpResponse:
    """Lists every incident, the newest first, each with its file."""
    rows = Incident.objects.order_by("-pk")[:100]
    return render(request, "reports/incidents.html", {"incidents": rows})


@require_POST
@requires(Act.INCIDENT_EXPORT)
def incident_file(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Hands out one incident as one file, line by line."""
    incident, at = get_object_or_404(Incident, slug=slug), timezone.now()
    note_export(incident=incident, by=actor_of(request), at=at)
    told = (json.dumps(line, ensure_ascii=False) + "\n" for line in lines(incident=incident, at=at))
    name = f'attachment; filename="incident-{incident.slug}.jsonl"'
    headers = {"Content-Disposition": name, "X-Content-Type-Options": "nosniff"}
    return StreamingHttpResponse(told, content_type="application/jsonl", headers=headers)


@public
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Says that this process answers, and nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@public
@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Says whether database, Redis and mailboxes answer: 200, or 503 with what does not."""
    found = readiness(at=timezone.now())
    return JsonResponse(asdict(found), status=200 if found.is_ready else 503)
