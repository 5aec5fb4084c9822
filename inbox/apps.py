"""The mail half of Muster as an app."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    """Mail in, mail out; knows nothing of people, queues or answers."""

    name = "inbox"
