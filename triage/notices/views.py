"""What a supervisor or admin does about an alert."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from triage.accounts.access import actor_of, requires
from triage.accounts.policy import Act
from triage.notices.actions import see_alert


@require_POST
@requires(Act.ALERT_SEE)
def seen(request: HttpRequest, alert_id: int) -> HttpResponse:
    """Takes an alert into somebody's care; it is repeated no more."""
    if see_alert(alert_id=alert_id, by=actor_of(request), at=timezone.now()):
        messages.info(request, _("Thank you. Nobody else is told about it from now on."))
    return redirect("/board/")
