"""The audit slice as an app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Names the slice for Django."""

    name = "triage.audit"
    label = "audit"
