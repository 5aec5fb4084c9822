"""The notices slice as an app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Names the slice for Django."""

    name = "triage.notices"
    label = "notices"
