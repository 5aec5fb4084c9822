"""Addresses of the mailboxes slice."""

from django.urls import URLPattern, path

from triage.mailboxes import views

app_name = "mailboxes"
urlpatterns: list[URLPattern] = [
    path("mailboxes/", views.index, name="index"),
    path("mailboxes/add/", views.add, name="add"),
    path("mailboxes/<int:mailbox_id>/password/", views.password, name="password"),
    path("mailboxes/<int:mailbox_id>/limit/", views.daily_limit, name="daily_limit"),
    path("mailboxes/<int:mailbox_id>/watch/", views.watch, name="watch"),
    path("set-aside/", views.set_aside, name="set_aside"),
    path("set-aside/<int:arrival_id>/raw/", views.raw, name="raw"),
    path("set-aside/<int:arrival_id>/again/", views.replay, name="replay"),
    path("set-aside/<int:arrival_id>/away/", views.discard, name="discard"),
]
