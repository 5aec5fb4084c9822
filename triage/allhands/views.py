"""The admin's page: the steps to all-hands mode, the switch, and the way back."""

from datetime import timedelta
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from triage.accounts.access import actor_of, requires
from triage.accounts.policy import Act, Actor
from triage.allhands.actions import StoodDown, stand_down, switch_on
from triage.allhands.checklist import checklist
from triage.allhands.forms import (
    BriefingForm,
    LevelForm,
    LinkForm,
    OpenForm,
    SwitchOnForm,
    UpdateForm,
)
from triage.allhands.preview import preview
from triage.incidents import actions as incidents
from triage.incidents.actions import Refused
from triage.incidents.briefings import paragraphs_of, texts_of
from triage.incidents.models import Incident
from triage.incidents.queries import current, latest_briefing, words_of
from triage.incidents.skeleton import STARTER
from triage.volunteers.actions import make_link, withdraw_link
from triage.volunteers.links import secret_of
from triage.volunteers.models import EnlistmentLink

Level = Incident.Level


@requires(Act.LEVEL_CHANGE)
def show(request: HttpRequest) -> HttpResponse:
    """Shows the steps, or on a calm day how to begin."""
    return _page(request)


@requires(Act.LEVEL_CHANGE)
@require_POST
def open_incident(request: HttpRequest) -> HttpResponse:
    """Opens an incident."""
    actor, form = actor_of(request), OpenForm(request.POST)
    if not form.is_valid():
        return _page(request, open_form=form, status=422)
    try:
        incidents.open_incident(name=form.cleaned_data["name"], by=actor, at=actor.at)
    except Refused as refused:
        return _page(request, trouble=str(refused), status=409)
    return redirect("allhands:show")


@requires(Act.LEVEL_CHANGE)
@require_POST
def on(request: HttpRequest) -> HttpResponse:
    """Switches all-hands mode on, once the name is typed."""
    actor, incident = actor_of(request), _incident()
    form = SwitchOnForm(request.POST, name=incident.name, at=actor.at)
    if not form.is_valid():
        return _page(request, switch_form=form, status=422)
    try:
        switch_on(
            incident_id=incident.pk,
            expected_version=form.cleaned_data["version"],
            recovery_at=form.cleaned_data["recovery_at"],
            by=actor,
            at=actor.at,
        )
    except Refused as refused:
        return _page(request, trouble=str(refused), status=409)
    return redirect("allhands:show")


@requires(Act.LEVEL_CHANGE)
@require_POST
def down(request: HttpRequest) -> HttpResponse:
    """Stands everybody down; the incident goes to recovery."""
    return _end(request, Level.RECOVERY)


@requires(Act.LEVEL_CHANGE)
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Closes the incident for good; whoever still helps is stood down with it."""
    return _end(request, Level.CLOSED)


def _end(request: HttpRequest, to_level: str) -> HttpResponse:
    actor, form = actor_of(request), LevelForm(request.POST)
    incident = current()
    if incident is None or not form.is_valid():
        return _page(request, trouble=_("This has been done already."), status=409)
    try:
        done = stand_down(
            incident_id=incident.pk,
            expected_version=form.cleaned_data["version"],
            to_level=to_level,
            by=actor,
            at=actor.at,
        )
    except Refused as refused:
        return _page(request, trouble=str(refused), status=409)
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


@requires(Act.LEVEL_CHANGE)
def briefing(request: HttpRequest) -> HttpResponse:
    """Writes the next version of the page every helper reads first."""
    actor, incident = actor_of(request), _incident()
    last = latest_briefing(incident.pk)
    words = texts_of(words_of(last)) if last else STARTER
    form = BriefingForm(request.POST or None, initial=words)
    if request.method == "POST" and form.is_valid() and _save(form, incident, actor):
        return redirect("allhands:show")
    context = {"form": form, "incident": incident, "last": last}
    return render(request, "allhands/briefing.html", context)


def _save(form: BriefingForm, incident: Incident, actor: Actor) -> bool:
    """Tells whether the briefing was saved; otherwise the form says why not."""
    try:
        incidents.write_briefing(
            incident_id=incident.pk,
            paragraphs=paragraphs_of(form.cleaned_data),
            user_id=actor.id,
            by=actor,
            at=actor.at,
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


@requires(Act.LEVEL_CHANGE)
@require_POST
def update(request: HttpRequest) -> HttpResponse:
    """Puts an entry on the public page."""
    actor, form = actor_of(request), UpdateForm(request.POST)
    if not form.is_valid():
        return _page(request, update_form=form, status=422)
    text = form.cleaned_data["text"]
    incidents.post_update(
        incident_id=_incident().pk, text=text, user_id=actor.id, by=actor, at=actor.at
    )
    return redirect("allhands:show")


@requires(Act.LINK_MAKE)
@require_POST
def new_link(request: HttpRequest) -> HttpResponse:
    """Makes a join link and shows it."""
    actor, form = actor_of(request), LinkForm(request.POST)
    if not form.is_valid():
        return _page(request, link_form=form, status=422)
    made = _make_link(form.cleaned_data, _incident(), actor)
    return redirect("allhands:link", made.pk)


def _make_link(wishes: dict[str, Any], incident: Incident, actor: Actor) -> EnlistmentLink:
    return make_link(
        incident_id=incident.pk,
        max_uses=wishes["max_uses"],
        expires_at=actor.at + timedelta(hours=wishes["hours"]),
        allowed_domains=wishes["domains"],
        queue_ids=wishes["queues"],
        languages=wishes["language"],
        note=wishes["note"],
        user_id=actor.id,
        by=actor,
        at=actor.at,
    )


@requires(Act.LINK_MAKE)
def link(request: HttpRequest, link_id: int) -> HttpResponse:
    """Shows a join link to copy, and as a picture for a poster or a screen."""
    row = get_object_or_404(EnlistmentLink, pk=link_id)
    address = settings.MUSTER_BASE_URL + reverse("joining:join", args=[secret_of(row)])
    picture = segno.make(address, micro=False).svg_data_uri(scale=6, border=4, light="#fff")
    context = {"link": row, "address": address, "picture": picture}
    return render(request, "allhands/link.html", context)


@requires(Act.LINK_MAKE)
@require_POST
def withdraw(request: HttpRequest, link_id: int) -> HttpResponse:
    """Closes a join link for good."""
    actor = actor_of(request)
    withdraw_link(link_id=get_object_or_404(EnlistmentLink, pk=link_id).pk, by=actor, at=actor.at)
    return redirect("allhands:show")


def _incident() -> Incident:
    return get_object_or_404(Incident, closed_at__isnull=True)


def _page(
    request: HttpRequest, *, trouble: str = "", status: int = 200, **forms: object
) -> HttpResponse:
    actor, incident = actor_of(request), current()
    if incident is None:
        context: dict[str, object] = {"open_form": OpenForm(), "trouble": trouble} | forms
        return render(request, "allhands/begin.html", context, status=status)
    version = {"version": incident.version}
    context = {
        "incident": incident,
        "steps": checklist(incident=incident, at=actor.at),
        "preview": preview(incident=incident, to_level=Level.ALL_HANDS),
        "switch_form": SwitchOnForm(initial=version, name=incident.name, at=actor.at),
        "level_form": LevelForm(initial=version),
        "link_form": LinkForm(),
        "update_form": UpdateForm(),
        "public_address": settings.MUSTER_BASE_URL
        + reverse("public:incident", args=[incident.slug]),
        "trouble": trouble,
    } | forms
    return render(request, "allhands/show.html", context, status=status)
