"""Addresses of the lanes."""

from django.urls import path

from triage.lanes import views

app_name = "lanes"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:lane_id>/", views.set_lane, name="set"),
    path("emails/<int:ticket_id>/over/", views.hand_over, name="over"),
    path("emails/<int:ticket_id>/back/", views.hand_back, name="back"),
    path("emails/<int:ticket_id>/note/", views.write_note, name="note"),
    path("notes/<int:note_id>/export/", views.set_note_in_export, name="export"),
]
