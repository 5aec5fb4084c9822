"""The front door: where each role begins, how much ceremony, and what an expired form gets."""

import sys
from urllib.parse import urlsplit

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from triage.accounts.access import actor_of, public, requires
from triage.accounts.actions import choose_ceremony
from triage.accounts.forms import CeremonyForm
from triage.accounts.policy import Act, Actor
from triage.accounts.queries import chosen_ceremony, with_several_roles

# Who holds several roles begins where the most depends on them.
_FIRST_PAGES = (
    ("admin", "/all-hands/"),
    ("supervisor", "/board/"),
    ("approver", "/responses/"),
    ("auditor", "/audit/"),
)


def first_page(actor: Actor) -> str:
    """Gives the address of the page on which this person's work begins."""
    for role, page in _FIRST_PAGES:
        if actor.has(role):
            return page
    return "/desk/"


@requires(Act.OWN_ACCOUNT)
def front(request: HttpRequest) -> HttpResponse:
    """Leads each person to their first page."""
    return redirect(first_page(actor_of(request)))


@require_http_methods(["GET", "POST"])
@requires(Act.SETTINGS_CHANGE)
def settings(request: HttpRequest) -> HttpResponse:
    """Shows how much ceremony is asked of people here, and takes another choice."""
    chosen = chosen_ceremony()
    form = CeremonyForm(request.POST or None, initial={"size": chosen.ceremony.size.value})
    if request.method == "POST" and form.is_valid():
        choose_ceremony(size=form.size_chosen(), by=actor_of(request), at=timezone.now())
        return redirect("accounts:settings")
    context = {"form": form, "chosen": chosen, "several": with_several_roles()}
    return render(request, "accounts/settings.html", context)


@public
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Shows what was typed when a form's protection no longer fits, so that nothing is lost.

    Only a form from our own pages (RFC 6454 Origin header) gets a button that sends it again; what
    another site made somebody send is shown and goes nowhere.
    """
    typed = [(name, value) for name, value in _fields(request) if not _is_secret(name)]
    context = {
        "typed": [(name, value) for name, value in typed if value.strip()],
        "fields": typed,
        "may_send_again": _is_from_our_page(request) and len(typed) == len(_fields(request)),
        "path": request.get_full_path(),
        "page": _page_it_came_from(request),
    }
    return render(request, "accounts/form_expired.html", context, status=403)


@public
def trouble(request: HttpRequest) -> HttpResponse:
    """Answers for an error: a database that is busy is worth another try, all else is noted.

    The page of a busy moment asks again by itself, or offers what was typed with one button; it
    needs no database itself.
    """
    if not isinstance(sys.exc_info()[1], OperationalError):
        return render(request, "500.html", status=500)
    context = {
        "is_form": request.method == "POST",
        "fields": [(name, value) for name, value in _fields(request) if not _is_secret(name)],
        "path": request.get_full_path(),
    }
    return render(request, "503.html", context, status=503)


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]


def _is_secret(name: str) -> bool:
    return "password" in name or "code" in name


def _page_it_came_from(request: HttpRequest) -> str:
    page = urlsplit(request.headers.get("Referer", ""))
    return page.path if page.netloc == request.get_host() else "/"


def _is_from_our_page(request: HttpRequest) -> bool:
    origin = urlsplit(request.headers.get("Origin", ""))
    return origin.scheme == request.scheme and origin.netloc == request.get_host()
