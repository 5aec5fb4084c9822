"""Addresses of the volunteers slice."""

from django.urls import path

from triage.volunteers import views

app_name = "volunteers"
urlpatterns = [
    path("briefing/", views.briefing, name="briefing"),
]
