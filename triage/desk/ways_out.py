"""What a helper does with an email instead of answering it: pass on, ask, relabel, close, stop."""

from contextlib import suppress

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from triage.accounts.access import actor_of, requires
from triage.accounts.policy import Act, may
from triage.accounts.queries import lead_name
from triage.classification.actions import correct
from triage.desk.forms import AskForm, LabelForm, NoAnswerForm, PassOnForm, written
from triage.desk.page import elsewhere, keep, typed
from triage.queues import actions
from triage.queues.actions import PassReason, Refused
from triage.queues.models import Outcome
from triage.queues.queries import held_by
from triage.volunteers.actions import take_break


@require_POST
@requires(Act.DESK_VIEW)
def pass_on(request: HttpRequest) -> HttpResponse:
    """Asks for the one reason, then hands the email on; what is typed is kept first."""
    form = PassOnForm(request.POST if "reason" in request.POST else None)
    if not form.is_valid():
        return _aside(request, "desk/pass_on.html", form)
    reason = PassReason(form.cleaned_data["reason"])
    try:
        actions.pass_on(
            ticket_id=form.cleaned_data["email"],
            reason=reason,
            by=actor_of(request),
            at=timezone.now(),
        )
    except Refused as refusal:
        return elsewhere(request, refusal)
    if reason == PassReason.DANGEROUS:
        return redirect("desk:danger")
    messages.success(request, _passed_on_words(reason))
    return redirect("desk:show")


def _passed_on_words(reason: PassReason) -> str:
    """Gives the kind word after an email was handed on."""
    return {
        PassReason.UPSETS_ME: _(
            "Passed on. You need not say why. Next comes a kind one, if one is waiting."
        ),
        PassReason.KNOW_PERSON: _("Passed on to somebody who does not know them. Well spotted."),
    }.get(reason, _("Passed on, with what you wrote. Thank you for looking."))


@requires(Act.DESK_VIEW)
def danger(request: HttpRequest) -> HttpResponse:
    """Takes the email out of these hands to Safety at once, then says what to do and what not."""
    by = actor_of(request)
    if request.method != "POST":
        shown = {"lead": lead_name(), "may_claim": may(by, Act.PERSON_HELP)}
        return render(request, "desk/danger.html", shown)
    page = typed(request)
    try:
        actions.raise_danger(ticket_id=page.ticket_id, by=by, at=timezone.now())
    except Refused as refusal:
        return elsewhere(request, refusal)
    with suppress(Refused):  # it is with Safety now: what was typed is kept all the same
        keep(request, page)
    return redirect("desk:danger")


@require_POST
@requires(Act.DESK_VIEW)
def ask(request: HttpRequest) -> HttpResponse:
    """Asks an experienced colleague; the email stays here and the answer appears beside it."""
    form = AskForm(request.POST if "text" in request.POST else None)
    if not form.is_valid():
        return _aside(request, "desk/ask.html", form)
    try:
        actions.ask_a_pro(
            ticket_id=form.cleaned_data["email"],
            text=form.cleaned_data["text"],
            by=actor_of(request),
            at=timezone.now(),
        )
    except Refused as refusal:
        return elsewhere(request, refusal)
    messages.success(request, _("Asked. The answer will appear on this page."))
    return redirect("desk:show")


def _aside(request: HttpRequest, template: str, form: PassOnForm | AskForm) -> HttpResponse:
    """A question before the email goes on; what was typed on the page before is kept first."""
    page = typed(request)
    if page.slots:
        try:
            keep(request, page)
        except Refused as refusal:
            return elsewhere(request, refusal)
    form.initial["email"] = page.ticket_id
    return render(request, template, {"form": form, "email": page.ticket_id})


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
        actions.no_reply_needed(
            ticket_id=form.cleaned_data["email"],
            reason=Outcome.Reason(form.cleaned_data["reason"]),
            by=actor_of(request),
            at=timezone.now(),
        )
    except Refused as refusal:
        return elsewhere(request, refusal)
    messages.success(request, _("It is closed without an answer, with your reason."))
    return redirect("desk:show")


@require_POST
@requires(Act.DESK_VIEW)
def done(request: HttpRequest) -> HttpResponse:
    """Gives back what the person holds; asks once when they have begun to write."""
    page = written(request.POST)
    if page and page.slots:
        with suppress(Refused):  # what cannot be kept is not with them: they may go all the same
            keep(request, page)
        if page.has_own_words:
            return render(request, "desk/done.html", {"email": page.ticket_id})
    by, at = actor_of(request), timezone.now()
    actions.leave(by=by, at=at)
    take_break(by=by, at=at)
    messages.success(request, _("Thank you for your help. Come back whenever you like."))
    return redirect("desk:show")
