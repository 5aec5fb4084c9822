"""The public slice as an app."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """Names the slice for Django."""

    name = "triage.public"
    label = "public"
