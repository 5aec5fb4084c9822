"""Addresses of the board slice."""

from django.urls import URLPattern

app_name = "board"
urlpatterns: list[URLPattern] = []
