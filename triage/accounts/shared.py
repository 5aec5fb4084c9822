"""A login on a computer that others use too: short, leaving nothing behind, gone in one press."""

import time
from collections.abc import Callable
from functools import wraps
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from triage.accounts.access import P, View

FIELD = "shared"  # the tick at every way to log in
IDLE_SECONDS = 15 * 60
_CHOSEN, _SEEN = "shared_computer", "shared_seen"
_NOTED_EVERY_SECONDS = 60


def asks_if_shared(view: View[P]) -> View[P]:
    """Lets a login form's tick be remembered until the login, however many steps it takes."""

    @wraps(view)
    def asking(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method == "POST" or FIELD in request.GET:
            note_choice(request)
        return view(request, *args, **kwargs)

    return cast(View[P], asking)


def note_choice(request: HttpRequest) -> None:
    """Keeps whether the form or link says that this computer is shared."""
    if request.POST.get(FIELD) or request.GET.get(FIELD):
        request.session[_CHOSEN] = True
    else:
        request.session.pop(_CHOSEN, None)


def is_shared(request: HttpRequest) -> bool:
    """Tells whether this login, or the one being made, is on a shared computer."""
    return bool(request.session.get(_CHOSEN))


def clears_the_browser(view: View[P]) -> View[P]:
    """Lets the browser forget what it kept of us once somebody has logged out.

    Clear-Site-Data, W3C; from a shared computer the cookies go too, the farewell among them.
    """

    @wraps(view)
    def clearing(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        kinds = '"cache", "cookies", "storage"' if is_shared(request) else '"cache", "storage"'
        answer = view(request, *args, **kwargs)
        if request.method == "POST":
            answer.headers["Clear-Site-Data"] = kinds
        return answer

    return cast(View[P], clearing)


class SharedComputerMiddleware:
    """Keeps nothing of what a shared computer is shown, and its login only while it is used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if is_shared(request):
            answer.headers["Cache-Control"] = "no-store"
            if request.user.is_authenticated and not _asks_by_itself(request):
                _stay(request)
        return answer


def _asks_by_itself(request: HttpRequest) -> bool:
    """Tells whether the page asked, not the person: a board left open must not stay logged in."""
    return request.method == "GET" and "HX-Request" in request.headers


def _stay(request: HttpRequest) -> None:
    """Puts the end off: whatever is saved now is thrown away 15 minutes from now."""
    if time.time() - request.session.get(_SEEN, 0) >= _NOTED_EVERY_SECONDS:
        request.session[_SEEN] = time.time()
        request.session.set_expiry(IDLE_SECONDS)
