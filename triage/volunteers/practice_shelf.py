"""The supervisor's pages about practice: which mails there are, and writing better ones."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from triage.accounts.access import actor_of, requires
from triage.accounts.policy import Act
from triage.volunteers.actions import Refused, switch_practice_mail, write_practice_mail
from triage.volunteers.forms import PracticeMailForm, as_typed
from triage.volunteers.practice import Mail
from triage.volunteers.shelf import NoSuchMail, practice_mail, shelf


@requires(Act.PRACTICE_WRITE)
def mails(request: HttpRequest) -> HttpResponse:
    """Shows every practice mail, the shipped ones first."""
    return render(request, "volunteers/practice_mails.html", {"shelf": shelf()})


@requires(Act.PRACTICE_WRITE)
def write(request: HttpRequest, key: str = "") -> HttpResponse:
    """Writes a new practice mail, or other words for one that is there."""
    actor, mail = actor_of(request), _mail(key) if key else None
    given = request.POST if request.method == "POST" else None
    form = PracticeMailForm(given, initial=as_typed(mail) if mail else {})
    if form.is_valid():
        written = form.mail(key=key, lesson=mail.lesson if mail else "")
        write_practice_mail(mail=written, by=actor, at=actor.at)
        messages.success(request, _("Kept. Whoever practises from now on may get it."))
        return redirect("volunteers:practice_mails")
    context = {"form": form, "mail": mail}
    status = 200 if given is None else 422
    return render(request, "volunteers/practice_write.html", context, status=status)


@require_POST
@requires(Act.PRACTICE_WRITE)
def switch(request: HttpRequest, key: str) -> HttpResponse:
    """Takes a practice mail out of use, or back into it."""
    actor, mail = actor_of(request), _mail(key)
    is_on = request.POST.get("use") == "yes"
    try:
        switch_practice_mail(key=mail.key, is_on=is_on, by=actor, at=actor.at)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("volunteers:practice_mails")


def _mail(key: str) -> Mail:
    try:
        return practice_mail(key)
    except NoSuchMail as nothing:
        raise Http404 from nothing
