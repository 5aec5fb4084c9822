"""The helper's screen: one person at a time, from "Help the next person" to Send."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from triage.accounts.access import actor_of, requires
from triage.accounts.policy import Act
from triage.classification.actions import correct
from triage.desk.forms import AskForm, LabelForm, NoAnswerForm, PassOnForm, Written, written
from triage.desk.queries import desk
from triage.queues import actions as queue_actions
from triage.queues.actions import NotAllowed, Refused
from triage.queues.models import Outcome
from triage.queues.queries import held_by
from triage.replies import actions as reply_actions
from triage.replies.models import Reply
from triage.replies.queries import sent_by
from triage.responses.blocks import BlockError


@require_GET
@requires(Act.DESK_VIEW)
def show(request: HttpRequest) -> HttpResponse:
    """Shows the email in the person's hands, or the button that brings the next one."""
    return _page(request, "desk/desk.html")


@require_POST
@requires(Act.PERSON_HELP)
def next_person(request: HttpRequest) -> HttpResponse:
    """Gives the person who waits longest into these hands."""
    if queue_actions.claim_next(by=actor_of(request), at=timezone.now()) is None:
        messages.info(request, _("Nobody is waiting right now. Thank you for being here."))
    return redirect("desk:show")


@require_POST
@requires(Act.DESK_VIEW)
def draft(request: HttpRequest) -> HttpResponse:
    """Keeps what is on the page; gives the word that it is kept, or the letter newly chosen."""
    page = _page_of(request)
    try:
        _keep(request, page)
    except Refused as refusal:
        return _elsewhere(request, refusal)
    fragment = request.headers.get("HX-Target", "")
    template = {"letter": "desk/_letter.html", "saved": "desk/_saved.html"}.get(fragment)
    if template is None:
        return redirect("desk:show")
    return _page(request, template)


@require_POST
@requires(Act.DESK_VIEW)
def send(request: HttpRequest) -> HttpResponse:
    """Releases the answer; it leaves when the time to undo is over."""
    page = _page_of(request)
    if page.version_id is None or page.seen_message_id is None:
        return _again(request, page, _("Please choose an approved answer first."))
    try:
        reply_actions.submit(
            ticket_id=page.ticket_id,
            version_id=page.version_id,
            slots=page.slots,
            submit_key=page.submit_key,
            seen_message_id=page.seen_message_id,
            by=actor_of(request),
            at=timezone.now(),
        )
    except BlockError as problem:
        return _again(request, page, str(problem))
    except Refused as refusal:
        return _elsewhere(request, refusal)
    return redirect("desk:show")


@require_POST
@requires(Act.DESK_VIEW)
def undo(request: HttpRequest, reply_id: int) -> HttpResponse:
    """Takes an answer back while it has not left."""
    reply = get_object_or_404(Reply, pk=reply_id)
    try:
        reply_actions.undo(reply_id=reply.pk, by=actor_of(request), at=timezone.now())
    except Refused as refusal:
        return _elsewhere(request, refusal)
    messages.success(request, _("It did not go out. Your words are here again."))
    return redirect("desk:show")


@require_POST
@requires(Act.DESK_VIEW)
def pass_on(request: HttpRequest) -> HttpResponse:
    """Asks for the one reason, then hands the email on; what is typed is kept first."""
    form = PassOnForm(request.POST if "reason" in request.POST else None)
    if not form.is_valid():
        return _aside(request, "desk/pass_on.html", form)
    try:
        queue_actions.pass_on(
            ticket_id=form.cleaned_data["email"],
            reason=queue_actions.PassReason(form.cleaned_data["reason"]),
            by=actor_of(request),
            at=timezone.now(),
        )
    except Refused as refusal:
        return _elsewhere(request, refusal)
    messages.success(request, _("Passed on, with what you wrote. Thank you for looking."))
    return redirect("desk:show")


@require_POST
@requires(Act.DESK_VIEW)
def ask(request: HttpRequest) -> HttpResponse:
    """Asks an experienced colleague; the email stays here and the answer appears beside it."""
    form = AskForm(request.POST if "text" in request.POST else None)
    if not form.is_valid():
        return _aside(request, "desk/ask.html", form)
    try:
        queue_actions.ask_a_pro(
            ticket_id=form.cleaned_data["email"],
            text=form.cleaned_data["text"],
            by=actor_of(request),
            at=timezone.now(),
        )
    except Refused as refusal:
        return _elsewhere(request, refusal)
    messages.success(request, _("Asked. The answer will appear beside the email."))
    return redirect("desk:show")


@require_POST
@requires(Act.DESK_VIEW)
def label(request: HttpRequest) -> HttpResponse:
    """Takes a better label for the email in these hands."""
    by, at = actor_of(request), timezone.now()
    form, held = LabelForm(request.POST), held_by(by.id, at)
    if form.is_valid() and held is not None and held.pk == form.cleaned_data["email"]:
        latest = held.conversation.messages.latest("pk")
        topic, tone = form.cleaned_data["topic"], form.cleaned_data["tone"]
        correct(
            message_id=latest.pk, topic=topic, tone=tone, by=by, at=at, holder_id=held.holder_id
        )
        messages.success(request, _("Thank you. The sorter learns from it."))
    return redirect("desk:show")


@require_POST
@requires(Act.EMAIL_BROWSE)
def no_answer(request: HttpRequest) -> HttpResponse:
    """Ends an email that needs no answer, for a reason of the closed list; the support team's."""
    form = NoAnswerForm(request.POST)
    if not form.is_valid():
        return redirect("desk:show")
    try:
        queue_actions.no_reply_needed(
            ticket_id=form.cleaned_data["email"],
            reason=Outcome.Reason(form.cleaned_data["reason"]),
            by=actor_of(request),
            at=timezone.now(),
        )
    except Refused as refusal:
        return _elsewhere(request, refusal)
    messages.success(request, _("It is closed without an answer, with your reason."))
    return redirect("desk:show")


@require_POST
@requires(Act.DESK_VIEW)
def done(request: HttpRequest) -> HttpResponse:
    """Gives back what the person holds; what they wrote is kept."""
    queue_actions.leave(by=actor_of(request), at=timezone.now())
    messages.success(request, _("Thank you for your help. What you wrote is kept."))
    return redirect("desk:show")


@require_GET
@requires(Act.DESK_VIEW)
def sent(request: HttpRequest) -> HttpResponse:
    """Shows the person what they themselves sent, newest first."""
    before = request.GET.get("before", "")
    page = sent_by(
        user_id=actor_of(request).id, before_id=int(before) if before.isdecimal() else None
    )
    return render(request, "desk/sent.html", {"page": page})


def _page(
    request: HttpRequest, template: str, *, problem: str = "", status: int = 200
) -> HttpResponse:
    shown = desk(by=actor_of(request), at=timezone.now())
    return render(request, template, {"desk": shown, "problem": problem}, status=status)


def _page_of(request: HttpRequest) -> Written:
    page = written(request.POST)
    if page is None:
        raise PermissionDenied
    return page


def _keep(request: HttpRequest, page: Written) -> None:
    reply_actions.save_draft(
        ticket_id=page.ticket_id,
        version_id=page.version_id,
        slots=page.slots,
        by=actor_of(request),
        at=timezone.now(),
    )


def _again(request: HttpRequest, page: Written, problem: str) -> HttpResponse:
    """The same page with what is wrong, and every word still in it."""
    try:
        _keep(request, page)
    except Refused as refusal:
        return _elsewhere(request, refusal)
    return _page(request, "desk/desk.html", problem=problem, status=422)


def _aside(request: HttpRequest, template: str, form: PassOnForm | AskForm) -> HttpResponse:
    """A question before the email goes on; what was typed on the page before is kept first."""
    page = _page_of(request)
    if page.slots:
        try:
            _keep(request, page)
        except Refused as refusal:
            return _elsewhere(request, refusal)
    form.initial["email"] = page.ticket_id
    return render(request, template, {"form": form, "email": page.ticket_id})


def _elsewhere(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Says kindly why it cannot be done any more, on the desk as it is now."""
    if isinstance(refusal, NotAllowed):
        raise PermissionDenied from refusal
    messages.warning(request, str(refusal))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect("desk:show")
