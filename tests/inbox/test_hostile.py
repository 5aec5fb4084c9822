"""The hostile mails: each is read within a second, harmless, and as its rule in rules.jsonl asks.

Rules about pages, exports, threads and replies are asserted where those are made; here it is what
the rest of Muster gets to see of these mails.
"""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from inbox import parts
from inbox.mime import ParsedMail, parse

MAILS = Path(__file__).parent.parent / "mail" / "hostile"
RULES = [json.loads(line) for line in (MAILS / "rules.jsonl").read_text().splitlines()]


def read(rule: dict[str, Any]) -> ParsedMail:
    return parse((MAILS / rule["file"]).read_bytes())


def of_class(name: str) -> "pytest.MarkDecorator":
    rules = [rule for rule in RULES if rule["class"] == name]
    assert rules
    return pytest.mark.parametrize("rule", rules, ids=lambda rule: rule["file"])


def test_the_folder_holds_exactly_the_mails_of_the_rules() -> None:
    files = {path.name: path.stat().st_size for path in MAILS.glob("*.eml")}
    assert files == {rule["file"]: rule["bytes"] for rule in RULES}
    assert len(files) == 27


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["file"])
def test_it_is_read_within_a_second_and_can_be_stored(rule: dict[str, Any]) -> None:
    began = time.process_time()
    stored = json.dumps(read(rule).to_json(), ensure_ascii=False)
    assert time.process_time() - began < 1
    stored.encode("utf-8")
    assert "\\u0000" not in stored
    assert not re.search("[\u202a-\u202e\u2066-\u2069\ud800-\udfff]", stored)


@of_class("html-active")
def test_active_html_is_words_only(rule: dict[str, Any]) -> None:
    mail = read(rule)
    assert (mail.html, mail.text) == ("<p>Hello</p>", "Hello")


@of_class("header-crlf")
def test_a_line_end_in_a_subject_makes_no_new_header(rule: dict[str, Any]) -> None:
    mail = read(rule)
    assert mail.subject == "Hi Bcc: victim@other.example body"
    assert (mail.to, mail.cc, mail.text) == (["support@shop.example"], [], "Hello")


@of_class("filename")
def test_a_file_name_is_no_path(rule: dict[str, Any]) -> None:
    (entry,) = read(rule).attachments
    assert entry.filename in ("x", "boot.ini", "passwd")
    assert entry.filename == parts.clean_name(entry.filename)


@of_class("attachment-active")
def test_an_active_attachment_is_never_part_of_the_page(rule: dict[str, Any]) -> None:
    mail = read(rule)
    assert [entry.filename for entry in mail.attachments] in (["a.svg"], ["a.html"])
    assert (mail.html, mail.text) == ("", "see file")


@of_class("bomb-params")
def test_thousands_of_parameters_cost_nothing(rule: dict[str, Any]) -> None:
    mail = read(rule)
    assert (mail.from_address, mail.text) == ("cara@customer.example", "hi")


@of_class("charset-lie")
def test_wrongly_declared_words_are_readable(rule: dict[str, Any]) -> None:
    mail = read(rule)
    assert mail.text == "café ÿþ Ã( straße"
    assert mail.notes == ["charset-guessed"]


@of_class("nul")
def test_nul_is_left_out(rule: dict[str, Any]) -> None:
    mail = read(rule)
    assert (mail.subject, mail.text) == ("nul", "ab")


@of_class("surrogate")
def test_half_characters_are_whole_ones_afterwards(rule: dict[str, Any]) -> None:
    assert read(rule).subject.encode("utf-8")


@of_class("bidi")
def test_direction_marks_are_gone(rule: dict[str, Any]) -> None:
    mail = read(rule)
    assert (mail.subject, mail.text) == ("gnp.exe x", "pay exe.fdp now")


@of_class("no-auto-answer")
def test_it_is_never_answered_automatically(rule: dict[str, Any]) -> None:
    mail = read(rule)
    assert mail.automatic
    assert mail.kind in ("person", "auto_reply")


@of_class("takeover")
def test_what_it_claims_to_continue_is_told(rule: dict[str, Any]) -> None:
    mail = read(rule)
    assert "{VICTIM_MSGID}" in mail.in_reply_to + mail.references
    assert mail.from_address == "cara@customer.example"


@of_class("csv-formula")
def test_a_formula_is_kept_as_the_words_it_is(rule: dict[str, Any]) -> None:
    mail = read(rule)
    assert mail.subject == mail.from_name == "=cmd|' /C calc'!A0"


@of_class("no-parts")
def test_an_empty_mail_is_a_mail_of_nobody(rule: dict[str, Any]) -> None:
    mail = read(rule)
    assert (mail.subject, mail.text, mail.from_address, mail.automatic) == ("", "", "", True)


def test_two_mails_with_one_id_are_told_apart() -> None:
    first, second = (read(rule) for rule in RULES if rule["class"] == "dup-id")
    assert first.message_id == second.message_id == "atk147@customer.example"
    assert first.content_sha256 != second.content_sha256


@of_class("dates")
def test_an_absurd_date_is_no_date(rule: dict[str, Any]) -> None:
    assert read(rule).date is None
