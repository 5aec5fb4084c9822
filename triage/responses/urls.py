"""Addresses of the responses slice."""

from django.urls import path

from triage.responses import views

app_name = "responses"
urlpatterns = [
    path("", views.library, name="library"),
    path("new/", views.new, name="new"),
    path("starters/", views.starters, name="starters"),
    path("<int:response_id>/", views.answer, name="answer"),
    path("<int:response_id>/write/", views.write, name="write"),
    path("versions/<int:version_id>/", views.version, name="version"),
    path("versions/<int:version_id>/submit/", views.submit, name="submit"),
    path("versions/<int:version_id>/approve/", views.approve, name="approve"),
    path("versions/<int:version_id>/return/", views.send_back, name="send_back"),
    path("versions/<int:version_id>/retire/", views.retire, name="retire"),
]
