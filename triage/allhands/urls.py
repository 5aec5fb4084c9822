"""Addresses of the allhands slice."""

from django.urls import path

from triage.allhands.views import knowing, links, setting_up, steps, telling

app_name = "allhands"
urlpatterns = [
    path("", steps.show, name="show"),
    path("open/", steps.open_incident, name="open"),
    path("on/", steps.on, name="on"),
    path("level/", steps.level, name="level"),
    path("extend/", steps.extend, name="extend"),
    path("stand-down/", steps.down, name="stand_down"),
    path("close/", steps.close, name="close"),
    path("requests/<int:level_request_id>/confirm/", steps.confirm, name="confirm"),
    path("requests/<int:level_request_id>/take-back/", steps.take_back, name="take_back"),
    path("known-since/", telling.known_since, name="known_since"),
    path("two-people/", setting_up.two_people, name="two_people"),
    path("mailboxes/", setting_up.bind, name="bind"),
    path("mailboxes/<int:mailbox_id>/unbind/", setting_up.unbind, name="unbind"),
    path("briefing/", knowing.briefing, name="briefing"),
    path("facts/", knowing.facts, name="facts"),
    path("facts/<int:fact_id>/change/", knowing.change_fact, name="change_fact"),
    path(
        "facts/versions/<int:fact_version_id>/confirm/", knowing.confirm_fact, name="confirm_fact"
    ),
    path("update/", telling.update, name="update"),
    path("told/", telling.told, name="told"),
    path("told/<int:told_id>/take-back/", telling.take_back, name="take_back_told"),
    path("letter/", telling.letter, name="letter"),
    path("words/", telling.words, name="words"),
    path("helpers/", links.helpers, name="helpers"),
    path("links/", links.new_link, name="new_link"),
    path("links/<int:link_id>/", links.link, name="link"),
    path("links/<int:link_id>/withdraw/", links.withdraw, name="withdraw"),
]
