"""Addresses of the joining slice: for those who come, and for the admin who lets them in."""

from django.urls import path

from triage.joining import admitting, views

app_name = "joining"
urlpatterns = [
    path("join/<str:token>/", views.join, name="join"),
    path("invited/<str:invitation>/", views.invited, name="invited"),
    path("joined/", views.joined, name="joined"),
    path("all-hands/requests/", admitting.requests, name="requests"),
    path("all-hands/requests/<int:request_id>/yes/", admitting.say_yes, name="say_yes"),
    path("all-hands/requests/<int:request_id>/no/", admitting.say_no, name="say_no"),
]
