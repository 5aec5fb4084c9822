"""Addresses of the volunteers slice."""

from django.urls import path

from triage.volunteers import views

app_name = "volunteers"
urlpatterns = [
    path("join/<str:token>/", views.join, name="join"),
    path("joined/", views.joined, name="joined"),
    path("briefing/", views.briefing, name="briefing"),
]
