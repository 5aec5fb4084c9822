"""The reports slice as an app."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Names the slice for Django."""

    name = "triage.reports"
    label = "reports"
