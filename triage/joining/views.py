"""From the link to the briefing: name, code by mail, counted in."""

from datetime import datetime
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from triage.accounts import limits, login_codes
from triage.accounts.access import actor_of, public, requires
from triage.accounts.actions import name_person
from triage.accounts.models import RoleGrant, User
from triage.accounts.policy import Act
from triage.accounts.queries import first_name_of
from triage.joining.actions import let_in
from triage.joining.forms import JoinForm
from triage.volunteers import actions, links
from triage.volunteers.links import LinkClosed, OutsideDomains
from triage.volunteers.models import Enlistment, EnlistmentLink

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
    if request.method == "POST" and form.is_valid():
        try:
            if _start(request, form, link, at):
                return redirect(_after_start(request))
        except OutsideDomains:
            return _ask(request, form, link, at)
    context = {"form": form, "incident": link.incident}
    return render(request, "joining/join.html", context)


@public
def invited(request: HttpRequest, invitation: str) -> HttpResponse:
    """Welcomes somebody by name who was invited; the code goes to the address they have here."""
    try:
        part = links.invitation(invitation, at=timezone.now())
    except LinkClosed as closed:
        return _closed(request, closed)
    form = JoinForm({"name": part.user.get_full_name(), "email": part.user.email})
    if request.method == "POST" and form.is_valid() and _send(request, form, part.user, None):
        return redirect(_after_start(request))
    context = {"form": form, "incident": part.incident, "invited": part.user}
    return render(request, "joining/join.html", context)


@requires(Act.OWN_ACCOUNT)
def joined(request: HttpRequest) -> HttpResponse:
    """Counts the person in, now that their address is proven, and leads to the briefing."""
    actor, user = actor_of(request), cast(User, request.user)
    link_id, name = _joining(request, user)
    try:
        let_in(user_id=user.pk, link_id=link_id, by=actor, at=actor.at)
    except LinkClosed as closed:
        return _closed(request, closed) if link_id else redirect("accounts:front")
    if name and not user.name:
        name_person(user=user, name=name, shown_name=name.split()[0], by=actor, at=actor.at)
    request.session.pop(_JOINING, None)
    return redirect("volunteers:briefing")


def _join_form(request: HttpRequest) -> JoinForm:
    if not request.user.is_authenticated:
        return JoinForm(request.POST or None)
    user = request.user
    known = {"name": user.get_full_name(), "email": user.email}
    return JoinForm(known if request.method == "POST" else None, initial=known)


def _start(request: HttpRequest, form: JoinForm, link: EnlistmentLink, at: datetime) -> bool:
    """Tells whether the next page can be shown; otherwise the form says why not."""
    try:
        user = actions.join(link=link, email=form.cleaned_data["email"], at=at)
    except OutsideDomains:
        raise
    except LinkClosed as closed:
        form.add_error(None, str(closed))
        return False
    return _send(request, form, user, link)


def _send(request: HttpRequest, form: JoinForm, user: User, link: EnlistmentLink | None) -> bool:
    """Mails the code, unless who asks is logged in, and remembers what they came by."""
    name, link_id = form.cleaned_data["name"], link.pk if link else None
    request.session[_JOINING] = {"link": link_id, "name": name, "user": user.pk}
    if request.user.is_authenticated:
        return True
    way = f"link:{link_id}" if link_id else f"person:{user.pk}"
    if not (limits.may_join(way=way) and limits.may_send_code(request, email=user.email)):
        form.add_error(
            None, _("That was tried often just now. Please wait a few minutes, then try again.")
        )
        return False
    login_codes.send_code(request, user=user)
    return True


def _ask(request: HttpRequest, form: JoinForm, link: EnlistmentLink, at: datetime) -> HttpResponse:
    """Lets an admin decide about an address from outside, and says so."""
    if not limits.may_join(way=f"link:{link.pk}"):
        return render(request, "429.html", status=429)
    email, name = form.cleaned_data["email"], form.cleaned_data["name"]
    asked = actions.ask_to_join(
        incident_id=link.incident_id, email=email, name=name, link=link, at=at
    )
    context = {
        "asked": asked,
        "admin_name": first_name_of(RoleGrant.Role.ADMIN),
        "domains": [f"@{domain}" for domain in link.allowed_domains],
        "again": request.path,
    }
    return render(request, "joining/asked.html", context)


def _after_start(request: HttpRequest) -> str:
    done = reverse("joining:joined")
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
    return render(request, "joining/link_closed.html", {"reason": str(closed)}, status=410)
