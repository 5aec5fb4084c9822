"""Bringing a list of people: upload, look at what it says, then invite them all at once."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from inbox.language import LANGUAGES
from triage.accounts.access import actor_of, requires
from triage.accounts.policy import Act
from triage.incidents.models import Incident
from triage.joining import roster
from triage.joining.actions import Imported, import_roster
from triage.joining.forms import ListForm, ListTextForm
from triage.joining.roster import Roster
from triage.queues.queries import OpenQueue, open_queues


@requires(Act.LINK_MAKE)
def bring(request: HttpRequest) -> HttpResponse:
    """Takes a file and shows what it says: its people, or what is wrong with it line by line."""
    get_object_or_404(Incident, closed_at__isnull=True)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return _preview(request, form.cleaned_data["file"])
    return _page(request, form=form)


@requires(Act.LINK_MAKE)
@require_POST
def invite_list(request: HttpRequest) -> HttpResponse:
    """Invites everybody of the list that was looked at."""
    actor, form = actor_of(request), ListTextForm(request.POST)
    incident = get_object_or_404(Incident, closed_at__isnull=True)
    read = _read(form.cleaned_data["text"]) if form.is_valid() else Roster()
    if not read.people:  # a queue was closed since, or the form was not ours: look at it again
        return redirect("joining:list")
    done = import_roster(incident_id=incident.pk, people=read.people, by=actor, at=actor.at)
    messages.info(request, _told(done))
    return redirect("joining:list")


def _preview(request: HttpRequest, text: str) -> HttpResponse:
    read = _read(text)
    text_form = ListTextForm(initial={"text": text})
    status = 422 if read.mistakes else 200
    return _page(request, form=ListForm(), read=read, text_form=text_form, status=status)


def _page(request: HttpRequest, *, status: int = 200, **more: object) -> HttpResponse:
    queues = open_queues()
    context = {"queues": queues, "example": _example(queues)} | more
    return render(request, "joining/list.html", context, status=status)


def _example(queues: Sequence[OpenQueue]) -> str:
    """Gives two lines such as a list has, with queues that this installation knows."""
    begins = "; ".join(queue.name for queue in queues[:2])
    return (
        f"{','.join(roster.COLUMNS)}\n"
        f'nina.ek@example.com,Nina Ek,Logistics,en,"{begins}"\n'
        "olaf@example.com,Olaf Berg,,de,"
    )


def _read(text: str) -> Roster:
    queues = {word.lower(): row.id for row in open_queues() for word in (row.key, row.name)}
    return roster.read(text, queues=queues, languages=LANGUAGES)


def _told(done: Imported) -> str:
    invited = ngettext(
        "%(count)d person is invited and gets a mail with their own link.",
        "%(count)d people are invited and get a mail with their own link.",
        done.invited,
    )
    known = ngettext(
        "%(count)d was invited before and gets none.",
        "%(count)d were invited before and get none.",
        done.known,
    )
    told = invited % {"count": done.invited}
    return f"{told} {known % {'count': done.known}}" if done.known else told
