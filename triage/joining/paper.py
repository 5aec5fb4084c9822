"""Printed login codes: the admin's sheets, and the page where somebody types one."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from triage.accounts import limits
from triage.accounts.access import actor_of, public, requires
from triage.accounts.entering import log_in
from triage.accounts.policy import Act, Actor
from triage.incidents.models import Incident
from triage.incidents.queries import current
from triage.joining.actions import enter_by_code, lend_code
from triage.joining.forms import CodeForm, LendForm, SheetForm
from triage.volunteers import printed
from triage.volunteers.actions import make_sheet, secret_of, withdraw_sheet
from triage.volunteers.links import LinkClosed
from triage.volunteers.models import CodeSheet
from triage.volunteers.queries import newest_sheets

_LENT_FOR = timedelta(hours=12)


@dataclass(frozen=True)
class Slip:
    """One code to cut out: its signs, and a picture that opens the page with it."""

    code: str
    picture: str
    is_used: bool


@public
def enter(request: HttpRequest) -> HttpResponse:
    """Lets somebody in by a printed code: newcomers to the briefing, others to their work."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _enter(request, form.cleaned_data)
        except LinkClosed as closed:
            form.add_error(None, str(closed))
    return render(request, "joining/enter.html", {"form": form})


def _enter(request: HttpRequest, words: dict[str, str]) -> HttpResponse:
    typed = printed.read(words["code"])
    if not limits.may_try_printed(request, serial=typed.serial if typed else ""):
        raise LinkClosed(_("That was tried too often. Please wait five minutes, then try again."))
    person = enter_by_code(typed=typed, name=words["name"], at=timezone.now())
    return log_in(request, user=person, method="printed_code", next_page="/")


@requires(Act.LINK_MAKE)
def sheets(request: HttpRequest) -> HttpResponse:
    """Shows the sheets that were made, and the forms for new ones."""
    return _sheets(request)


@requires(Act.LINK_MAKE)
@require_POST
def new_sheet(request: HttpRequest) -> HttpResponse:
    """Makes a sheet of codes for newcomers and shows it, ready to print."""
    actor, form = actor_of(request), SheetForm(request.POST)
    if not form.is_valid():
        return _sheets(request, form=form, status=422)
    incident = get_object_or_404(Incident, closed_at__isnull=True)
    return redirect("joining:sheet", _make(form.cleaned_data, incident, actor).pk)


def _make(wishes: dict[str, Any], incident: Incident, actor: Actor) -> CodeSheet:
    return make_sheet(
        incident_id=incident.pk,
        count=wishes["count"],
        expires_at=actor.at + timedelta(hours=wishes["hours"]),
        queue_ids=wishes["queues"],
        languages=wishes["language"],
        note=wishes["note"],
        user_id=actor.id,
        by=actor,
        at=actor.at,
    )


@requires(Act.LOGIN_LEND)
@require_POST
def lend(request: HttpRequest) -> HttpResponse:
    """Makes one code for somebody whose own login is down, and shows it."""
    actor, form = actor_of(request), LendForm(request.POST)
    if not form.is_valid():
        return _sheets(request, lend_form=form, status=422)
    made = lend_code(
        person=form.cleaned_data["email"], expires_at=actor.at + _LENT_FOR, by=actor, at=actor.at
    )
    return redirect("joining:sheet", made.pk)


@requires(Act.LINK_MAKE)
def sheet(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Shows a sheet as it is printed and cut."""
    row = get_object_or_404(CodeSheet.objects.select_related("person", "incident"), pk=sheet_id)
    address = settings.MUSTER_BASE_URL + reverse("joining:enter")
    slips = [_slip(row, code.serial, code.used_at is not None, address) for code in row.codes.all()]
    context = {"sheet": row, "slips": slips, "address": address.partition("//")[2]}
    return render(request, "joining/sheet.html", context)


def _slip(row: CodeSheet, serial: str, is_used: bool, address: str) -> Slip:
    """Gives one slip; the code stands behind the #, which no server is told and no log keeps."""
    code = printed.shown(serial, secret_of(row, serial))
    picture = segno.make(f"{address}#{code}", micro=False)
    return Slip(code, picture.svg_data_uri(scale=3, border=2, light="#fff"), is_used)


@requires(Act.LINK_MAKE)
@require_POST
def close_sheet(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Closes what is left of a sheet for good."""
    actor, row = actor_of(request), get_object_or_404(CodeSheet, pk=sheet_id)
    withdraw_sheet(sheet_id=row.pk, by=actor, at=actor.at)
    return redirect("joining:sheets")


def _sheets(request: HttpRequest, *, status: int = 200, **forms: object) -> HttpResponse:
    incident = current()
    context = {
        "incident": incident,
        "sheets": newest_sheets(at=actor_of(request).at),
        "form": SheetForm(),
        "lend_form": LendForm(),
    } | forms
    return render(request, "joining/sheets.html", context, status=status)
