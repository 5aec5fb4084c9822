"""Addresses of the volunteers slice."""

from django.urls import path

from triage.volunteers import practice_shelf, practising, views

app_name = "volunteers"
urlpatterns = [
    path("briefing/", views.briefing, name="briefing"),
    path("briefing/sign/", views.sign, name="sign"),
    path("briefing/again/", views.read_again, name="read_again"),
    path("practice/", practising.practice, name="practice"),
    path("practice/<int:number>/", practising.practice_mail, name="practice_mail"),
    path("practice/mails/", practice_shelf.mails, name="practice_mails"),
    path("practice/mails/new/", practice_shelf.write, name="new_practice_mail"),
    path("practice/mails/<slug:key>/", practice_shelf.write, name="write_practice_mail"),
    path("practice/mails/<slug:key>/switch/", practice_shelf.switch, name="switch_practice_mail"),
]
