"""The project package as an app: it carries the management commands, checks and template tags."""

from django.apps import AppConfig


class TriageConfig(AppConfig):
    """Muster's project package; it has no models of its own."""

    name = "triage"

    def ready(self) -> None:
        """Registers the checks of `manage.py check --deploy`."""
        from triage import checks  # noqa: F401
