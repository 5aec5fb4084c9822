"""Somebody new who proved who they are at the company's own login."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from triage.accounts.access import public
from triage.accounts.company import ARRIVED
from triage.accounts.entering import log_in
from triage.accounts.models import RoleGrant
from triage.accounts.queries import first_name_of
from triage.joining.actions import Arrival, arrive
from triage.volunteers.links import LinkClosed


@public
def company(request: HttpRequest) -> HttpResponse:
    """Counts in whoever's address is one of ours; everybody else waits for an admin's yes."""
    said = request.session.pop(ARRIVED, None)
    if said is None:
        return redirect("accounts:front")
    arrival = Arrival(email=said["email"], name=said["name"])
    try:
        came = arrive(arrival=arrival, domains=settings.MUSTER_OIDC_DOMAINS, at=timezone.now())
    except LinkClosed as closed:
        return render(request, "joining/link_closed.html", {"reason": str(closed)}, status=410)
    if came.user is not None:
        return log_in(request, user=came.user, method="company_login", next_page="/briefing/")
    context = {"asked": came.request, "admin_name": first_name_of(RoleGrant.Role.ADMIN)}
    return render(request, "joining/asked.html", context)
