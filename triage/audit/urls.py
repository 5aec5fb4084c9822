"""Addresses of the audit slice."""

from django.urls import URLPattern

app_name = "audit"
urlpatterns: list[URLPattern] = []
