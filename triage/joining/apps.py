"""The joining slice as an app."""

from django.apps import AppConfig


class JoiningConfig(AppConfig):
    """Names the slice for Django."""

    name = "triage.joining"
    label = "joining"
