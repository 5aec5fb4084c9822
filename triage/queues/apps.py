"""The queues slice as an app."""

from django.apps import AppConfig


class QueuesConfig(AppConfig):
    """Names the slice for Django."""

    name = "triage.queues"
    label = "queues"
