"""The volunteers slice as an app."""

from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    """Names the slice for Django."""

    name = "triage.volunteers"
    label = "volunteers"
