"""Picking a line of thanks for everybody from what customers wrote."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from triage.accounts.access import actor_of, requires
from triage.accounts.policy import Act
from triage.board.praise import kind_words, name_of
from triage.incidents.queries import current
from triage.volunteers.actions import Refused, pick_thanks
from triage.volunteers.queries import thank_you_lines


@requires(Act.BOARD_STEER)
def index(request: HttpRequest) -> HttpResponse:
    """Shows kind words to pick from and the lines that helpers see; takes one line."""
    incident = current()
    if incident is None:
        return render(request, "board/thanks.html", {"incident": None})
    if request.method == "POST":
        return _pick(request, incident.pk)
    context = {
        "incident": incident,
        "words": kind_words(),
        "lines": thank_you_lines(incident_id=incident.pk),
    }
    return render(request, "board/thanks.html", context)


def _pick(request: HttpRequest, incident_id: int) -> HttpResponse:
    about = request.POST.get("about", "")
    names = name_of(int(about)) if about.isdecimal() else ()
    try:
        pick_thanks(
            incident_id=incident_id,
            text=request.POST.get("text", ""),
            names=names,
            by=actor_of(request),
            at=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Everybody who helps can read it now."))
    return redirect("board:thanks")
