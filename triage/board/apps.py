"""The board slice as an app."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    """Names the slice for Django."""

    name = "triage.board"
    label = "board"
