"""Moving people between queues: proposed with its effect, applied, and undone for 30 seconds."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from triage.accounts.access import actor_of, requires
from triage.accounts.policy import Act
from triage.board.forms import MoveForm, moves_of
from triage.board.moving import open_queues, preview
from triage.queues import actions
from triage.queues.models import Queue
from triage.queues.queries import people

PAGE_OF_PEOPLE = 50
UNDO_SECONDS = 30


@requires(Act.BOARD_STEER)
def rebalance(request: HttpRequest) -> HttpResponse:
    """Shows who serves which queues, and moves people when asked."""
    at = timezone.now()
    everyone = people(at=at)
    queues = open_queues(at=at)
    if request.method == "POST":
        return _move(request, moves_of(request.POST, everyone, [line.id for line in queues]))
    sought = request.GET.get("name", "").strip()
    found = [person for person in everyone if sought.lower() in person.name.lower()]
    context = {
        "people": found[:PAGE_OF_PEOPLE],
        "left_out": max(0, len(found) - PAGE_OF_PEOPLE),
        "queues": queues,
        "sought": sought,
        "form": MoveForm(queues=queues),
    }
    return render(request, "board/rebalance.html", context)


def _move(request: HttpRequest, moves: list[actions.Move]) -> HttpResponse:
    at = timezone.now()
    try:
        operation_id = actions.rebalance(moves=moves, by=actor_of(request), at=at)
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("board:rebalance")
    remember(request, operation_id)
    return redirect("board:show")


@requires(Act.BOARD_STEER)
def move(request: HttpRequest) -> HttpResponse:
    """Shows what moving so many people from one queue to another changes, and does it."""
    at = timezone.now()
    form = MoveForm(request.GET, queues=Queue.objects.filter(kind=Queue.Kind.OPEN))
    if not form.is_valid():
        return render(request, "board/move.html", {"form": form})
    if request.method == "POST":
        return _move_people(request, form)
    context = {"form": form, "preview": preview(**form.cleaned_data, at=at), "now": at}
    return render(request, "board/move.html", context)


def _move_people(request: HttpRequest, form: MoveForm) -> HttpResponse:
    try:
        moved = actions.move_people(
            from_queue_id=form.cleaned_data["giver"],
            to_queue_id=form.cleaned_data["taker"],
            people=form.cleaned_data["people"],
            by=actor_of(request),
            at=timezone.now(),
        )
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("board:show")
    remember(request, moved.operation_id)
    text = ngettext("%(count)d person was moved.", "%(count)d people were moved.", moved.people)
    messages.success(request, text % {"count": moved.people})
    return redirect("board:show")


def remember(request: HttpRequest, operation_id: str) -> None:
    """Lets this supervisor undo a move for 30 seconds."""
    until = timezone.now().timestamp() + UNDO_SECONDS
    request.session["rebalanced"] = {"id": operation_id, "until": until}


@require_POST
@requires(Act.BOARD_STEER)
def undo(request: HttpRequest) -> HttpResponse:
    """Brings the people of the last move back to where they were, within 30 seconds."""
    at = timezone.now()
    last = request.session.pop("rebalanced", None)
    if last is None or at.timestamp() > last["until"]:
        messages.info(request, _("The time to undo is over. You can move them again."))
        return redirect("board:show")
    try:
        count = actions.undo_rebalance(operation_id=last["id"], by=actor_of(request), at=at)
    except actions.Refused as refusal:
        messages.info(request, str(refusal))
    else:
        text = ngettext("%(count)d person is back.", "%(count)d people are back.", count)
        messages.success(request, text % {"count": count})
    return redirect("board:show")
