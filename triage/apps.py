"""The project package as an app: it carries the management commands and template tags."""

from django.apps import AppConfig


class TriageConfig(AppConfig):
    """Muster's project package; it has no models of its own."""

    name = "triage"
