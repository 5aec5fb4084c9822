import pytest
from django.db import OperationalError
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def breaks(error: Exception) -> object:
    def view(*_: object, **__: object) -> None:
        raise error

    return view


def test_a_busy_database_is_one_moment_and_the_page_tries_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = breaks(OperationalError("database is locked"))
    monkeypatch.setattr("triage.public.views.get_object_or_404", busy, raising=False)
    answer = client.get("/incident/the-breach/")
    assert answer.status_code == 503
    assert b'http-equiv="refresh"' in answer.content


def test_what_was_typed_comes_back_with_one_button(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "django.contrib.sessions.middleware.SessionMiddleware.process_request",
        breaks(OperationalError("database is locked")),
    )
    answer = client.post("/desk/send/", {"slot-own line": "Take care.", "password": "hush"})
    assert answer.status_code == 503
    assert b"Take care." in answer.content
    assert b"hush" not in answer.content


def test_any_other_error_is_ours_and_said_kindly(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "django.contrib.sessions.middleware.SessionMiddleware.process_request",
        breaks(ValueError("no")),
    )
    answer = client.get("/login/")
    assert answer.status_code == 500
    assert b"on our side" in answer.content
