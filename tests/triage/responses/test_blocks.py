"""Locked words stay as approved; people fill slots; nothing filled in is read again."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.responses.blocks import (
    BlockError,
    Forbidden,
    Locked,
    MissingSlot,
    MissingVariable,
    Slot,
    TooLong,
    faults,
    parse,
    render,
)

BODY = "[[greeting]]\n\nSee {{update_page}} now.\n\n[[own line]]\n\nWith care,\n[[sign-off]]\n"
SLOTS = {"greeting": "Hi Dana,", "own line": "I would worry too.", "sign-off": "Maya"}
NAMES = {"customer_name": "Dana", "helper_name": "Maya", "update_page": "https://m.example/i/x/"}


def rendered(body: str = BODY, **slots: str) -> str:
    typed = {**SLOTS, **{name.replace("_", " "): text for name, text in slots.items()}}
    return render(parse(body), typed, NAMES)


def test_a_version_is_locked_text_and_slots_in_order():
    assert [part.name if isinstance(part, Slot) else "·" for part in parse(BODY)] == [
        "greeting", "·", "own line", "·", "sign-off", "·",
    ]  # fmt: skip


def test_the_letter_is_made_of_locked_words_slots_and_names():
    assert rendered() == (
        "Hi Dana,\n\nSee https://m.example/i/x/ now.\n\nI would worry too.\n\nWith care,\nMaya\n"
    )


def test_an_empty_own_line_leaves_no_hole():
    assert rendered(own_line=" \n ") == (
        "Hi Dana,\n\nSee https://m.example/i/x/ now.\n\nWith care,\nMaya\n"
    )


@pytest.mark.parametrize("words", ["{{7*7}}", "{{ settings.SECRET_KEY }}", "{% now %}", "${x}"])
def test_what_is_no_variable_stays_as_it_is(words: str):
    assert rendered(f"{words}\n") == f"{words}\n"


def test_what_people_type_is_never_filled_in():
    typed = "Dear {{helper_name}} [[sign-off]] {{7*7}}"
    assert typed in rendered(own_line=typed)


def test_a_name_that_looks_like_a_variable_is_not_read_again():
    names = {**NAMES, "customer_name": "{{helper_name}}[[own line]]"}
    text = render(parse("{{customer_name}}\n[[sign-off]]"), SLOTS, names)
    assert text == "{{helper_name}}[[own line]]\nMaya\n"


def test_a_name_that_is_not_known_stops_the_answer():
    with pytest.raises(MissingVariable, match="update_page"):
        render(parse(BODY), SLOTS, {**NAMES, "update_page": ""})


def test_a_slot_that_must_be_filled_is_asked_for_by_its_name():
    with pytest.raises(MissingSlot, match="Greeting") as told:
        rendered(greeting="  ")
    assert told.value.slot == "greeting"


def test_an_own_line_has_at_most_400_characters():
    assert "x" * 400 in rendered(own_line="x" * 400)
    with pytest.raises(TooLong, match="at most 400"):
        rendered(own_line="x" * 401)


@pytest.mark.parametrize(
    "words",
    ["https://evil.example/x", "see http://m.example.evil.org", "www.evil.example", "evil.com/x",
     "write me at eve@evil.org", "javascript://x", "mailto:eve", "bit.ly.co", "HTTPS://EVIL.EXAMPLE"],
)  # fmt: skip
def test_a_foreign_link_is_refused_in_every_slot(words: str):
    for slot in SLOTS:
        with pytest.raises(Forbidden, match="web or email address"):
            rendered(**{slot.replace(" ", "_"): words})


def test_a_link_to_our_own_site_is_fine():
    slots = {**SLOTS, "own line": "It is all on https://m.example/i/x/."}
    assert "https://m.example/i/x/." in render(
        parse(BODY), slots, NAMES, base_url="https://m.example"
    )


@pytest.mark.parametrize("words", ["https://m.example.evil.org", "http://m.example/x"])
def test_a_link_that_only_looks_like_ours_is_refused(words: str):
    with pytest.raises(Forbidden):
        render(parse(BODY), {**SLOTS, "own line": words}, NAMES, base_url="https://m.example")


@pytest.mark.parametrize(
    "number", ["4111 1111 1111 1111", "4111-1111-1111-1111", "378282246310005"]
)
def test_a_card_number_is_refused(number: str):
    with pytest.raises(Forbidden, match="card number"):
        rendered(own_line=f"Is it {number}?")


def test_other_long_numbers_are_fine():
    assert "4111 1111 1111 1112" in rendered(own_line="Order 4111 1111 1111 1112")


@pytest.mark.parametrize(
    "words", ["I am sorry.", "You e.g. asked us at 10.40 today.Thanks", "ok..."]
)
def test_plain_words_are_fine(words: str):
    assert words in rendered(own_line=words)


def test_a_greeting_is_one_line():
    assert rendered(greeting="Hi\r\nDana,\n\n").startswith("Hi Dana,\n\nSee")


@given(st.text(max_size=200), st.text(max_size=80), st.text(max_size=400))
def test_locked_words_reach_the_customer_whatever_is_typed(locked: str, first: str, own: str):
    marker = "We never ask for your password."
    try:
        text = render(
            parse(f"[[greeting]]\n{marker}\n[[own line]]"),
            {"greeting": first, "own line": own, marker: locked},
            NAMES,
        )
    except BlockError:
        return
    assert marker in text.split("\n")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("", "some words"),
        ("[[greting]] hello", r"\[\[greting\]\] is no slot"),
        ("[[greeting]] [[greeting]]", "twice"),
        ("Dear {{custommer_name}}", "custommer_name.* is not known"),
        ("4111 1111 1111 1111", "card number"),
    ],
)
def test_words_with_a_mistake_are_explained_to_their_writer(body: str, fault: str):
    [sentence] = faults(body)
    assert re.search(fault, sentence)


def test_sound_words_have_no_faults():
    assert faults(BODY) == []


def test_a_slot_name_may_be_written_in_any_case():
    assert parse("[[Own line]]") == parse("[[own line]]")
    assert parse("[[unknown]]") == (Locked("[[unknown]]"),)
