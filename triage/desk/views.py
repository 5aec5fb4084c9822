"""The helper's screen: one person at a time, from "Help the next person" to Send."""

from contextlib import suppress

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from triage.accounts.access import actor_of, check, for_some, requires
from triage.accounts.policy import Act
from triage.desk.forms import Written
from triage.desk.page import elsewhere, keep, news, screen, typed
from triage.notices.viewing import check_pace
from triage.queues import actions as queue_actions
from triage.queues.actions import NotAllowed, NotHeld, Refused
from triage.replies import actions as reply_actions
from triage.replies.models import Reply
from triage.replies.queries import sent_by
from triage.responses.blocks import BlockError
from triage.volunteers.actions import begin


@never_cache
@require_GET
@requires(Act.DESK_VIEW)
def show(request: HttpRequest) -> HttpResponse:
    """Shows the email in the person's hands, or the button that brings the next one.

    Never from a browser's memory: the way back must not show an email that is with others now.
    """
    return screen(request, "desk/desk.html")


@require_POST
@for_some(Act.PERSON_HELP)
def next_person(request: HttpRequest) -> HttpResponse:
    """Gives the person who waits longest into these hands; what is new is read before that."""
    by, at = actor_of(request), timezone.now()
    if by.helping and by.helping.must_read_again:
        return redirect("volunteers:read_again")
    check(request, Act.PERSON_HELP)
    check_pace(by=by, at=at)
    if queue_actions.claim_next(by=by, at=at) is not None:
        begin(by=by, at=at)
    else:
        messages.info(request, _("Nobody is waiting right now. Thank you for being here."))
    return redirect("desk:show")


@require_POST
@for_some(Act.EMAIL_ANSWER)
def draft(request: HttpRequest) -> HttpResponse:
    """Keeps what is on the page, for whoever once held the email; then shows what is there now.

    A script asks for a part of the page: the letter newly chosen, or the word that it is kept.
    """
    page = typed(request)
    part = request.headers.get("HX-Target", "")
    try:
        keep(request, page)
    except Refused as refusal:
        if part != "saved" or isinstance(refusal, NotAllowed):
            return elsewhere(request, refusal)
    if part == "letter":
        return screen(request, "desk/_chosen.html")
    if part == "saved":
        return _saved(request)
    return redirect("desk:show")


def _saved(request: HttpRequest) -> HttpResponse:
    """The word that it is kept, with what else is new; an email that left says so there."""
    check(request, Act.DESK_VIEW)
    parts = news(request, request.POST)
    return render(request, "desk/_saved.html", {**parts, "saved_at": timezone.now()})


@require_GET
@requires(Act.DESK_VIEW)
def pulse(request: HttpRequest) -> HttpResponse:
    """Gives the parts of an open page that changed; 204 while nothing has."""
    return _news(request, request.GET)


@require_POST
@requires(Act.DESK_VIEW)
def here(request: HttpRequest) -> HttpResponse:
    """Renews the time of somebody who reads, and gives what changed; an email that left says so."""
    page = typed(request)
    try:
        with suppress(NotHeld):
            queue_actions.renew(ticket_id=page.ticket_id, by=actor_of(request), at=timezone.now())
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    return _news(request, request.POST)


def _news(request: HttpRequest, asked: QueryDict) -> HttpResponse:
    parts = news(request, asked)
    return render(request, "desk/_pulse.html", parts) if parts else HttpResponse(status=204)


@require_POST
@for_some(Act.EMAIL_ANSWER)
def send(request: HttpRequest) -> HttpResponse:
    """Releases the answer; it leaves when the time to undo is over."""
    page = typed(request)
    if page.version_id is None or page.seen_message_id is None:
        return _again(request, page, _("Please choose an approved answer first."))
    try:
        reply_actions.submit(
            ticket_id=page.ticket_id,
            version_id=page.version_id,
            slots=page.slots,
            submit_key=page.submit_key,
            seen_message_id=page.seen_message_id,
            asks_review=page.asks_review,
            by=actor_of(request),
            at=timezone.now(),
        )
    except BlockError as problem:
        return _again(request, page, str(problem))
    except Refused as refusal:
        return elsewhere(request, refusal)
    return redirect("desk:show")


def _again(request: HttpRequest, page: Written, problem: str) -> HttpResponse:
    """The same page with what is wrong, and every word still in it."""
    try:
        keep(request, page)
    except Refused as refusal:
        return elsewhere(request, refusal)
    return screen(request, "desk/desk.html", problem=problem, status=422)


@require_POST
@requires(Act.DESK_VIEW)
def undo(request: HttpRequest, reply_id: int) -> HttpResponse:
    """Takes an answer back while it has not left."""
    reply = get_object_or_404(Reply, pk=reply_id)
    try:
        reply_actions.undo(reply_id=reply.pk, by=actor_of(request), at=timezone.now())
    except Refused as refusal:
        return elsewhere(request, refusal)
    messages.success(request, _("It did not go out. Your words are here again."))
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
