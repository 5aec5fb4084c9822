"""The pages of practice: five mails, one choice each, a kind word at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from triage.accounts.access import actor_of, requires
from triage.accounts.policy import Act
from triage.volunteers.actions import Refused, begin_round, choose
from triage.volunteers.forms import ChoiceForm
from triage.volunteers.practice import ENOUGH
from triage.volunteers.shelf import newest_round, practised


@requires(Act.BRIEFING_READ)
def practice(request: HttpRequest) -> HttpResponse:
    """Begins a round of practice, goes on with it, or says how it went."""
    actor = actor_of(request)
    if request.method == "POST":
        begin_round(by=actor, at=actor.at)
        return redirect("volunteers:practice")
    going = newest_round(actor.id)
    if going is not None and not going.is_over:
        return redirect("volunteers:practice_mail", number=going.next_number)
    context = {"round": going, "enough": ENOUGH}
    return render(request, "volunteers/practice.html", context)


@requires(Act.BRIEFING_READ)
def practice_mail(request: HttpRequest, number: int) -> HttpResponse:
    """Shows one practice mail and takes what the person would do; then what we say to it."""
    actor, form = actor_of(request), ChoiceForm(request.POST if request.method == "POST" else None)
    page = practised(user_id=actor.id, number=number)
    if page is None:
        return redirect("volunteers:practice")
    if request.method == "POST" and form.is_valid():
        try:
            choose(number=number, choice=form.cleaned_data["choice"], by=actor, at=actor.at)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        return redirect("volunteers:practice_mail", number=number)
    context = {"page": page, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "volunteers/practice_mail.html", context, status=status)
