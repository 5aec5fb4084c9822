"""The links by which helpers join, and who came by them."""

from datetime import timedelta
from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from triage.accounts.access import actor_of, requires
from triage.accounts.policy import Act, Actor
from triage.allhands.forms import LinkForm
from triage.allhands.views.steps import open_one, page
from triage.incidents.models import Incident
from triage.queues.queries import open_queues
from triage.volunteers.actions import make_link, withdraw_link
from triage.volunteers.links import secret_of
from triage.volunteers.models import EnlistmentLink
from triage.volunteers.queries import newest_helpers


@requires(Act.LINK_MAKE)
@require_POST
def new_link(request: HttpRequest) -> HttpResponse:
    """Makes a join link and shows it."""
    actor, form = actor_of(request), LinkForm(request.POST)
    if not form.is_valid():
        return page(request, link_form=form, status=422)
    made = _make_link(form.cleaned_data, open_one(), actor)
    return redirect("allhands:link", made.pk)


def _make_link(wishes: dict[str, Any], incident: Incident, actor: Actor) -> EnlistmentLink:
    return make_link(
        incident_id=incident.pk,
        max_uses=wishes["max_uses"],
        expires_at=actor.at + timedelta(hours=wishes["hours"]),
        allowed_domains=wishes["domains"],
        queue_ids=wishes["queues"],
        languages=wishes["language"],
        note=wishes["note"],
        user_id=actor.id,
        by=actor,
        at=actor.at,
    )


@requires(Act.LINK_MAKE)
def link(request: HttpRequest, link_id: int) -> HttpResponse:
    """Shows a join link to copy, and as a picture for a poster or a screen."""
    row = get_object_or_404(EnlistmentLink, pk=link_id)
    address = settings.MUSTER_BASE_URL + reverse("joining:join", args=[secret_of(row)])
    picture = segno.make(address, micro=False).svg_data_uri(scale=6, border=4, light="#fff")
    queues = [queue.name for queue in open_queues() if queue.id in row.queue_ids]
    context = {"link": row, "address": address, "picture": picture, "queues": queues}
    return render(request, "allhands/link.html", context)


@requires(Act.LINK_MAKE)
@require_POST
def withdraw(request: HttpRequest, link_id: int) -> HttpResponse:
    """Closes a join link for good."""
    actor = actor_of(request)
    withdraw_link(link_id=get_object_or_404(EnlistmentLink, pk=link_id).pk, by=actor, at=actor.at)
    return redirect("allhands:show")


@requires(Act.LINK_MAKE)
@require_GET
def helpers(request: HttpRequest) -> HttpResponse:
    """Shows who joined last and how far each is."""
    incident = open_one()
    context = {"incident": incident, "people": newest_helpers(incident_id=incident.pk)}
    return render(request, "allhands/helpers.html", context)
