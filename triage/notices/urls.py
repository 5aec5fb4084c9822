"""Addresses of the notices slice."""

from django.urls import path

from triage.notices import views

app_name = "notices"
urlpatterns = [path("<int:alert_id>/seen/", views.seen, name="seen")]
