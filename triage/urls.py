"""Every address of Muster: each slice brings its own."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("triage.accounts.urls")),
    path("", include("triage.volunteers.urls")),
    path("desk/", include("triage.desk.urls")),
    path("board/", include("triage.board.urls")),
    path("alerts/", include("triage.notices.urls")),
    path("responses/", include("triage.responses.urls")),
    path("all-hands/", include("triage.allhands.urls")),
    path("inbox/", include("triage.conversations.urls")),
    path("", include("triage.mailboxes.urls")),
    path("audit/", include("triage.audit.urls")),
    path("incident/", include("triage.public.urls")),
    path("", include("triage.reports.urls")),
]
if settings.MUSTER_DEMO:
    urlpatterns.append(path("outbox/", include("triage.demo.urls")))
