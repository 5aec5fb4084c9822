"""Addresses of the desk."""

from django.urls import path

from triage.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.show, name="show"),
    path("next/", views.next_person, name="next"),
    path("draft/", views.draft, name="draft"),
    path("send/", views.send, name="send"),
    path("undo/<int:reply_id>/", views.undo, name="undo"),
    path("pass-on/", views.pass_on, name="pass_on"),
    path("ask/", views.ask, name="ask"),
    path("label/", views.label, name="label"),
    path("no-answer/", views.no_answer, name="no_answer"),
    path("done/", views.done, name="done"),
    path("sent/", views.sent, name="sent"),
]
