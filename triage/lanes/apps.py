"""The lanes slice as an app."""

from django.apps import AppConfig


class LanesConfig(AppConfig):
    """Names the slice for Django."""

    name = "triage.lanes"
    label = "lanes"
