"""Addresses of the responses slice."""

from django.urls import URLPattern

app_name = "responses"
urlpatterns: list[URLPattern] = []
