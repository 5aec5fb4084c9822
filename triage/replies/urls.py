"""Addresses of the pages on which colleagues read answers before they go."""

from django.urls import path

from triage.replies import views

app_name = "review"
urlpatterns = [
    path("", views.show, name="show"),
    path("next/", views.open_next, name="next"),
    path("later/", views.put_down, name="later"),
    path("at-once/", views.approve_unedited, name="at_once"),
    path("mode/", views.mode, name="mode"),
    path("<int:review_id>/approve/", views.approve, name="approve"),
    path("<int:review_id>/return/", views.return_, name="return"),
]
