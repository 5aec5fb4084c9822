"""The responses slice as an app."""

from django.apps import AppConfig


class ResponsesConfig(AppConfig):
    """Names the slice for Django."""

    name = "triage.responses"
    label = "responses"
