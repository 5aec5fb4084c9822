"""Every address of Muster: each slice brings its own."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from triage.accounts.access import requires
from triage.accounts.policy import Act
from triage.audit.views import record

# The record is the lowest slice and knows no policy, so its page gets its guard here.
record_page = path("", requires(Act.AUDIT_VIEW)(record), name="record")

handler500 = "triage.accounts.views.trouble"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("triage.accounts.urls")),
    path("", include("triage.volunteers.urls")),
    path("", include("triage.joining.urls")),
    path("desk/", include("triage.desk.urls")),
    path("board/", include("triage.board.urls")),
    path("review/", include("triage.replies.urls")),
    path("lanes/", include("triage.lanes.urls")),
    path("alerts/", include("triage.notices.urls")),
    path("responses/", include("triage.responses.urls")),
    path("all-hands/", include("triage.allhands.urls")),
    path("inbox/", include("triage.conversations.urls")),
    path("", include("triage.mailboxes.urls")),
    path("audit/", include(([record_page], "audit"))),
    path("incident/", include("triage.public.urls")),
    path("", include("triage.reports.urls")),
]
if settings.MUSTER_DEMO:
    urlpatterns.append(path("outbox/", include("triage.demo.urls")))
