"""The lanes' page, and what is done about one email: over to a lane, back, and its notes."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from triage.accounts.access import actor_of, check, for_some, requires
from triage.accounts.policy import Act, may
from triage.accounts.queries import with_role
from triage.lanes.actions import hand_over_with_word
from triage.lanes.forms import ExportForm, HandBackForm, HandOverForm, LaneForm, NoteForm
from triage.queues import actions
from triage.queues.actions import NotAllowed, Refused
from triage.queues.lanes import lane_subject, lanes
from triage.queues.models import HandBackReason, HandOverReason, LaneNote, Ticket


@require_GET
@requires(Act.LANE_STEER)
def index(request: HttpRequest) -> HttpResponse:
    """Shows every lane: how many wait, until when, and its people."""
    return _page(request)


@require_POST
@requires(Act.LANE_STEER)
def set_lane(request: HttpRequest, lane_id: int) -> HttpResponse:
    """Takes the people of a lane and its clock."""
    people, at = with_role("support", "supervisor"), timezone.now()
    lane = next((lane for lane in lanes(at=at) if lane.id == lane_id), None)
    if lane is None:
        raise Http404
    form = LaneForm(request.POST, people=people, lane=lane)
    if not form.is_valid():
        return _page(request, wrong=form, status=422)
    chosen = dict(form.cleaned_data)
    try:
        actions.set_lane(
            lane_id=lane_id, member_ids=chosen.pop("members"), **_ids(chosen),
            by=actor_of(request), at=at,
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, wrong=form, status=422)
    messages.success(request, _("%(lane)s is set.") % {"lane": lane.name})
    return redirect("lanes:index")


@require_POST
@for_some(Act.LANE_HAND_OVER)
def hand_over(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Hands an email over to the lane its reason leads to."""
    ticket, form = _checked(request, ticket_id, Act.LANE_HAND_OVER), HandOverForm(request.POST)
    if not form.is_valid():
        return _back_to(request, ticket, _("Please choose why."))
    try:
        done = hand_over_with_word(
            ticket_id=ticket.pk,
            reason=HandOverReason(form.cleaned_data["reason"]),
            wants_word=form.cleaned_data["word"],
            by=actor_of(request),
            at=timezone.now(),
        )
    except Refused as refusal:
        return _back_to(request, ticket, str(refusal))
    words = {"lane": done.hand_over.lane.name}
    said = (
        _("It is with %(lane)s now, and the person who wrote is told.")
        if done.is_acknowledged
        else _("It is with %(lane)s now. No holding answer was sent.")
    )
    messages.success(request, said % words)
    return redirect(_where(request, ticket))


@require_POST
@for_some(Act.LANE_HAND_BACK)
def hand_back(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Gives an email of a lane back."""
    ticket, form = _checked(request, ticket_id, Act.LANE_HAND_BACK), HandBackForm(request.POST)
    if not form.is_valid():
        return _back_to(request, ticket, _("Please choose why."))
    reason = HandBackReason(form.cleaned_data["reason"])
    try:
        actions.hand_back(
            ticket_id=ticket.pk, reason=reason, by=actor_of(request), at=timezone.now()
        )
    except Refused as refusal:
        return _back_to(request, ticket, str(refusal))
    messages.success(request, _("It waits in its queue again, in the place of its age."))
    return redirect(_where(request, ticket))


@require_POST
@for_some(Act.LANE_NOTE)
def write_note(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Keeps a note that only the members of the lane see."""
    ticket, form = _checked(request, ticket_id, Act.LANE_NOTE), NoteForm(request.POST)
    if not form.is_valid():
        return _back_to(request, ticket, _("Please write a line first."))
    actions.write_note(
        ticket_id=ticket.pk,
        text=form.cleaned_data["text"],
        by=actor_of(request),
        at=timezone.now(),
    )
    return redirect(_where(request, ticket))


@require_POST
@for_some(Act.LANE_NOTE)
def set_note_in_export(request: HttpRequest, note_id: int) -> HttpResponse:
    """Says whether a note leaves in an export."""
    rows = LaneNote.objects.select_related("ticket__queue", "ticket__conversation")
    note, form = get_object_or_404(rows, pk=note_id), ExportForm(request.POST)
    in_export = form.is_valid() and form.cleaned_data["in_export"]
    try:
        actions.set_note_in_export(
            note_id=note.pk, in_export=in_export, by=actor_of(request), at=timezone.now()
        )
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    return redirect(_where(request, note.ticket))


def _page(
    request: HttpRequest, *, wrong: LaneForm | None = None, status: int = 200
) -> HttpResponse:
    at, people = timezone.now(), with_role("support", "supervisor")
    shown = [
        (lane, wrong if wrong and wrong.prefix == f"lane-{lane.id}" else _form(lane, people))
        for lane in lanes(at=at)
    ]
    return render(request, "lanes/index.html", {"lanes": shown, "now": at}, status=status)


def _form(lane: object, people: object) -> LaneForm:
    return LaneForm(people=people, lane=lane)  # type: ignore[arg-type]


def _ids(chosen: dict[str, int | None]) -> dict[str, int]:
    """The three that are left of the form: named and stand-in by id, and the minutes."""
    names = {"named": "named_id", "stand_in": "stand_in_id"}
    return {names.get(name, name): value for name, value in chosen.items()}  # type: ignore[misc]


def _checked(request: HttpRequest, ticket_id: int, act: Act) -> Ticket:
    rows = Ticket.objects.select_related("queue", "conversation")
    ticket = get_object_or_404(rows, pk=ticket_id)
    check(request, act, lane_subject(ticket, by=actor_of(request)))
    return ticket


def _back_to(request: HttpRequest, ticket: Ticket, problem: str) -> HttpResponse:
    messages.warning(request, problem)
    return redirect(_where(request, ticket))


def _where(request: HttpRequest, ticket: Ticket) -> str:
    """The conversation while they may still read it, else the list."""
    by = actor_of(request)
    moved = Ticket.objects.select_related("queue").get(pk=ticket.pk)
    if may(by, Act.EMAIL_VIEW, lane_subject(moved, by=by)):
        return f"/inbox/{ticket.conversation_id}/"
    return "/inbox/"
