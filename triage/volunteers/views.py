"""Before the first email: one page to read, how to sign, the promise; and what changed since."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from triage.accounts.access import actor_of, requires
from triage.accounts.models import User
from triage.accounts.policy import Act, Actor
from triage.incidents.queries import briefing_page
from triage.volunteers import actions
from triage.volunteers.forms import PromiseForm
from triage.volunteers.models import Enlistment
from triage.volunteers.queries import OpenIncident, Standing, part_of, signed_so_far

State = Enlistment.State


@requires(Act.BRIEFING_READ)
def briefing(request: HttpRequest) -> HttpResponse:
    """Shows the one page to read first; a newcomer's yes to it leads on to signing."""
    actor, incident = actor_of(request), _incident(request)
    if actor.helping and actor.helping.state == State.INVITED:
        return redirect("/joined/")
    waits = actor.helping is not None and incident is not None
    if incident and actor.helping and actor.helping.state == State.CONFIRMED:
        actions.open_briefing(user_id=actor.id, incident_id=incident.id, by=actor, at=actor.at)
    if request.method == "POST" and waits:
        return _acknowledge(request, actor)
    context = {
        "briefing": briefing_page(incident.id if incident else 0),
        "incident": incident,
        "waits": waits,
        "is_ready": actor.helping is not None and actor.helping.briefed,
    }
    return render(request, "volunteers/briefing.html", context)


@requires(Act.BRIEFING_READ)
def sign(request: HttpRequest) -> HttpResponse:
    """Asks how the helper signs and for the one promise; practice comes next."""
    actor, user, incident = actor_of(request), cast(User, request.user), _incident(request)
    part = part_of(actor.id)
    if incident is None or part is None:
        return redirect("volunteers:briefing")
    given = request.POST if request.method == "POST" else None
    form = PromiseForm(given, initial=signed_so_far(user, part))
    if given is None or not form.is_valid():
        status = 200 if given is None else 422
        context = {"form": form, "incident": incident}
        return render(request, "volunteers/sign.html", context, status=status)
    try:
        kept = actions.promise(
            user=user, incident_id=incident.id, signing=form.signing(), by=actor, at=actor.at
        )
    except actions.Refused:
        return redirect("volunteers:briefing")
    return redirect(_next_page(kept))


@requires(Act.BRIEFING_READ)
def read_again(request: HttpRequest) -> HttpResponse:
    """Shows what changed, in one line, and takes the word that it was read; then back to work."""
    actor, incident = actor_of(request), _incident(request)
    if incident is None or actor.helping is None or not actor.helping.must_read_again:
        return redirect("/desk/")
    if request.method == "POST":
        return _acknowledge(request, actor)
    return render(request, "volunteers/read_again.html", {"incident": incident})


def _incident(request: HttpRequest) -> OpenIncident | None:
    return cast(Standing, request.standing).incident  # type: ignore[attr-defined]


def _acknowledge(request: HttpRequest, actor: Actor) -> HttpResponse:
    incident = _incident(request)
    assert incident is not None
    seen = request.POST.get("seen", "")
    try:
        part = actions.acknowledge_briefing(
            user_id=actor.id,
            incident_id=incident.id,
            seen=int(seen) if seen.isdecimal() and len(seen) < 9 else None,
            by=actor,
            at=actor.at,
        )
    except Enlistment.DoesNotExist as ended:  # everybody was stood down this very moment
        raise PermissionDenied from ended
    return redirect(_next_page(part))


def _next_page(part: Enlistment) -> str:
    return {
        State.BRIEFING: "volunteers:sign",
        State.PRACTISING: "volunteers:practice",
    }.get(State(part.state), "/desk/")
