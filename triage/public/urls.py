"""Addresses of the public slice."""

from django.urls import path

from triage.public import views

app_name = "public"
urlpatterns = [path("<slug:slug>/", views.incident, name="incident")]
