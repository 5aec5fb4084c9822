"""The admin's pages about those who want to come in from outside."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from triage.accounts.access import actor_of, requires
from triage.accounts.policy import Act
from triage.joining.actions import answer_request
from triage.volunteers.models import JoinRequest
from triage.volunteers.queries import join_requests


@requires(Act.JOIN_DECIDE)
def requests(request: HttpRequest) -> HttpResponse:
    """Shows who waits for a yes, and whom somebody has answered."""
    return render(request, "joining/requests.html", {"asked": join_requests()})


@requires(Act.JOIN_DECIDE)
@require_POST
def say_yes(request: HttpRequest, request_id: int) -> HttpResponse:
    """Lets somebody from outside in: they are mailed their own link."""
    return _answer(request, request_id, granted=True)


@requires(Act.JOIN_DECIDE)
@require_POST
def say_no(request: HttpRequest, request_id: int) -> HttpResponse:
    """Keeps somebody from outside out, and mails them why."""
    return _answer(request, request_id, granted=False)


def _answer(request: HttpRequest, request_id: int, *, granted: bool) -> HttpResponse:
    actor, asked = actor_of(request), get_object_or_404(JoinRequest, pk=request_id)
    answer_request(request_id=asked.pk, granted=granted, user_id=actor.id, by=actor, at=actor.at)
    return redirect("joining:requests")
