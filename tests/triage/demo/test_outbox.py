"""What the demo sent can be read by everybody at this machine, and only in the demo."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.triage.demo import demo_urls
from triage.demo import place

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
Keep = Callable[..., str]


@pytest.fixture
def keep(tmp_path: Path, settings: Settings) -> Keep:
    """Puts mails where the demo's SMTP server does, each a minute later than the one before."""
    settings.MUSTER_DATA_DIR = tmp_path
    settings.MUSTER_DEMO = True
    settings.ROOT_URLCONF = demo_urls.__name__
    folder = place.outbox(tmp_path)
    folder.mkdir()
    count = 0

    def keep_one(subject: str, text: str = "Hello Maya,\n\nwe are sorry.") -> str:
        nonlocal count
        count += 1
        mail = EmailMessage()
        mail["From"], mail["To"] = "Ann <support@fernhill.example>", "maya@customer.example"
        mail["Subject"], mail["In-Reply-To"] = subject, "<1@customer.example>"
        mail.set_content(text)
        identifier = f"{count:020d}-000001"
        (folder / f"{identifier}.eml").write_bytes(mail.as_bytes())
        fields = {
            "received_at": (NOON + timedelta(minutes=count)).isoformat(),
            "sender": "support@fernhill.example",
            "recipients": ["maya@customer.example"],
            "username": "support",
            "size_bytes": 1,
        }
        (folder / f"{identifier}.json").write_text(json.dumps(fields))
        return identifier

    return keep_one


def test_an_empty_outbox_says_when_something_comes(keep: Keep, client: Client) -> None:
    assert b"Nothing has been sent yet" in client.get("/outbox/").content


def test_a_stranger_sees_the_newest_mail_first(keep: Keep, client: Client) -> None:
    keep("Re: earlier")
    keep("Your code: QK7P", "your code for Muster is\n\n    QK7P")
    page = client.get("/outbox/").content.decode()
    assert page.index("QK7P") < page.index("Re: earlier")
    assert "asks for no login" in page


def test_a_mail_shows_words_headers_and_every_line(keep: Keep, client: Client) -> None:
    page = client.get(f"/outbox/{keep('Re: my data — über')}/").content.decode()
    assert "we are sorry." in page
    assert "Re: my data — über" in page
    assert "&lt;1@customer.example&gt;" in page
    assert "In-Reply-To: &lt;1@customer.example&gt;" in page


def test_words_of_a_mail_never_become_part_of_the_page(keep: Keep, client: Client) -> None:
    identifier = keep("<script>1</script>", "<script>2</script>")
    for path in ("/outbox/", f"/outbox/{identifier}/"):
        page = client.get(path).content
        assert b"<script>1" not in page
        assert b"<script>2" not in page


@pytest.mark.parametrize("identifier", ["..", "00000000000000000009-000001", "x"])
def test_a_mail_that_is_not_there_is_not_found(keep: Keep, client: Client, identifier: str) -> None:
    assert client.get(f"/outbox/{identifier}/").status_code == 404


def test_the_login_page_of_the_demo_points_there(keep: Keep, client: Client, db: None) -> None:
    assert 'href="/outbox/"' in client.get("/login/").content.decode()


def test_a_real_installation_has_no_outbox(client: Client, db: None) -> None:
    assert client.get("/outbox/").status_code == 404
    assert "/outbox/" not in client.get("/login/").content.decode()
