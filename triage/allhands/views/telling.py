"""Who is told, and in which words: our own people first, then everybody else."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from triage.accounts.access import actor_of, requires
from triage.accounts.policy import Act
from triage.allhands.actions import tell_staff
from triage.allhands.announcements import announcements, letter_to_staff
from triage.allhands.forms import KnownSinceForm, LetterForm, ToldForm, UpdateForm
from triage.allhands.sources import sources, staff_addresses
from triage.allhands.views.steps import open_one, page
from triage.incidents import actions as incidents
from triage.incidents.actions import Refused
from triage.incidents.models import Told
from triage.incidents.queries import told as told_of
from triage.incidents.regulator import regulator_clock
from triage.notices.staff import deliveries


@requires(Act.LEVEL_CHANGE)
@require_POST
def update(request: HttpRequest) -> HttpResponse:
    """Puts an entry on the public page."""
    actor, form = actor_of(request), UpdateForm(request.POST)
    if not form.is_valid():
        return page(request, update_form=form, status=422)
    text = form.cleaned_data["text"]
    incidents.post_update(
        incident_id=open_one().pk, text=text, user_id=actor.id, by=actor, at=actor.at
    )
    return redirect("allhands:show")


@requires(Act.LEVEL_CHANGE)
def told(request: HttpRequest) -> HttpResponse:
    """Shows who was told and when, beside the regulator's clock, and ticks one more."""
    actor, incident = actor_of(request), open_one()
    if request.method != "POST":
        return told_page(request)
    form = ToldForm(request.POST)
    if form.is_valid():
        try:
            incidents.note_told(
                incident_id=incident.pk,
                user_id=actor.id,
                by=actor,
                at=actor.at,
                **form.given(at=actor.at, name=actor.name),
            )
            return redirect(form.cleaned_data["back"] or "allhands:told")
        except Refused as refused:
            form.add_error("told_at", str(refused))
    return told_page(request, form=form)


@requires(Act.LEVEL_CHANGE)
@require_POST
def known_since(request: HttpRequest) -> HttpResponse:
    """Corrects when we came to know of it."""
    actor, form = actor_of(request), KnownSinceForm(request.POST)
    if not form.is_valid():
        return told_page(request, known_form=form, status=422)
    try:
        incidents.set_known_since(
            incident_id=open_one().pk,
            known_since=form.cleaned_data["known_since"],
            by=actor,
            at=actor.at,
        )
    except Refused as refused:
        return told_page(request, trouble=str(refused), status=409)
    return redirect("allhands:told")


def told_page(
    request: HttpRequest, *, trouble: str = "", status: int = 200, **forms: object
) -> HttpResponse:
    """Shows who was told, with `trouble` or the form that needs another look."""
    actor, incident = actor_of(request), open_one()
    entries = told_of(incident.pk)
    standing = [each for each in entries if each.taken_back_at is None]
    regulator = [each.told_at for each in standing if each.audience == Told.Audience.REGULATOR]
    context = {
        "form": ToldForm(initial={"told_at": actor.at, "told_by": actor.name}),
        "known_form": KnownSinceForm(initial={"known_since": incident.known_since}),
        "incident": incident,
        "entries": entries,
        "clock": regulator_clock(
            known_since=incident.known_since, told_at=min(regulator, default=None), at=actor.at
        ),
        "trouble": trouble,
    } | forms
    return render(request, "allhands/told.html", context, status=status)


@requires(Act.LEVEL_CHANGE)
@require_POST
def take_back(request: HttpRequest, told_id: int) -> HttpResponse:
    """Marks an entry as written down by mistake."""
    actor, entry = actor_of(request), get_object_or_404(Told, pk=told_id, incident=open_one())
    incidents.take_back_told(told_id=entry.pk, by=actor, at=actor.at)
    return redirect("allhands:told")


@requires(Act.LEVEL_CHANGE)
def letter(request: HttpRequest) -> HttpResponse:
    """Writes to all our own people: the facts, the public words in full, the link to join."""
    actor, incident = actor_of(request), open_one()
    start = letter_to_staff(sources(incident, at=actor.at))
    first = {"subject": start.subject, "text": start.text, "sent_key": uuid4().hex}
    form, people = LetterForm(request.POST or None, initial=first), staff_addresses()
    if request.method == "POST" and form.is_valid():
        done = tell_staff(
            incident_id=incident.pk, addresses=people, by=actor, at=actor.at, **form.cleaned_data
        )
        messages.info(request, _told_words(len(people)) if done else _("It is sent already."))
        return redirect("allhands:show")
    context = {
        "form": form,
        "incident": incident,
        "people": len(people),
        "letters": deliveries(incident.pk),
    }
    return render(request, "allhands/letter.html", context)


def _told_words(people: int) -> str:
    words = ngettext(
        "The letter to %(count)d person is on its way.",
        "The letter to %(count)d people is on its way.",
        people,
    )
    return words % {"count": people}


@requires(Act.LEVEL_CHANGE)
@require_GET
def words(request: HttpRequest) -> HttpResponse:
    """Shows the same words for the phone, the web form and social profiles, to copy."""
    incident = open_one()
    shown = announcements(sources(incident, at=actor_of(request).at))
    return render(request, "allhands/words.html", {"incident": incident, "words": shown})
