"""Addresses of the joining slice: for those who come, and for the admin who lets them in."""

from django.urls import path

from triage.accounts.limits import capped
from triage.accounts.shared import asks_if_shared
from triage.joining import admitting, arriving, listing, paper, views

app_name = "joining"
urlpatterns = [
    path("join/<str:token>/", capped(asks_if_shared(views.join)), name="join"),
    path("invited/<str:invitation>/", capped(asks_if_shared(views.invited)), name="invited"),
    path("code/", capped(asks_if_shared(paper.enter)), name="enter"),
    path("joined/company/", arriving.company, name="company"),
    path("joined/", views.joined, name="joined"),
    path("all-hands/list/", listing.bring, name="list"),
    path("all-hands/list/invite/", listing.invite_list, name="invite_list"),
    path("all-hands/printed-codes/", paper.sheets, name="sheets"),
    path("all-hands/printed-codes/new/", paper.new_sheet, name="new_sheet"),
    path("all-hands/printed-codes/lend/", paper.lend, name="lend"),
    path("all-hands/printed-codes/<int:sheet_id>/", paper.sheet, name="sheet"),
    path("all-hands/printed-codes/<int:sheet_id>/close/", paper.close_sheet, name="close_sheet"),
    path("all-hands/requests/", admitting.requests, name="requests"),
    path("all-hands/requests/<int:request_id>/yes/", admitting.say_yes, name="say_yes"),
    path("all-hands/requests/<int:request_id>/no/", admitting.say_no, name="say_no"),
]
