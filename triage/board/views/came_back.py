"""The answers that came back, so that somebody finds another way to the person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from inbox.models import OutboundMessage
from triage.accounts.access import requires
from triage.accounts.policy import Act
from triage.board.attention import CAME_BACK_WITHIN

SHOWN = 50


@require_GET
@requires(Act.BOARD_STEER)
def index(request: HttpRequest) -> HttpResponse:
    """Shows the answers that came back in the last day, the latest first."""
    since = timezone.now() - CAME_BACK_WITHIN
    rows = OutboundMessage.objects.filter(
        state=OutboundMessage.State.BOUNCED, finished_at__gte=since
    ).defer("content")
    latest = list(rows.order_by("-finished_at")[:SHOWN])
    return render(request, "board/came_back.html", {"mails": latest, "now": timezone.now()})
