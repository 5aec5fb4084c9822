"""From the link to the desk: name, code by mail, one page to read."""

from datetime import datetime
from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from triage.accounts import login_codes
from triage.accounts.access import actor_of, public, requires
from triage.accounts.actions import name_person
from triage.accounts.models import User
from triage.accounts.policy import Act
from triage.incidents.queries import latest_briefing
from triage.volunteers import actions, links
from triage.volunteers.forms import JoinForm, ReadyForm
from triage.volunteers.links import LinkClosed
from triage.volunteers.models import Enlistment, EnlistmentLink
from triage.volunteers.queries import Standing

_JOINING = "joining"  # in the session: the link and the name, until the mailed code is typed


@public
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Asks for name and address, or welcomes back who is logged in already."""
    at = timezone.now()
    try:
        link = links.open_link(secret=token, at=at)
    except LinkClosed as closed:
        return _closed(request, closed)
    form = _join_form(request)
    if request.method == "POST" and form.is_valid() and _start(request, form, link, at):
        return redirect(_after_start(request))
    context = {"form": form, "link": link, "token": token}
    return render(request, "volunteers/join.html", context)


@requires(Act.OWN_ACCOUNT)
def joined(request: HttpRequest) -> HttpResponse:
    """Counts the person in, now that their address is proven, and leads to the briefing."""
    actor, user = actor_of(request), cast(User, request.user)
    link_id, name = _joining(request, user)
    if link_id is None:
        return redirect("accounts:front")
    try:
        actions.confirm(link_id=link_id, user_id=user.pk, by=actor, at=actor.at)
    except LinkClosed as closed:
        return _closed(request, closed)
    if name and not user.name:
        name_person(user=user, name=name, shown_name=name.split()[0], by=actor, at=actor.at)
    request.session.pop(_JOINING, None)
    return redirect("volunteers:briefing")


@requires(Act.BRIEFING_READ)
def briefing(request: HttpRequest) -> HttpResponse:
    """Shows the one page to read first; a newcomer's yes to it opens the desk."""
    actor, user = actor_of(request), cast(User, request.user)
    standing = cast(Standing, request.standing)  # type: ignore[attr-defined]
    if actor.helping and actor.helping.state == Enlistment.State.INVITED:
        return redirect("volunteers:joined")
    form = ReadyForm(request.POST or None, initial={"shown_name": user.shown_name})
    waits = actor.helping is not None and standing.incident is not None
    if request.method == "POST" and waits and form.is_valid():
        return _ready(request, standing, form.cleaned_data["shown_name"])
    incident_id = standing.incident.id if standing.incident else 0
    context = {
        "briefing": latest_briefing(incident_id),
        "incident": standing.incident,
        "form": form if waits else None,
        "is_ready": actor.helping is not None and actor.helping.briefed,
    }
    return render(request, "volunteers/briefing.html", context)


def _ready(request: HttpRequest, standing: Standing, shown_name: str) -> HttpResponse:
    actor, user = standing.actor, cast(User, request.user)
    assert standing.incident is not None
    if shown_name != user.shown_name:
        name = user.name or shown_name
        name_person(user=user, name=name, shown_name=shown_name, by=actor, at=actor.at)
    try:
        actions.acknowledge_briefing(
            user_id=user.pk, incident_id=standing.incident.id, by=actor, at=actor.at
        )
    except Enlistment.DoesNotExist as ended:  # everybody was stood down this very moment
        raise PermissionDenied from ended
    return redirect("/desk/")


def _join_form(request: HttpRequest) -> JoinForm:
    if not request.user.is_authenticated:
        return JoinForm(request.POST or None)
    user = request.user
    known = {"name": user.get_full_name(), "email": user.email}
    return JoinForm(known if request.method == "POST" else None, initial=known)


def _start(request: HttpRequest, form: JoinForm, link: EnlistmentLink, at: datetime) -> bool:
    """Tells whether the next page can be shown; otherwise the form says why not."""
    email = form.cleaned_data["email"]
    try:
        user = actions.join(link=link, email=email, at=at)
    except LinkClosed as closed:
        form.add_error(None, str(closed))
        return False
    joining = {"link": link.pk, "name": form.cleaned_data["name"], "user": user.pk}
    request.session[_JOINING] = joining
    if request.user.is_authenticated:
        return True
    if not _may_send(request, link, email):
        form.add_error(
            None, _("That was tried often just now. Please wait a few minutes, then try again.")
        )
        return False
    login_codes.send_code(request, user=user)
    return True


def _may_send(request: HttpRequest, link: EnlistmentLink, email: str) -> bool:
    return login_codes.may_join(request, link_id=link.pk) and login_codes.may_send_code(
        request, email=email
    )


def _after_start(request: HttpRequest) -> str:
    done = reverse("volunteers:joined")
    if request.user.is_authenticated:
        return done
    return f"{reverse('account_confirm_login_code')}?next={done}"


def _joining(request: HttpRequest, user: User) -> tuple[int | None, str]:
    """Gives the link this person came by and the name they typed.

    Who typed the code in another browser than the form is known by the invitation itself.
    """
    joining = request.session.get(_JOINING)
    if joining and joining["user"] == user.pk:
        return joining["link"], joining["name"]
    invited = (
        Enlistment.objects.filter(user=user, state=Enlistment.State.INVITED).order_by("-pk").first()
    )
    return (invited.link_id if invited else None), ""


def _closed(request: HttpRequest, closed: LinkClosed) -> HttpResponse:
    return render(request, "volunteers/link_closed.html", {"reason": str(closed)}, status=410)
