"""Addresses of the allhands slice."""

from django.urls import URLPattern

app_name = "allhands"
urlpatterns: list[URLPattern] = []
