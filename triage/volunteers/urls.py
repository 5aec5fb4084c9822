"""Addresses of the volunteers slice."""

from django.urls import URLPattern

app_name = "volunteers"
urlpatterns: list[URLPattern] = []
