"""Says kindly to somebody who opens emails faster than one can read that it is too fast."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from triage.notices.viewing import TooFast


class PaceMiddleware:
    """Turns TooFast, raised by any view, into a page that asks to wait."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Gives the page for TooFast; leaves every other error to whoever knows it."""
        if not isinstance(error, TooFast):
            return None
        return render(request, "429.html", {"problem": str(error)}, status=429)
