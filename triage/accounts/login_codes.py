"""Logging in by a code sent to one's mail: the one place that reaches into allauth's flow."""

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from django.http import HttpRequest

from triage.accounts.models import User


def send_code(request: HttpRequest, *, user: User) -> None:
    """Mails a login code and remembers in the session whom it is for.

    The page at `account_confirm_login_code` takes it from there.
    """
    LoginCodeVerificationProcess.initiate(request=request, user=user, email=user.email)
