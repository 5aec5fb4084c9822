"""The incidents slice as an app."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Names the slice for Django."""

    name = "triage.incidents"
    label = "incidents"
