"""Addresses of the demo slice."""

from django.urls import path

from triage.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.mails, name="outbox"),
    path("<str:identifier>/", views.mail, name="mail"),
]
