"""Pausing a queue, an answer or all sending, and how many people belong to a queue."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from triage.accounts.access import actor_of, requires
from triage.accounts.policy import Act
from triage.board.actions import pause_sending, resume_sending
from triage.board.forms import PeopleForm
from triage.queues import actions
from triage.queues.models import Queue
from triage.responses.actions import pause_response, resume_response
from triage.responses.models import Response
from triage.responses.queries import library


@requires(Act.BOARD_STEER)
def queue(request: HttpRequest, queue_id: int) -> HttpResponse:
    """Shows one queue: how many people belong there, and whether it is paused."""
    row = get_object_or_404(Queue, pk=queue_id)
    form = PeopleForm(request.POST or None, initial=PeopleForm.of(row))
    if request.method == "POST" and form.is_valid():
        return _set_people(request, row, form)
    return render(request, "board/queue.html", {"queue": row, "form": form})


def _set_people(request: HttpRequest, row: Queue, form: PeopleForm) -> HttpResponse:
    try:
        actions.set_people(
            queue_id=row.pk, **form.cleaned_data, by=actor_of(request), at=timezone.now()
        )
    except actions.Refused as refusal:
        form.add_error("target_people", str(refusal))
        return render(request, "board/queue.html", {"queue": row, "form": form})
    messages.success(request, _("Kept. Proposals follow it from now on."))
    return redirect("board:show")


@require_POST
@requires(Act.BOARD_STEER)
def pause_queue(request: HttpRequest, queue_id: int) -> HttpResponse:
    """Gives nobody an email from this queue from now on."""
    row = get_object_or_404(Queue, pk=queue_id)
    if actions.pause_queue(queue_id=row.pk, by=actor_of(request), at=timezone.now()):
        messages.success(request, _("Paused. What people hold stays with them."))
    else:
        messages.info(request, _("Somebody paused it a moment ago."))
    return redirect("board:show")


@require_POST
@requires(Act.BOARD_STEER)
def resume_queue(request: HttpRequest, queue_id: int) -> HttpResponse:
    """Lets a paused queue go on."""
    row = get_object_or_404(Queue, pk=queue_id)
    if actions.resume_queue(queue_id=row.pk, by=actor_of(request), at=timezone.now()):
        messages.success(request, _("The queue goes on."))
    else:
        messages.info(request, _("It goes on already."))
    return redirect("board:show")


@require_POST
@requires(Act.SENDING_PAUSE)
def sending(request: HttpRequest) -> HttpResponse:
    """Holds all answers that have not left, or lets them leave."""
    by, at = actor_of(request), timezone.now()
    if request.POST.get("go_on"):
        done = resume_sending(by=by, at=at)
        said = _("Answers leave again.") if done else _("Answers leave already.")
    else:
        done = pause_sending(by=by, at=at)
        said = _("No answer leaves now.") if done else _("Somebody paused it a moment ago.")
    messages.info(request, said)
    return redirect("board:show")


@requires(Act.RESPONSE_PAUSE)
def answers(request: HttpRequest) -> HttpResponse:
    """Shows the approved answers, each to be paused or used again."""
    shelves = [shelf for shelf in library() if shelf.approved]
    return render(request, "board/answers.html", {"shelves": shelves})


@require_POST
@requires(Act.RESPONSE_PAUSE)
def pause_answer(request: HttpRequest, response_id: int) -> HttpResponse:
    """Takes an answer out of everybody's list, or puts it back."""
    row = get_object_or_404(Response, pk=response_id)
    by, at = actor_of(request), timezone.now()
    if request.POST.get("go_on"):
        resume_response(response_id=row.pk, by=by, at=at)
        messages.success(request, _("“%(answer)s” can be used again.") % {"answer": row.name})
    else:
        pause_response(response_id=row.pk, by=by, at=at)
        messages.success(
            request,
            _("Nobody can send “%(answer)s” until you let it go on.") % {"answer": row.name},
        )
    return redirect("board:answers")
