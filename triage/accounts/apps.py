"""The accounts slice as an app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Names the slice for Django."""

    name = "triage.accounts"
    label = "accounts"
