"""The auditor's page. Its guard stands in triage/urls.py: policy is above this slice."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from triage.audit.forms import FilterForm
from triage.audit.queries import events


def record(request: HttpRequest) -> HttpResponse:
    """Shows who did what, newest first, as far as the filters let through."""
    form = FilterForm(request.GET)
    wanted = form.wanted()
    page = events(wanted, older_than=form.cleaned_data.get("older_than"))
    further = request.GET.copy()
    further["older_than"] = str(page.older_than)
    context = {"form": form, "page": page, "further": further.urlencode()}
    return render(request, "audit/record.html", context)
