"""Addresses of the reports slice."""

from django.urls import URLPattern, path

from triage.reports import views

app_name = "reports"
urlpatterns: list[URLPattern] = [
    path("ledger/", views.show_ledger, name="ledger"),
    path("audit/incidents/", views.incidents, name="incidents"),
    path("audit/incidents/<slug:slug>/file/", views.incident_file, name="incident_file"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
