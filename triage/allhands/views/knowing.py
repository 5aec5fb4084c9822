"""What we know: the briefing, and the facts it quotes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from triage.accounts.access import actor_of, check, for_some, requires
from triage.accounts.policy import Act, Actor, Subject, may
from triage.allhands.forms import BriefingForm, ChangeFactForm, FactForm
from triage.allhands.views.steps import open_one
from triage.incidents import actions as incidents
from triage.incidents.actions import Refused
from triage.incidents.briefings import paragraphs_of, texts_of
from triage.incidents.models import Fact, FactVersion, Incident
from triage.incidents.queries import latest_briefing, shown_facts, words_of
from triage.incidents.skeleton import STARTER


@requires(Act.BRIEFING_WRITE)
def briefing(request: HttpRequest) -> HttpResponse:
    """Writes the next version of the page every helper reads first."""
    actor, incident = actor_of(request), open_one()
    last = latest_briefing(incident.pk)
    words = texts_of(words_of(last)) if last else STARTER
    form = BriefingForm(request.POST or None, initial=words)
    if request.method == "POST" and form.is_valid() and _save(form, incident, actor):
        return redirect("allhands:show" if may(actor, Act.LEVEL_CHANGE) else "volunteers:briefing")
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


@requires(Act.FACT_WRITE)
def facts(request: HttpRequest) -> HttpResponse:
    """Shows the facts with what holds now, and writes down a new one."""
    actor, form = actor_of(request), FactForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _asked(form, actor):
        return redirect("allhands:facts")
    return _facts(request, form)


def _asked(form: FactForm, actor: Actor) -> bool:
    """Tells whether the fact was written down; otherwise the form says why not."""
    try:
        incidents.ask_fact(
            incident_id=open_one().pk,
            user_id=actor.id,
            by=actor,
            at=actor.at,
            **form.cleaned_data,
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


@requires(Act.FACT_WRITE)
@require_POST
def change_fact(request: HttpRequest, fact_id: int) -> HttpResponse:
    """Proposes another answer to a fact's question, and says whether the former was wrong."""
    actor, form = actor_of(request), ChangeFactForm(request.POST)
    fact = get_object_or_404(Fact, pk=fact_id, incident=open_one())
    if not form.is_valid():
        return _facts(request, trouble=form.first_error(), status=422)
    try:
        incidents.change_fact(
            fact_id=fact.pk, user_id=actor.id, by=actor, at=actor.at, **form.cleaned_data
        )
    except Refused as refused:
        return _facts(request, trouble=str(refused), status=409)
    return redirect("allhands:facts")


@for_some(Act.FACT_CONFIRM)
@require_POST
def confirm_fact(request: HttpRequest, fact_version_id: int) -> HttpResponse:
    """Lets a proposed answer hold, on a second person's word."""
    version = get_object_or_404(FactVersion, pk=fact_version_id, fact__incident=open_one())
    actor = check(request, Act.FACT_CONFIRM, Subject(kind="fact", author_id=version.owner_id))
    try:
        incidents.confirm_fact(version_id=version.pk, user_id=actor.id, by=actor, at=actor.at)
    except Refused as refused:
        return _facts(request, trouble=str(refused), status=409)
    return redirect("allhands:facts")


def _facts(
    request: HttpRequest, form: FactForm | None = None, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    incident, actor = open_one(), actor_of(request)
    context = {
        "incident": incident,
        "facts": shown_facts(incident.pk),
        "form": form or FactForm(),
        "trouble": trouble,
        "actor": actor,
        "may_switch": may(actor, Act.LEVEL_CHANGE),
    }
    return render(request, "allhands/facts.html", context, status=status)
