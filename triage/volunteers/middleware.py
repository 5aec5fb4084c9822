"""Gives every request its person, and leads those who may not go on yet, or no longer, kindly."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from triage.accounts.policy import Act, Actor
from triage.volunteers.farewell import farewell_for, held_back_by, remember
from triage.volunteers.models import Enlistment
from triage.volunteers.queries import Standing, standing_of

# Where somebody who is not ready yet may go.
_OPEN_BEFORE_READY = {"public", Act.OWN_ACCOUNT.value, Act.BRIEFING_READ.value}
_NOT_READY = {
    Enlistment.State.INVITED,
    Enlistment.State.CONFIRMED,
    Enlistment.State.BRIEFING,
    Enlistment.State.PRACTISING,
}


class ActorMiddleware:
    """Sets `request.actor` (None for a stranger) and `request.standing`; the clock is read here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        standing = _standing(request)
        actor = standing.actor if standing else None
        request.standing = standing  # type: ignore[attr-defined]
        request.actor = actor  # type: ignore[attr-defined]
        response = self.get_response(request)
        if actor is not None:
            remember(request, response, actor)
            if response.status_code == 403 and _is_fragment(request):
                _open_the_page(request, response, actor)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], *_: object
    ) -> HttpResponse | None:
        """Answers in place of the view where a plain refusal or login page would be rude."""
        need = getattr(view, "muster_need", "public")
        if need == "public":
            return None
        standing: Standing | None = request.standing  # type: ignore[attr-defined]
        if standing is None:
            return _instead_of_login(request)
        if standing.needs_second_factor and need != Act.OWN_ACCOUNT.value:
            return redirect("mfa_activate_totp")
        if _is_not_ready(standing.actor) and (need not in _OPEN_BEFORE_READY or _is_front(request)):
            return redirect(_next_step(standing.actor))
        if need == Act.PERSON_HELP.value and _must_read_again(standing.actor):
            return redirect("volunteers:read_again")
        return None


def _standing(request: HttpRequest) -> Standing | None:
    if not request.user.is_authenticated:
        return None
    return standing_of(request.user, at=timezone.now())


def _is_front(request: HttpRequest) -> bool:
    return request.path == reverse("accounts:front")


def _next_step(actor: Actor) -> str:
    is_practising = actor.helping and actor.helping.state == Enlistment.State.PRACTISING
    return "volunteers:practice" if is_practising else "volunteers:briefing"


def _must_read_again(actor: Actor) -> bool:
    return actor.helping is not None and actor.helping.must_read_again


def _is_not_ready(actor: Actor) -> bool:
    helping = actor.helping
    return (
        not actor.roles - {"volunteer"}
        and helping is not None
        and helping.state in _NOT_READY
        and actor.at < helping.until
    )


def _instead_of_login(request: HttpRequest) -> HttpResponse | None:
    if _is_fragment(request):
        # htmx would put a whole login page into a corner of this one: let the browser go there.
        here = request.headers.get("HX-Current-URL", "/")
        return HttpResponse(status=403, headers={"HX-Redirect": _path_of(here)})
    if farewell_for(request, None) or held_back_by(request, None):
        return render(request, "403.html", status=403)
    return None


def _is_fragment(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers


def _open_the_page(request: HttpRequest, response: HttpResponse, actor: Actor) -> None:
    """Lets the browser of a former helper open the whole kind page: htmx shows no refused part."""
    if farewell_for(request, actor):
        response.headers["HX-Redirect"] = _path_of(request.headers.get("HX-Current-URL", "/"))


def _path_of(url: str) -> str:
    return urlsplit(url).path or "/"
