"""The page of everyone who helps now, and what a supervisor does for one of them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from triage.accounts.access import actor_of, requires
from triage.accounts.models import User
from triage.accounts.policy import Act
from triage.board.people import SHOWN, open_queues, page
from triage.board.views.moving import remember
from triage.queues import actions


@require_GET
@requires(Act.BOARD_STEER)
def index(request: HttpRequest) -> HttpResponse:
    """Shows who helps now, fifty at a time, by name."""
    sought, state = request.GET.get("name", "").strip(), request.GET.get("state", "")
    trust = request.GET.get("trust", "")
    found = page(
        name=sought,
        state=state,
        least_trust=int(trust) if trust.isdecimal() else 0,
        after=request.GET.get("after", ""),
    )
    further = request.GET.copy()
    further["after"] = found.after or ""
    context = {
        "page": found,
        "queues": open_queues(),
        "sought": sought,
        "state": state,
        "states": SHOWN,
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
    wanted = (int(chosen),) if chosen.isdecimal() else ()
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
