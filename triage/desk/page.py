"""What the views of the desk share: the screen, what was typed on it, and a kind no."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from triage.accounts.access import actor_of, check
from triage.accounts.policy import Act
from triage.desk.forms import Written, open_page, written
from triage.desk.leaving import last_one_left
from triage.desk.queries import desk
from triage.desk.watching import pulse
from triage.queues.actions import NotAllowed, NotHeld, Refused
from triage.queues.queries import questions_of
from triage.replies import actions
from triage.volunteers.queries import Standing


def screen(
    request: HttpRequest, template: str, *, problem: str = "", status: int = 200
) -> HttpResponse:
    """Shows the desk, or the part of it that `template` is, as it stands now."""
    incident = cast(Standing, request.standing).incident  # type: ignore[attr-defined]
    shown = desk(by=actor_of(request), at=timezone.now(), incident=incident)
    return render(request, template, {"desk": shown, "problem": problem}, status=status)


def typed(request: HttpRequest) -> Written:
    """Gives what the person has on their page; raises PermissionDenied for a form of nothing."""
    page = written(request.POST)
    if page is None:
        raise PermissionDenied
    return page


def keep(request: HttpRequest, page: Written) -> None:
    """Keeps what is typed and renews the time; raises Refused when the email went elsewhere."""
    actions.save_draft(
        ticket_id=page.ticket_id,
        version_id=page.version_id,
        slots=page.slots,
        by=actor_of(request),
        at=timezone.now(),
    )


def news(request: HttpRequest, asked: QueryDict) -> dict[str, object]:
    """Gives what an open page does not know yet: its changed parts; empty when nothing changed."""
    page = open_page(asked)
    if page is None:
        return {}
    by, at = actor_of(request), timezone.now()
    now = pulse(page, by=by, at=at)
    until = now.email.held_until.isoformat() if now.email else ""
    parts: dict[str, object] = {}
    if now.email and until != asked.get("known-yours"):
        parts["yours"] = now.email
    if now.sign != asked.get("known-notes"):
        parts["pulse"] = now
    if now.email and str(now.email.solved) != asked.get("known-asked"):
        parts["questions"] = questions_of(page.ticket_id)
        parts["solved"] = now.email.solved
    return {**parts, "email": page.ticket_id} if parts else {}


def elsewhere(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Says kindly why it cannot be done any more, on the desk as it is now."""
    by = check(request, Act.DESK_VIEW)
    if isinstance(refusal, NotAllowed):
        raise PermissionDenied from refusal
    tells_itself = isinstance(refusal, NotHeld) and last_one_left(user_id=by.id, at=timezone.now())
    if not tells_itself:
        messages.warning(request, str(refusal))
    return redirect("desk:show")
