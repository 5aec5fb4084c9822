"""How often a secret may be tried: a few times at what is guessed at, very often from one address.

The narrow limits, at one account or code, are allauth's. The wide ones are shared by a whole office
and so must never make anybody wait for another: allauth guards each of its counts by a lock, and
refuses whoever does not get it within a second. Ours are plain counters that may lose a step.
"""

import time
from functools import wraps
from typing import cast

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from triage.accounts.access import P, View

WINDOW_SECONDS = 600
MOST_FROM_ONE_ADDRESS = 5_000
MOST_BY_ONE_WAY = 5_000


def capped(view: View[P]) -> View[P]:
    """Answers 429 where very many forms came from one address within ten minutes."""

    @wraps(view)
    def counting(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method == "POST" and not _counts(
            f"address:{ratelimit.get_ip(request)}", most=MOST_FROM_ONE_ADDRESS
        ):
            return render(request, "429.html", status=429)
        return view(request, *args, **kwargs)

    return cast(View[P], counting)


def may_send_code(request: HttpRequest, *, email: str) -> bool:
    """Tells whether this address may be mailed another code now, and counts the asking.

    The same limit as on the login page: a few per address mailed to.
    """
    return _at_account(request, action="request_login_code", key=email.lower())


def may_join(*, way: str) -> bool:
    """Tells whether this way in, such as `link:7`, may be used once more now; counts the asking."""
    return _counts(f"join:{way}", most=MOST_BY_ONE_WAY)


def may_try_printed(request: HttpRequest, *, serial: str) -> bool:
    """Tells whether this paper's code may be tried once more now, and counts the try.

    A few for each serial: who guesses at one code is stopped there, and nobody beside them.
    """
    return _at_account(request, action="printed_code", key=serial)


def _at_account(request: HttpRequest, *, action: str, key: str) -> bool:
    return bool(ratelimit.consume(request, app="allauth.account", action=action, key=key))


def _counts(what: str, *, most: int) -> bool:
    """Tells whether there is room in this window of ten minutes, and takes one place."""
    key = f"muster:limit:{what}:{int(time.time()) // WINDOW_SECONDS}"
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        return cache.incr(key) <= most
    except ValueError:  # thrown away between the two: then it has room
        return True
