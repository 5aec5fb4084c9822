"""Addresses of the conversations slice."""

from django.urls import URLPattern, path

from triage.conversations import views

app_name = "conversations"
urlpatterns: list[URLPattern] = [
    path("", views.inbox, name="inbox"),
    path("<int:conversation_id>/", views.show, name="show"),
    path("email/<int:message_id>/html/", views.html, name="html"),
    path("attachment/<int:attachment_id>/", views.attachment, name="attachment"),
]
