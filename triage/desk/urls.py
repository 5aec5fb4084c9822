"""Addresses of the desk slice."""

from django.urls import URLPattern

app_name = "desk"
urlpatterns: list[URLPattern] = []
