"""Every page states what it needs; a page that states nothing is shown to nobody."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from triage.accounts.policy import NOTHING, Act, Actor, Subject, may

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class ActingRequest(Protocol):
    """A request as ActorMiddleware leaves it: with its person, or None for a stranger."""

    actor: Actor | None


def actor_of(request: HttpRequest) -> Actor:
    """Gives the person of this request; raises PermissionDenied when nobody is logged in."""
    actor = cast(ActingRequest, request).actor
    if actor is None:
        raise PermissionDenied
    return actor


def requires(act: Act) -> Callable[[View[P]], View[P]]:
    """Lets only those reach the view who may do `act`; strangers are asked to log in.

    For acts that depend on a subject (whose email, whose answer) use `for_some(act)` and call
    `check` in the view once the subject is known.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if cast(ActingRequest, request).actor is None:
                return redirect_to_login(request.get_full_path())
            check(request, act)
            return view(request, *args, **kwargs)

        return _stated(cast(View[P], guarded), act.value)

    return decorate


def for_some(act: Act) -> Callable[[View[P]], View[P]]:
    """Marks a view that itself calls `check(request, act, subject)` for the row it shows."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if cast(ActingRequest, request).actor is None:
                return redirect_to_login(request.get_full_path())
            return view(request, *args, **kwargs)

        return _stated(cast(View[P], guarded), f"{act.value} (of a subject)")

    return decorate


def public(view: View[P]) -> View[P]:
    """Marks a view that strangers may reach: login, join, the incident's page, health."""
    return _stated(view, "public")


def check(request: HttpRequest, act: Act, subject: Subject = NOTHING) -> Actor:
    """Gives the person when they may do `act` to `subject`; raises PermissionDenied otherwise."""
    actor = actor_of(request)
    if not may(actor, act, subject):
        raise PermissionDenied
    return actor


def _stated(view: View[P], need: str) -> View[P]:
    view.muster_need = need  # type: ignore[attr-defined]
    return view


# Pages of allauth that we mount in accounts/urls.py: the library guards them itself.
LIBRARY_PAGES = ("allauth.", "django.views.", "whitenoise.")


class DenyByDefaultMiddleware:
    """Refuses every view that does not state what it needs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., object], *_: object) -> None:
        """Raises PermissionDenied for a view without a stated need."""
        stated = hasattr(view, "muster_need")
        if not stated and not view.__module__.startswith(LIBRARY_PAGES):
            raise PermissionDenied
