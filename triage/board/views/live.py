"""The board itself: shown whole, asked for again every five seconds, and its short answers."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_GET, require_POST

from triage.accounts.access import actor_of, requires
from triage.accounts.policy import Act
from triage.board.forms import AnswerForm, ClearByForm
from triage.board.page import needed, page
from triage.notices.viewing import note_view
from triage.queues import actions
from triage.queues.models import Question
from triage.replies.actions import decide_unknown
from triage.replies.models import Reply


@require_GET
@requires(Act.BOARD_VIEW)
def show(request: HttpRequest) -> HttpResponse:
    """Shows the board, with the last move to undo for as long as it can be."""
    undo = request.session.get("rebalanced")
    at = timezone.now()
    if undo and at.timestamp() > undo["until"]:
        undo = None
    context = {"page": page(at=at), "now": at, "undo": undo, "clear_by": ClearByForm()}
    return render(request, "board/board.html", context)


@require_GET
@requires(Act.BOARD_VIEW)
@conditional_page
def live(request: HttpRequest) -> HttpResponse:
    """Gives the part of the board that changes; 304 while it has not."""
    at = timezone.now()
    return render(request, "board/_live.html", {"page": page(at=at), "now": at})


@require_GET
@requires(Act.BOARD_VIEW)
def people_needed(request: HttpRequest) -> HttpResponse:
    """Says how many people it takes to answer everything by a time."""
    at = timezone.now()
    form = ClearByForm(request.GET)
    by: datetime | None = form.moment(at) if form.is_valid() else None
    context: dict[str, object] = {"form": form, "by": by, "now": at}
    if by is not None:
        people, flow = needed(by=by, at=at)
        here = flow.headcount.everybody
        context |= {"people": people, "here": here, "more": max(0, (people or 0) - here)}
    return render(request, "board/people_needed.html", context)


@require_POST
@requires(Act.BOARD_STEER)
def release(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Brings an email that somebody holds back into its queue."""
    if actions.release(ticket_id=ticket_id, by=actor_of(request), at=timezone.now()):
        messages.success(request, _("The email is back in its queue. What was typed is kept."))
    else:
        messages.info(request, _("Nobody holds this email any more."))
    return redirect("board:show")


@require_POST
@requires(Act.BOARD_STEER)
def take_over(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Puts an email that somebody holds into the supervisor's own hands."""
    try:
        actions.take_over(ticket_id=ticket_id, by=actor_of(request), at=timezone.now())
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("board:show")
    return redirect("desk:show")


@requires(Act.QUESTION_ANSWER)
def question(request: HttpRequest, question_id: int) -> HttpResponse:
    """Shows a helper's question beside its email, and takes the answer."""
    rows = Question.objects.select_related("asked_by", "ticket__conversation")
    asked = get_object_or_404(rows, pk=question_id)
    by, at = actor_of(request), timezone.now()
    note_view(conversation=asked.ticket.conversation, by=by, at=at)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _answer(request, asked, form.cleaned_data["text"])
    return render(request, "board/question.html", {"question": asked, "form": form})


def _answer(request: HttpRequest, asked: Question, text: str) -> HttpResponse:
    try:
        actions.answer_question(
            question_id=asked.pk, text=text, by=actor_of(request), at=timezone.now()
        )
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your answer is on their page."))
    return redirect("board:show")


@require_POST
@requires(Act.REPLY_DECIDE)
def decide(request: HttpRequest, reply_id: int) -> HttpResponse:
    """Says of an answer whether it left, after somebody looked."""
    reply = get_object_or_404(Reply, pk=reply_id)
    went_out = request.POST.get("went_out") == "yes"
    try:
        decide_unknown(
            reply_id=reply.pk, went_out=went_out, by=actor_of(request), at=timezone.now()
        )
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("board:show")
