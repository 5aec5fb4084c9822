"""The incident itself: its mailboxes, and whether two people are needed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from inbox.models import Mailbox
from triage.accounts.access import actor_of, requires
from triage.accounts.policy import Act
from triage.allhands.forms import BindForm
from triage.allhands.views.steps import open_one
from triage.incidents import actions as incidents
from triage.incidents.queries import bound_mailboxes


@requires(Act.LEVEL_CHANGE)
def bind(request: HttpRequest) -> HttpResponse:
    """Lets a mailbox's emails come straight to a queue of the incident."""
    actor, incident, form = actor_of(request), open_one(), BindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        incidents.bind_mailbox(
            incident_id=incident.pk,
            mailbox_id=form.cleaned_data["mailbox"].pk,
            queue_key=form.cleaned_data["queue"].key,
            by=actor,
            at=actor.at,
        )
        return redirect("allhands:bind")
    context = {"form": form, "incident": incident, "bound": bound_mailboxes(incident.pk)}
    return render(request, "allhands/mailboxes.html", context)


@requires(Act.LEVEL_CHANGE)
@require_POST
def unbind(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Lets a mailbox's emails be sorted like all others again."""
    actor = actor_of(request)
    mailbox = get_object_or_404(Mailbox, pk=mailbox_id)
    incidents.unbind_mailbox(
        incident_id=open_one().pk, mailbox_id=mailbox.pk, by=actor, at=actor.at
    )
    return redirect("allhands:bind")


@requires(Act.LEVEL_CHANGE)
@require_POST
def two_people(request: HttpRequest) -> HttpResponse:
    """Lets two people switch on and close from now on."""
    actor = actor_of(request)
    incidents.require_second_person(incident_id=open_one().pk, by=actor, at=actor.at)
    return redirect("allhands:show")
