"""The desk slice as an app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Names the slice for Django."""

    name = "triage.desk"
    label = "desk"
