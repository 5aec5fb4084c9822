"""Moving or relabelling a frozen selection of emails: chosen, looked at, begun, undone."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from triage.accounts.access import actor_of, requires
from triage.accounts.policy import Act
from triage.board.forms import SelectionForm
from triage.queues import actions
from triage.queues.bulk import progress
from triage.queues.models import BulkMove

LATEST = 10


@requires(Act.BOARD_STEER)
def choose(request: HttpRequest) -> HttpResponse:
    """Shows the form and the latest selections; freezes what is asked for."""
    form = SelectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            bulk = actions.freeze(
                chosen=form.chosen(), deed=form.deed(), by=actor_of(request), at=timezone.now()
            )
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("board:bulk_show", bulk_id=bulk.pk)
    latest = BulkMove.objects.select_related("to_queue", "made_by").order_by("-pk")[:LATEST]
    return render(request, "board/bulk.html", {"form": form, "latest": latest})


@require_GET
@requires(Act.BOARD_STEER)
def show(request: HttpRequest, bulk_id: int) -> HttpResponse:
    """Shows one selection: what it will do, how far it is, what was left out."""
    bulk = get_object_or_404(BulkMove.objects.select_related("to_queue", "made_by"), pk=bulk_id)
    context = {"bulk": bulk, "progress": progress(bulk)}
    name = "board/_bulk.html" if request.headers.get("HX-Request") else "board/bulk_show.html"
    return render(request, name, context)


_DEEDS = {"start": actions.start_bulk, "undo": actions.undo_bulk, "drop": actions.drop_bulk}


@require_POST
@requires(Act.BOARD_STEER)
def decide(request: HttpRequest, bulk_id: int) -> HttpResponse:
    """Begins, undoes or drops a selection, as the pressed button says."""
    bulk = get_object_or_404(BulkMove, pk=bulk_id)
    deed = request.POST.get("deed", "")
    act = _DEEDS.get(deed)
    if act is None:
        return redirect("board:bulk_show", bulk_id=bulk.pk)
    try:
        act(bulk_id=bulk.pk, by=actor_of(request), at=timezone.now())
    except actions.Refused as refusal:
        messages.info(request, str(refusal))
    if deed == "drop":
        messages.info(request, _("Nothing was changed."))
        return redirect("board:bulk")
    return redirect("board:bulk_show", bulk_id=bulk.pk)
