"""The conversations slice as an app."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """Names the slice for Django."""

    name = "triage.conversations"
    label = "conversations"
