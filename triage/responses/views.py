"""The pages of writers and approvers: the list, the words, and a second person's yes."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from triage.accounts.access import actor_of, requires
from triage.accounts.policy import Act, Actor, Subject, may
from triage.responses import actions
from triage.responses.forms import AnswerForm, ReturnForm, WordsForm
from triage.responses.models import Response, ResponseVersion
from triage.responses.queries import library as all_answers
from triage.responses.queries import preview, versions_of

FIRST_WORDS = "[[greeting]]\n\n\n\n[[own line]]\n\n{closing}\n[[sign-off]]\n"


@require_GET
@requires(Act.RESPONSE_VIEW)
def library(request: HttpRequest) -> HttpResponse:
    """Shows every answer, those that wait for a second person first."""
    shelves = all_answers()
    return render(
        request,
        "responses/library.html",
        {
            "shelves": shelves,
            "waiting": [shelf.waiting for shelf in shelves if shelf.waiting],
            "may_write": may(actor_of(request), Act.RESPONSE_WRITE),
        },
    )


@require_GET
@requires(Act.RESPONSE_VIEW)
def answer(request: HttpRequest, response_id: int) -> HttpResponse:
    """Shows one answer with all its versions."""
    response = get_object_or_404(Response, pk=response_id)
    versions = versions_of(response_id)
    used = next((version for version in versions if version.state == "approved"), None)
    shown = {
        "response": response,
        "versions": versions,
        "used": used,
        "parts": preview(used) if used else (),
        "may_write": may(actor_of(request), Act.RESPONSE_WRITE),
        "may_retire": used is not None and may(actor_of(request), Act.RESPONSE_APPROVE),
    }
    return render(request, "responses/answer.html", shown)


@require_http_methods(["GET", "POST"])
@requires(Act.RESPONSE_WRITE)
def new(request: HttpRequest) -> HttpResponse:
    """Takes a new answer and its first words."""
    words = FIRST_WORDS.format(closing=_("With kind regards,"))
    form = AnswerForm(request.POST or None, initial={"body": words})
    if request.method == "POST" and form.is_valid():
        version = _written(request, form, actions.write_answer, **form.cleaned_data)
        if version is not None:
            return redirect("responses:version", version.pk)
    return render(request, "responses/write.html", {"form": form, "response": None})


@require_http_methods(["GET", "POST"])
@requires(Act.RESPONSE_WRITE)
def write(request: HttpRequest, response_id: int) -> HttpResponse:
    """Takes the words of the next version, beginning from the newest."""
    response = get_object_or_404(Response, pk=response_id)
    newest = next(iter(versions_of(response_id)), None)
    form = WordsForm(request.POST or None, initial={"body": newest.body if newest else ""})
    if request.method == "POST" and form.is_valid():
        version = _written(
            request, form, actions.write_version, response_id=response_id, **form.cleaned_data
        )
        if version is not None:
            return redirect("responses:version", version.pk)
    return render(request, "responses/write.html", {"form": form, "response": response})


@require_GET
@requires(Act.RESPONSE_VIEW)
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """Shows one version as a customer would read it, and what this person may do with it."""
    shown = _shown(version_id)
    return render(request, "responses/version.html", _version_page(shown, actor_of(request)))


@require_POST
@requires(Act.RESPONSE_WRITE)
def submit(request: HttpRequest, version_id: int) -> HttpResponse:
    """Asks for a second person's yes."""
    thanks = _("Thank you. It now waits for a second person.")
    return _decided(request, version_id, actions.submit_version, thanks)


@require_POST
@requires(Act.RESPONSE_APPROVE)
def approve(request: HttpRequest, version_id: int) -> HttpResponse:
    """Makes these the words that helpers may use."""
    thanks = _("Approved. Helpers can choose it from now on.")
    return _decided(request, version_id, actions.approve_version, thanks)


@require_POST
@requires(Act.RESPONSE_APPROVE)
def send_back(request: HttpRequest, version_id: int) -> HttpResponse:
    """Gives the words back to their writer with what to mend."""
    form = ReturnForm(request.POST)
    if not form.is_valid():
        shown = _shown(version_id)
        page = {**_version_page(shown, actor_of(request)), "return_form": form}
        return render(request, "responses/version.html", page)
    thanks = _("It is back with its writer.")
    return _decided(request, version_id, actions.return_version, thanks, **form.cleaned_data)


@require_POST
@requires(Act.RESPONSE_APPROVE)
def retire(request: HttpRequest, version_id: int) -> HttpResponse:
    """Ends a version: from now on nobody can use it."""
    thanks = _("Retired. Nobody can use it from now on.")
    return _decided(request, version_id, actions.retire_version, thanks)


@require_POST
@requires(Act.RESPONSE_WRITE)
def starters(request: HttpRequest) -> HttpResponse:
    """Brings in the answers that Muster ships; a second person looks at each."""
    came = len(actions.offer_starters(by=actor_of(request), at=timezone.now()))
    messages.info(
        request,
        ngettext(
            "%(count)s answer came in and waits for a second person.",
            "%(count)s answers came in and wait for a second person.",
            came,
        )
        % {"count": came},
    )
    return redirect("responses:library")


def _shown(version_id: int) -> ResponseVersion:
    related = ResponseVersion.objects.select_related("response", "author", "approved_by")
    return get_object_or_404(related, pk=version_id)


def _version_page(shown: ResponseVersion, actor: Actor) -> dict[str, object]:
    subject = Subject(kind="response", author_id=shown.author_id)
    others = [other for other in versions_of(shown.response_id) if other.state == "approved"]
    used = next((other for other in others if other.pk != shown.pk), None)
    return {
        "version": shown,
        "response": shown.response,
        "parts": preview(shown),
        "used_parts": preview(used) if used else (),
        "is_own": shown.author_id == actor.id,
        "may_write": may(actor, Act.RESPONSE_WRITE),
        "may_approve": may(actor, Act.RESPONSE_APPROVE, subject),
        "may_retire": may(actor, Act.RESPONSE_APPROVE),
        "return_form": ReturnForm(),
    }


def _written(
    request: HttpRequest,
    form: WordsForm,
    action: Callable[..., ResponseVersion],
    **arguments: object,
) -> ResponseVersion | None:
    try:
        return action(by=actor_of(request), at=timezone.now(), **arguments)
    except actions.NotSound as fault:
        form.add_error("body", str(fault))
        return None


def _decided(
    request: HttpRequest,
    version_id: int,
    action: Callable[..., ResponseVersion],
    thanks: str,
    **arguments: object,
) -> HttpResponse:
    get_object_or_404(ResponseVersion, pk=version_id)
    try:
        action(version_id=version_id, by=actor_of(request), at=timezone.now(), **arguments)
        messages.info(request, thanks)
    except actions.Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("responses:version", version_id)
