"""Addresses of the desk."""

from django.urls import path

from triage.desk import own_page, views, ways_out

app_name = "desk"
urlpatterns = [
    path("", views.show, name="show"),
    path("next/", views.next_person, name="next"),
    path("draft/", views.draft, name="draft"),
    path("pulse/", views.pulse, name="pulse"),
    path("here/", views.here, name="here"),
    path("send/", views.send, name="send"),
    path("undo/<int:reply_id>/", views.undo, name="undo"),
    path("pass-on/", ways_out.pass_on, name="pass_on"),
    path("danger/", ways_out.danger, name="danger"),
    path("ask/", ways_out.ask, name="ask"),
    path("label/", ways_out.label, name="label"),
    path("no-answer/", ways_out.no_answer, name="no_answer"),
    path("done/", ways_out.done, name="done"),
    path("sent/", views.sent, name="sent"),
    path("me/", own_page.me, name="me"),
    path("me/rest/", own_page.rest, name="rest"),
]
