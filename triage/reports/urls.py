"""Addresses of the reports slice."""

from django.urls import URLPattern, path

from triage.reports import views

app_name = "reports"
urlpatterns: list[URLPattern] = [
    path("ledger/", views.show_ledger, name="ledger"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
