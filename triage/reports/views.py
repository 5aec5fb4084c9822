"""The ledger for people, and health for machines."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from triage.accounts.access import public, requires
from triage.accounts.policy import Act
from triage.reports.ledger import ledger
from triage.reports.readiness import readiness


@require_safe
@requires(Act.LEDGER_VIEW)
def show_ledger(request: HttpRequest) -> HttpResponse:
    """Shows the promise, counted now."""
    at = timezone.now()
    return render(request, "reports/ledger.html", {"books": ledger(at=at), "now": at})


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
