"""Logging somebody in by a way of our own: the second place that reaches into allauth's flow."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse

from triage.accounts.models import User


def log_in(request: HttpRequest, *, user: User, method: str, next_page: str) -> HttpResponse:
    """Gives the answer that logs this person in, or leads them to their second step first."""
    record_authentication(request, user, method=method)
    answer: HttpResponse = perform_login(request, Login(user=user, redirect_url=next_page))
    return answer
