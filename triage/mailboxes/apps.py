"""The mailboxes slice as an app."""

from django.apps import AppConfig


class MailboxesConfig(AppConfig):
    """Names the slice for Django."""

    name = "triage.mailboxes"
    label = "mailboxes"
