"""The supervisors' screen: who waits, who answers, what needs a hand, and moving people."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import conditional_page, require_GET, require_POST

from triage.accounts.access import actor_of, requires
from triage.accounts.policy import Act
from triage.board.chart import draw
from triage.board.forms import AnswerForm, moves_of
from triage.board.queries import attention, hours
from triage.queues import actions
from triage.queues.models import Question
from triage.queues.queries import board, people
from triage.replies.actions import decide_unknown
from triage.replies.models import Reply

PAGE_OF_PEOPLE = 50


@require_GET
@requires(Act.BOARD_VIEW)
def show(request: HttpRequest) -> HttpResponse:
    """Shows the board, with the last move to undo for as long as it can be."""
    undo = request.session.get("rebalanced")
    at = timezone.now()
    if undo and at.timestamp() > undo["until"]:
        undo = None
    return render(request, "board/board.html", {**_now(), "undo": undo})


@require_GET
@requires(Act.BOARD_VIEW)
@conditional_page
def live(request: HttpRequest) -> HttpResponse:
    """Gives the part of the board that changes; 304 while it has not."""
    return render(request, "board/_live.html", _now())


def _now() -> dict[str, object]:
    at = timezone.now()
    now = board(at=at)
    return {
        "board": now,
        "attention": attention(now=now),
        "chart": draw(hours(at=at)),
        "now": at,
    }


@requires(Act.BOARD_STEER)
def rebalance(request: HttpRequest) -> HttpResponse:
    """Shows who serves which queues, and moves people when asked."""
    at = timezone.now()
    everyone = people(at=at)
    queues = [line for line in board(at=at).queues if not line.is_lane]
    if request.method == "POST":
        return _move(request, moves_of(request.POST, everyone, [line.id for line in queues]))
    sought = request.GET.get("name", "").strip()
    found = [person for person in everyone if sought.lower() in person.name.lower()]
    shown = {"people": found[:PAGE_OF_PEOPLE], "left_out": max(0, len(found) - PAGE_OF_PEOPLE)}
    return render(request, "board/rebalance.html", {**shown, "queues": queues, "sought": sought})


def _move(request: HttpRequest, moves: list[actions.Move]) -> HttpResponse:
    at = timezone.now()
    try:
        operation_id = actions.rebalance(moves=moves, by=actor_of(request), at=at)
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("board:rebalance")
    request.session["rebalanced"] = {"id": operation_id, "until": at.timestamp() + 30}
    return redirect("board:show")


@require_POST
@requires(Act.BOARD_STEER)
def undo(request: HttpRequest) -> HttpResponse:
    """Brings the people of the last move back to where they were."""
    last = request.session.pop("rebalanced", {"id": ""})
    try:
        count = actions.undo_rebalance(
            operation_id=last["id"], by=actor_of(request), at=timezone.now()
        )
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        text = ngettext("%(count)d person is back.", "%(count)d people are back.", count)
        messages.success(request, text % {"count": count})
    return redirect("board:show")


@require_POST
@requires(Act.BOARD_STEER)
def release(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Brings an email that somebody holds back into its queue."""
    actions.release(ticket_id=ticket_id, by=actor_of(request), at=timezone.now())
    messages.success(request, _("The email is back in its queue. What was typed is kept."))
    return redirect("board:show")


@requires(Act.QUESTION_ANSWER)
def question(request: HttpRequest, question_id: int) -> HttpResponse:
    """Shows a helper's question beside its email, and takes the answer."""
    asked = get_object_or_404(Question.objects.select_related("asked_by", "ticket"), pk=question_id)
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
