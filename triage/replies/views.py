"""Reading answers before they go: one at a time, the one that waits longest first."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from triage.accounts.access import actor_of, check, for_some, requires
from triage.accounts.policy import Act, may
from triage.queues.actions import NotAllowed, Refused
from triage.replies import actions
from triage.replies.forms import ApproveForm, ModeForm, ReturnForm
from triage.replies.models import Review, ReviewMode
from triage.replies.review_queries import (
    opened_by,
    review_backlog,
    subject_of_review,
    waiting_for,
)


@require_GET
@requires(Act.REPLY_REVIEW)
def show(request: HttpRequest) -> HttpResponse:
    """Shows the answer this person has open, or how many wait to be read."""
    return _page(request)


@require_POST
@requires(Act.REPLY_REVIEW)
def open_next(request: HttpRequest) -> HttpResponse:
    """Gives the answer that waits longest into these hands."""
    if actions.open_next(by=actor_of(request), at=timezone.now()) is None:
        messages.info(request, _("Nothing waits to be read right now."))
    return redirect("review:show")


@require_POST
@requires(Act.REPLY_REVIEW)
def put_down(request: HttpRequest) -> HttpResponse:
    """Leaves the open answer to another colleague."""
    actions.put_down(by=actor_of(request), at=timezone.now())
    return redirect("review:show")


@require_POST
@for_some(Act.REPLY_REVIEW)
def approve(request: HttpRequest, review_id: int) -> HttpResponse:
    """Lets the answer go."""
    review, form = _checked(request, review_id), ApproveForm(request.POST)
    if not form.is_valid():
        return _page(request, approve_form=form, status=422)
    try:
        decided = actions.approve(
            review_id=review.pk,
            reason=form.reason,
            note=form.cleaned_data["note"],
            by=actor_of(request),
            at=timezone.now(),
        )
    except Refused as refusal:
        return _refused(request, refusal)
    return _said(request, decided)


@require_POST
@for_some(Act.REPLY_REVIEW)
def return_(request: HttpRequest, review_id: int) -> HttpResponse:
    """Gives the answer back to its writer with what should be mended."""
    review, form = _checked(request, review_id), ReturnForm(request.POST)
    if not form.is_valid():
        return _page(request, return_form=form, status=422)
    try:
        decided = actions.return_(
            review_id=review.pk,
            reason=Review.Reason(form.cleaned_data["reason"]),
            note=form.cleaned_data["hint"],
            by=actor_of(request),
            at=timezone.now(),
        )
    except Refused as refusal:
        return _refused(request, refusal)
    return _said(request, decided)


@require_POST
@requires(Act.BOARD_STEER)
def approve_unedited(request: HttpRequest) -> HttpResponse:
    """Lets every waiting answer go that is the approved words alone."""
    done = actions.approve_unedited(by=actor_of(request), at=timezone.now())
    text = ngettext("%(count)d answer goes out.", "%(count)d answers go out.", done.approved)
    messages.success(request, text % {"count": done.approved})
    return redirect("review:show")


@require_POST
@requires(Act.BOARD_STEER)
def mode(request: HttpRequest) -> HttpResponse:
    """Takes a supervisor's word on how answers are read before they go."""
    form = ModeForm(request.POST)
    if not form.is_valid():
        return _page(request, mode_form=form, status=422)
    actions.set_review_mode(
        mode=ReviewMode.Mode(form.cleaned_data["mode"]),
        sample_every=form.cleaned_data["sample_every"],
        by=actor_of(request),
        at=timezone.now(),
    )
    messages.success(request, _("Answers are read like this from now on."))
    return redirect("review:show")


def _page(
    request: HttpRequest,
    *,
    approve_form: ApproveForm | None = None,
    return_form: ReturnForm | None = None,
    mode_form: ModeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    backlog = review_backlog(at=at)
    chosen = {"mode": backlog.mode, "sample_every": backlog.sample_every}
    reading = opened_by(by, at=at)
    shown = {
        "reading": reading,
        "waiting": 0 if reading else waiting_for(by, at=at),
        "backlog": backlog,
        "approve_form": approve_form or ApproveForm(),
        "return_form": return_form or ReturnForm(),
        "mode_form": (mode_form or ModeForm(initial=chosen)) if may(by, Act.BOARD_STEER) else None,
        "now": at,
    }
    return render(request, "replies/review.html", shown, status=status)


def _checked(request: HttpRequest, review_id: int) -> Review:
    rows = Review.objects.select_related("reply__ticket__queue")
    review = get_object_or_404(rows, pk=review_id)
    subject = subject_of_review(review, review.reply.ticket, by=actor_of(request))
    check(request, Act.REPLY_REVIEW, subject)
    return review


def _said(request: HttpRequest, decided: Review) -> HttpResponse:
    if decided.decision == Review.Decision.APPROVED:
        messages.success(request, _("It goes out in a few seconds. Thank you for reading."))
    elif decided.reason == Review.Reason.WROTE_AGAIN:
        messages.warning(
            request, _("The person has just written again, so it went back to its writer.")
        )
    elif decided.reason == Review.Reason.WITHDRAWN:
        messages.warning(
            request, _("The approved words were just withdrawn, so it went back to its writer.")
        )
    else:
        messages.success(request, _("It is back with its writer, with what you said."))
    return redirect("review:show")


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    if isinstance(refusal, NotAllowed):
        raise PermissionDenied from refusal
    messages.warning(request, str(refusal))
    return redirect("review:show")
