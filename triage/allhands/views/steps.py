"""The admin's page: the steps to all-hands mode, the switch, and the way back."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from triage.accounts.access import actor_of, requires
from triage.accounts.policy import Act, Actor
from triage.allhands.actions import (
    Backing,
    StoodDown,
    ask_to_close,
    confirm_request,
    stand_down,
    step_to,
    switch_on,
)
from triage.allhands.checklist import checklist
from triage.allhands.forms import (
    CloseForm,
    ExtendForm,
    LevelForm,
    LinkForm,
    OpenForm,
    StepForm,
    SwitchOnForm,
    ToldForm,
    UpdateForm,
)
from triage.allhands.leftovers import left_over
from triage.allhands.preview import Preview, preview
from triage.incidents import actions as incidents
from triage.incidents.actions import AlreadyChanged, Refused
from triage.incidents.levels import moves_from
from triage.incidents.models import Incident, LevelRequest
from triage.incidents.queries import current, open_request
from triage.queues.counters import waiting_now

Level = Incident.Level


@requires(Act.LEVEL_CHANGE)
def show(request: HttpRequest) -> HttpResponse:
    """Shows the steps, or on a calm day how to begin."""
    return page(request)


@requires(Act.LEVEL_CHANGE)
@require_POST
def open_incident(request: HttpRequest) -> HttpResponse:
    """Opens an incident."""
    actor, form = actor_of(request), OpenForm(request.POST)
    if not form.is_valid():
        return page(request, open_form=form, status=422)
    try:
        incidents.open_incident(**form.cleaned_data, by=actor, at=actor.at)
    except Refused as refused:
        return page(request, trouble=str(refused), status=409)
    return redirect("allhands:show")


@requires(Act.LEVEL_CHANGE)
@require_POST
def on(request: HttpRequest) -> HttpResponse:
    """Switches all-hands mode on, or asks a second person for it, once the name is typed."""
    actor, incident = actor_of(request), open_one()
    form = SwitchOnForm(request.POST, name=incident.name, at=actor.at)
    if not form.is_valid():
        return page(request, switch_form=form, status=422)
    try:
        _switch_or_ask(form, incident, actor)
    except Refused as refused:
        return page(request, trouble=str(refused), status=409)
    return redirect("allhands:show")


def _switch_or_ask(form: SwitchOnForm, incident: Incident, actor: Actor) -> None:
    version, until = form.cleaned_data["version"], form.cleaned_data["recovery_at"]
    alone_because = form.cleaned_data["alone_because"]
    if incident.needs_second_person and not alone_because:
        incidents.ask_level(
            incident_id=incident.pk,
            to_level=Level.ALL_HANDS,
            expected_version=version,
            recovery_at=until,
            user_id=actor.id,
            by=actor,
            at=actor.at,
        )
        return
    switch_on(
        incident_id=incident.pk,
        expected_version=version,
        recovery_at=until,
        backing=Backing(alone_because=alone_because),
        by=actor,
        at=actor.at,
    )


@requires(Act.LEVEL_CHANGE)
@require_POST
def confirm(request: HttpRequest, level_request_id: int) -> HttpResponse:
    """Does, as the second person, what the first one asked for."""
    actor, asked = actor_of(request), get_object_or_404(LevelRequest, pk=level_request_id)
    try:
        confirm_request(request_id=asked.pk, by=actor, at=actor.at)
    except Refused as refused:
        return page(request, trouble=str(refused), status=409)
    return redirect("allhands:show")


@requires(Act.LEVEL_CHANGE)
@require_POST
def take_back(request: HttpRequest, level_request_id: int) -> HttpResponse:
    """Takes back what was asked for."""
    actor, asked = actor_of(request), get_object_or_404(LevelRequest, pk=level_request_id)
    incidents.withdraw_request(request_id=asked.pk, by=actor, at=actor.at)
    return redirect("allhands:show")


@requires(Act.LEVEL_CHANGE)
@require_POST
def level(request: HttpRequest) -> HttpResponse:
    """Moves to watch, elevated or recovery."""
    actor, form = actor_of(request), StepForm(request.POST)
    if not form.is_valid():
        return page(request, trouble=_("Please choose a level."), status=422)
    try:
        step_to(
            incident_id=open_one().pk,
            to_level=form.cleaned_data["to_level"],
            expected_version=form.cleaned_data["version"],
            by=actor,
            at=actor.at,
        )
    except Refused as refused:
        return page(request, trouble=str(refused), status=409)
    return redirect("allhands:show")


@requires(Act.LEVEL_EXTEND)
def extend(request: HttpRequest) -> HttpResponse:
    """Shows when all-hands mode ends by itself, and lets it go on with one press."""
    actor, incident, trouble = actor_of(request), open_one(), ""
    form = ExtendForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and incident.recovery_at:
        trouble = _extend(form, incident, actor)
        incident = open_one()
    context = {
        "incident": incident,
        "waiting": waiting_now(at=actor.at),
        "trouble": trouble,
        "is_admin": actor.has("admin"),
    }
    return render(request, "allhands/extend.html", context, status=409 if trouble else 200)


def _extend(form: ExtendForm, incident: Incident, actor: Actor) -> str:
    """Gives why it was not done; nothing when it was."""
    assert incident.recovery_at is not None
    try:
        incidents.extend(
            incident_id=incident.pk,
            expected_version=form.cleaned_data["version"],
            recovery_at=incident.recovery_at + timedelta(hours=form.cleaned_data["hours"]),
            by=actor,
            at=actor.at,
        )
    except Refused as refused:
        return str(refused)
    return ""


@requires(Act.LEVEL_CHANGE)
@require_POST
def down(request: HttpRequest) -> HttpResponse:
    """Stands everybody down; the incident goes to recovery."""
    actor, form, incident = actor_of(request), LevelForm(request.POST), current()
    if incident is None or not form.is_valid():
        return page(request, trouble=_("This has been done already."), status=409)
    try:
        done = stand_down(
            incident_id=incident.pk,
            expected_version=form.cleaned_data["version"],
            by=actor,
            at=actor.at,
        )
    except Refused as refused:
        return page(request, trouble=str(refused), status=409)
    messages.info(request, _told(done))
    return redirect("allhands:show")


@requires(Act.LEVEL_CHANGE)
def close(request: HttpRequest) -> HttpResponse:
    """Shows what is left, and closes the incident for good; what is left needs a signature."""
    actor, incident = actor_of(request), current()
    if incident is None:
        return page(request, trouble=_("This has been done already."), status=409)
    form = CloseForm(request.POST or None, initial={"version": incident.version})
    if request.method == "POST" and form.is_valid():
        try:
            return _close(request, form, incident, actor)
        except AlreadyChanged as changed:
            return page(request, trouble=str(changed), status=409)
        except Refused as refused:
            form.add_error(None, str(refused))
    left = left_over()
    context = {
        "incident": incident,
        "form": form,
        "left": left.in_words(),
        "counts": left.as_counts().items(),
        "preview": preview(incident=incident, to_level=Level.CLOSED, at=actor.at).in_words(),
    }
    status = 409 if form.is_bound else 200
    return render(request, "allhands/close.html", context, status=status)


def _close(request: HttpRequest, form: CloseForm, incident: Incident, actor: Actor) -> HttpResponse:
    version, signature = form.cleaned_data["version"], form.cleaned_data["signature"]
    alone_because = form.cleaned_data["alone_because"]
    if incident.needs_second_person and not alone_because:
        ask_to_close(
            incident_id=incident.pk,
            expected_version=version,
            signature=signature,
            signed=form.signed(),
            by=actor,
            at=actor.at,
        )
        return redirect("allhands:show")
    done = stand_down(
        incident_id=incident.pk,
        expected_version=version,
        to_level=Level.CLOSED,
        backing=Backing(alone_because=alone_because, signature=signature, signed=form.signed()),
        by=actor,
        at=actor.at,
    )
    messages.info(request, _told(done))
    return redirect("allhands:show")


def _told(done: StoodDown) -> str:
    people = ngettext(
        "Helping has ended for %(count)d person.",
        "Helping has ended for %(count)d people.",
        done.people,
    )
    emails = ngettext(
        "%(count)d email went back to its queue, with its draft.",
        "%(count)d emails went back to their queues, with their drafts.",
        done.emails_returned,
    )
    return f"{people % {'count': done.people}} {emails % {'count': done.emails_returned}}"


def open_one() -> Incident:
    """Gives the open incident; raises Http404 on a calm day."""
    return get_object_or_404(Incident, closed_at__isnull=True)


def page(
    request: HttpRequest, *, trouble: str = "", status: int = 200, **forms: object
) -> HttpResponse:
    """Shows the steps, with `trouble` or the forms that need another look."""
    actor, incident = actor_of(request), current()
    if incident is None:
        context: dict[str, object] = {"open_form": OpenForm(), "trouble": trouble} | forms
        return render(request, "allhands/begin.html", context, status=status)
    steps = checklist(incident=incident, at=actor.at)
    version = {"version": incident.version}
    told = {"told_at": actor.at, "told_by": actor.name}
    foreseen = preview(incident=incident, to_level=Level.ALL_HANDS, at=actor.at, lines=steps.lines)
    context = {
        "incident": incident,
        "steps": steps,
        "asked": open_request(incident),
        "me": actor,
        "preview": foreseen,
        "other_levels": _other_levels(incident, foreseen),
        "switch_form": SwitchOnForm(initial=version, name=incident.name, at=actor.at),
        "staff_form": ToldForm(initial=told, auto_id="staff_%s"),
        "customers_form": ToldForm(initial=told, auto_id="customers_%s"),
        "link_form": LinkForm(),
        "update_form": UpdateForm(),
        "trouble": trouble,
    } | forms
    return render(request, "allhands/show.html", context, status=status)


@dataclass(frozen=True)
class QuietStep:
    """A level that one press leads to, its name, and what the press will do."""

    level: str
    name: str
    words: str


def _other_levels(incident: Incident, now: Preview) -> list[QuietStep]:
    """The quiet steps from here, in the order of the levels."""
    names = {
        Level.WATCH: _("Watch"),
        Level.ELEVATED: _("More emails than usual"),
        Level.RECOVERY: _("Move to recovery"),
    }
    return [
        QuietStep(each, name, " ".join(replace(now, level=each).in_words()))
        for each, name in names.items()
        if each in moves_from(incident.level)
    ]
