"""The page of everyone who helps now, and what a supervisor does for one of them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from triage.accounts.access import actor_of, requires
from triage.accounts.models import User
from triage.accounts.policy import Act, Trust
from triage.board.holding_back import hold_back
from triage.board.people import SHOWN, open_queues, page
from triage.board.views.moving import remember
from triage.queues import actions
from triage.volunteers.actions import Refused, pause, resume, set_trust


@require_GET
@requires(Act.BOARD_STEER)
def index(request: HttpRequest) -> HttpResponse:
    """Shows who helps now, fifty at a time, by name."""
    sought, state, trust, after = (
        request.GET.get(name, "").replace("\0", "").strip()  # PostgreSQL takes no NUL
        for name in ("name", "state", "trust", "after")
    )
    found = page(
        name=sought,
        state=state,
        least_trust=int(trust) if trust.isdecimal() else 0,
        after=after,
    )
    further = request.GET.copy()
    further["after"] = found.after or ""
    context = {
        "page": found,
        "queues": open_queues(),
        "sought": sought,
        "state": state,
        "states": SHOWN,
        "levels": list(Trust),
        "trust": trust,
        "further": further.urlencode(),
        "now": timezone.now(),
    }
    return render(request, "board/people.html", context)


@require_POST
@requires(Act.BOARD_STEER)
def serve(request: HttpRequest, user_id: int) -> HttpResponse:
    """Lets one person serve one queue, or all of them."""
    person = get_object_or_404(User, pk=user_id)
    chosen = request.POST.get("queue", "")
    wanted = tuple(queue.pk for queue in open_queues() if str(queue.pk) == chosen)
    by, at = actor_of(request), timezone.now()
    try:
        operation_id = actions.rebalance(moves=[actions.Move(person.pk, wanted)], by=by, at=at)
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        remember(request, operation_id)
        name = person.get_full_name()
        messages.success(request, _("%(name)s was moved. The board can undo it.") % {"name": name})
    return redirect("board:people")


@require_POST
@requires(Act.BOARD_STEER)
def stand(request: HttpRequest, user_id: int) -> HttpResponse:
    """Asks a helper to pause, or lets them go on."""
    person = get_object_or_404(User, pk=user_id)
    by, at, name = actor_of(request), timezone.now(), {"name": person.get_full_name()}
    if request.POST.get("go_on"):
        done = resume(user_id=person.pk, by=by, at=at)
        said = _("%(name)s goes on.") if done else _("%(name)s goes on already.")
    else:
        done = pause(user_id=person.pk, by=by, at=at)
        said = (
            _("%(name)s gets no new emails, and may finish the one in their hands.")
            if done
            else _("There is nothing to pause for %(name)s.")
        )
    messages.info(request, said % name)
    return redirect("board:people")


@require_POST
@requires(Act.BOARD_STEER)
def stop(request: HttpRequest, user_id: int) -> HttpResponse:
    """Ends a helper's logins and rights at once, until they are let go on."""
    person = get_object_or_404(User, pk=user_id)
    done = hold_back(user_id=person.pk, by=actor_of(request), at=timezone.now())
    said = (
        _("%(name)s is stopped. Their email is back in its queue, and what they wrote is kept.")
        if done
        else _("There is nothing to stop for %(name)s.")
    )
    messages.info(request, said % {"name": person.get_full_name()})
    return redirect("board:people")


@require_POST
@requires(Act.BOARD_STEER)
def trust(request: HttpRequest, user_id: int) -> HttpResponse:
    """Changes how much of what a helper writes is read first."""
    person = get_object_or_404(User, pk=user_id)
    chosen, name = request.POST.get("trust", ""), {"name": person.get_full_name()}
    if chosen not in {str(level.value) for level in Trust}:
        return redirect("board:people")
    try:
        done = set_trust(
            user_id=person.pk, trust=Trust(int(chosen)), by=actor_of(request), at=timezone.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("board:people")
    said = _("Kept for %(name)s.") if done else _("Nothing changed for %(name)s.")
    messages.success(request, said % name)
    return redirect("board:people")
