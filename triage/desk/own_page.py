"""The page about oneself: own count, how one signs, a break. No list of others, no ranks."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from triage.accounts.access import actor_of, requires
from triage.accounts.models import User
from triage.accounts.policy import Act
from triage.desk.own import own
from triage.volunteers.actions import come_back, sign_anew, take_break
from triage.volunteers.forms import HelperForm
from triage.volunteers.queries import signed_so_far


@requires(Act.DESK_VIEW)
def me(request: HttpRequest) -> HttpResponse:
    """Shows somebody their own page, and keeps how they sign from now on."""
    actor, user = actor_of(request), cast(User, request.user)
    page = own(by=actor)
    given = request.POST if request.method == "POST" else None
    form = HelperForm(given, initial=signed_so_far(user, page.part)) if page.part else None
    if given is not None and form is not None and form.is_valid():
        sign_anew(user=user, signing=form.signing(), by=actor, at=actor.at)
        messages.success(request, _("Kept."))
        return redirect("desk:me")
    status = 200 if given is None else 422
    return render(request, "desk/me.html", {"page": page, "form": form}, status=status)


@require_POST
@requires(Act.DESK_VIEW)
def rest(request: HttpRequest) -> HttpResponse:
    """Begins a break, or ends it; an email in hand stays."""
    actor = actor_of(request)
    if request.POST.get("until") == "now":
        come_back(by=actor, at=actor.at)
    else:
        take_break(by=actor, at=actor.at)
    return redirect("desk:me")
