"""The replies slice as an app."""

from django.apps import AppConfig


class RepliesConfig(AppConfig):
    """Names the slice for Django."""

    name = "triage.replies"
    label = "replies"
