"""A customer is called by their name, or not by name at all."""

import pytest

from triage.replies.greetings import first_name, greeting, short_name


@pytest.mark.parametrize(
    ("written", "called"),
    [
        ("Dana Rivers", "Dana"),
        ("DANA RIVERS", "Dana"),
        ("rivers, dana", "Dana"),
        ("Jean-Luc Picard", "Jean-Luc"),
        ("Zoë", "Zoë"),
        ("Łukasz Nowak", "Łukasz"),
        ("O'Neill", "O'Neill"),
        ("noreply", ""),
        ("Dr Miller", ""),
        ("dana@example.net", ""),
        ("D. Rivers", ""),
        ("user4711", ""),
        ("", ""),
        ("[b]Click[/b]", ""),
        ("Customer Service", ""),
    ],
)
def test_the_first_name_is_used_only_when_it_is_clear(written, called):
    assert first_name(written) == called


def test_the_greeting_is_in_the_language_of_the_answer():
    assert greeting("Dana Rivers", language="de") == "Hallo Dana,"
    assert greeting("noreply", language="en") == "Hi there,"
    assert greeting("Dana", language="pl") == "Hi Dana,"


def test_a_screen_shows_first_name_and_initial():
    assert short_name("Dana Rivers") == "Dana R."
    assert short_name("dana@example.net") == "dana@example.net"
