"""Addresses of the allhands slice."""

from django.urls import path

from triage.allhands import views

app_name = "allhands"
urlpatterns = [
    path("", views.show, name="show"),
    path("open/", views.open_incident, name="open"),
    path("on/", views.on, name="on"),
    path("stand-down/", views.down, name="stand_down"),
    path("close/", views.close, name="close"),
    path("briefing/", views.briefing, name="briefing"),
    path("update/", views.update, name="update"),
    path("links/", views.new_link, name="new_link"),
    path("links/<int:link_id>/", views.link, name="link"),
    path("links/<int:link_id>/withdraw/", views.withdraw, name="withdraw"),
]
