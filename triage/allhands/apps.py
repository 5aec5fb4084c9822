"""The allhands slice as an app."""

from django.apps import AppConfig


class AllhandsConfig(AppConfig):
    """Names the slice for Django."""

    name = "triage.allhands"
    label = "allhands"
