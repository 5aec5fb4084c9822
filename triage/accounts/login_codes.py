"""Logging in by a code sent to one's mail: the one place that reaches into allauth's flow."""

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.core.internal import ratelimit
from django.http import HttpRequest

from triage.accounts.models import User


def may_send_code(request: HttpRequest, *, email: str) -> bool:
    """Tells whether this address may be sent another code now, and counts the asking.

    The same limit as on the login page: a few per address mailed to, many per machine, because a
    whole office may come from one.
    """
    usage = ratelimit.consume(
        request, app="allauth.account", action="request_login_code", key=email.lower()
    )
    return bool(usage)


def may_join(request: HttpRequest, *, way: str) -> bool:
    """Tells whether this way in, such as `link:7`, may be used once more now; counts the asking."""
    usage = ratelimit.consume(request, app="allauth.account", action="join", key=way)
    return bool(usage)


def may_try_printed(request: HttpRequest, *, serial: str) -> bool:
    """Tells whether this paper's code may be tried once more now, and counts the try.

    A few for each serial: who guesses at one code is stopped there, and nobody beside them.
    """
    usage = ratelimit.consume(request, app="allauth.account", action="printed_code", key=serial)
    return bool(usage)


def send_code(request: HttpRequest, *, user: User) -> None:
    """Mails a login code and remembers in the session whom it is for.

    The page at `account_confirm_login_code` takes it from there.
    """
    LoginCodeVerificationProcess.initiate(request=request, user=user, email=user.email)
