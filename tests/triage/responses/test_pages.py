"""The pages of writers and approvers, with and without a phone."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.looking import assert_accessible, assert_fits
from tests.factories import desk
from tests.factories.desk import NOON, actor
from triage.responses.actions import offer_starters
from triage.responses.models import Response, ResponseVersion

pytestmark = pytest.mark.django_db
BODY = (
    "[[greeting]]\r\n\r\nIt was not reached.\r\n\r\n[[own line]]\r\n\r\nWith care,\r\n[[sign-off]]"
)
FIRST = {"name": "Card", "label": "data_concern", "language": "en", "note": "", "body": BODY}


def client_of(name: str, *roles: str) -> Client:
    client = Client()
    client.force_login(desk.user(name, *roles))
    return client


@pytest.fixture
def sam() -> Client:
    return client_of("Sam", "supervisor")


@pytest.fixture
def leo() -> Client:
    return client_of("Leo", "approver")


def waiting() -> ResponseVersion:
    offer_starters(by=actor("Sam", "supervisor"), at=NOON)
    return ResponseVersion.objects.get(response__key="card-en")


def test_an_answer_goes_from_its_writer_to_its_approver(sam: Client, leo: Client):
    sam.post("/responses/new/", FIRST)
    version = ResponseVersion.objects.get()
    sam.post(f"/responses/versions/{version.pk}/submit/")
    assert "Waiting for a second person" in leo.get("/responses/").content.decode()
    leo.post(f"/responses/versions/{version.pk}/approve/")
    version.refresh_from_db()
    assert version.state == "approved"
    assert version.body.startswith("[[greeting]]\n\nIt was")


def test_the_writer_finds_no_button_to_approve_and_no_way_around(sam: Client):
    version = waiting()
    page = sam.get(f"/responses/versions/{version.pk}/").content.decode()
    assert "a second person approves them" in page
    assert "/approve/" not in page
    sam.post(f"/responses/versions/{version.pk}/approve/")
    version.refresh_from_db()
    assert version.state == "in_review"


def test_an_approver_who_wrote_it_is_told_so_kindly(leo: Client):
    leo.post("/responses/new/", FIRST)
    version = ResponseVersion.objects.get()
    leo.post(f"/responses/versions/{version.pk}/submit/")
    answer = leo.post(f"/responses/versions/{version.pk}/approve/", follow=True)
    assert "You wrote these words" in answer.content.decode()
    version.refresh_from_db()
    assert version.state == "in_review"


def test_the_preview_fills_the_slots_and_escapes_the_words(leo: Client, sam: Client):
    sam.post("/responses/new/", {**FIRST, "body": BODY + "<script>x</script> {{7*7}}"})
    version = ResponseVersion.objects.get()
    page = leo.get(f"/responses/versions/{version.pk}/").content.decode()
    assert "Hi Dana," in page
    assert "&lt;script&gt;x&lt;/script&gt; {{7*7}}" in page


def test_words_with_a_mistake_come_back_with_the_reason_and_nothing_is_kept(sam: Client):
    page = sam.post("/responses/new/", {**FIRST, "body": "[[greting]] Hello"}).content.decode()
    assert "[[greting]] is no slot" in page
    assert not Response.objects.exists()


def test_given_back_words_show_the_reason_to_their_writer(sam: Client, leo: Client):
    version = waiting()
    leo.post(f"/responses/versions/{version.pk}/return/", {"reason": "Promises too much"})
    page = sam.get(f"/responses/versions/{version.pk}/").content.decode()
    assert "Promises too much" in page
    assert "Ask for approval" in page


def test_giving_back_needs_a_reason(leo: Client):
    version = waiting()
    leo.post(f"/responses/versions/{version.pk}/return/", {"reason": ""})
    version.refresh_from_db()
    assert version.state == "in_review"


def test_two_approvers_at_once_are_told_who_was_quicker(leo: Client):
    version = waiting()
    leo.post(f"/responses/versions/{version.pk}/approve/")
    answer = leo.post(f"/responses/versions/{version.pk}/approve/", follow=True)
    assert "has moved on" in answer.content.decode()


def test_a_new_version_begins_from_the_newest_words(sam: Client):
    version = waiting()
    page = sam.get(f"/responses/{version.response_id}/write/").content.decode()
    assert "payment data" in page


def test_helpers_see_none_of_this():
    version = waiting()
    ann = client_of("Ann", "volunteer")
    for path in ("", "new/", f"{version.response_id}/", f"versions/{version.pk}/"):
        assert ann.get(f"/responses/{path}").status_code == 403


def test_strangers_are_asked_to_log_in(client: Client):
    assert client.get("/responses/").headers["Location"].startswith("/login/")


def test_the_list_costs_the_same_for_many_answers(leo: Client, django_assert_max_num_queries):
    waiting()
    with django_assert_max_num_queries(10):
        leo.get("/responses/")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_approver_decides_on_a_phone_by_keyboard(
    page: Page, live_server: LiveServer, leo: Client, scheme: str
):
    version = waiting()
    value = leo.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]
    )
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": 360, "height": 740})
    for path in ("", "new/", f"{version.response_id}/", f"versions/{version.pk}/"):
        page.goto(f"{live_server.url}/responses/{path}")
        assert_fits(page)
        assert_accessible(page)
    page.get_by_role("button", name="Approve").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Helpers can choose it from now on.")).to_be_visible()
