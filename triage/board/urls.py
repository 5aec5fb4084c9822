"""Addresses of the board."""

from django.urls import path

from triage.board import views

app_name = "board"
urlpatterns = [
    path("", views.show, name="show"),
    path("live/", views.live, name="live"),
    path("rebalance/", views.rebalance, name="rebalance"),
    path("rebalance/undo/", views.undo, name="undo"),
    path("release/<int:ticket_id>/", views.release, name="release"),
    path("questions/<int:question_id>/", views.question, name="question"),
    path("unknown/<int:reply_id>/", views.decide, name="decide"),
]
