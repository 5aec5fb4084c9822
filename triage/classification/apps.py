"""The classification slice as an app."""

from django.apps import AppConfig


class ClassificationConfig(AppConfig):
    """Names the slice for Django."""

    name = "triage.classification"
    label = "classification"
