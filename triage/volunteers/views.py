"""One page to read before the first email."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from triage.accounts.access import actor_of, requires
from triage.accounts.actions import name_person
from triage.accounts.models import User
from triage.accounts.policy import Act, Actor
from triage.incidents.queries import briefing_page
from triage.volunteers import actions
from triage.volunteers.forms import ReadyForm
from triage.volunteers.models import Enlistment
from triage.volunteers.queries import Standing


@requires(Act.BRIEFING_READ)
def briefing(request: HttpRequest) -> HttpResponse:
    """Shows the one page to read first; a newcomer's yes to it opens the desk."""
    actor, user = actor_of(request), cast(User, request.user)
    standing = cast(Standing, request.standing)  # type: ignore[attr-defined]
    if actor.helping and actor.helping.state == Enlistment.State.INVITED:
        return redirect("/joined/")
    if standing.incident:
        _note_opening(actor, standing.incident.id)
    form = ReadyForm(request.POST or None, initial={"shown_name": user.shown_name})
    waits = actor.helping is not None and standing.incident is not None
    if request.method == "POST" and waits and form.is_valid():
        return _ready(request, standing, form.cleaned_data["shown_name"])
    incident_id = standing.incident.id if standing.incident else 0
    context = {
        "briefing": briefing_page(incident_id),
        "incident": standing.incident,
        "form": form if waits else None,
        "is_ready": actor.helping is not None and actor.helping.briefed,
    }
    return render(request, "volunteers/briefing.html", context)


def _note_opening(actor: Actor, incident_id: int) -> None:
    if actor.helping and actor.helping.state == Enlistment.State.CONFIRMED:
        actions.open_briefing(user_id=actor.id, incident_id=incident_id, by=actor, at=actor.at)


def _ready(request: HttpRequest, standing: Standing, shown_name: str) -> HttpResponse:
    actor, user = standing.actor, cast(User, request.user)
    assert standing.incident is not None
    if shown_name != user.shown_name:
        name = user.name or shown_name
        name_person(user=user, name=name, shown_name=shown_name, by=actor, at=actor.at)
    try:
        actions.acknowledge_briefing(
            user_id=user.pk, incident_id=standing.incident.id, by=actor, at=actor.at
        )
    except Enlistment.DoesNotExist as ended:  # everybody was stood down this very moment
        raise PermissionDenied from ended
    return redirect("/desk/")
