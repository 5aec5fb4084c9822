"""The demo's mail storm: enough of it, each mail its own, and each one a correct mail."""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

import classifiers
from triage.demo import storm, storm_files
from triage.demo.storm import StormMail, load_storm

NOON = datetime(2026, 1, 16, 12, tzinfo=UTC)
STORM = load_storm()
SHINGLE_WORDS = 8


def parsed(mail: StormMail) -> EmailMessage:
    message = message_from_bytes(storm.build(mail, to=storm.SHOP_ADDRESS, at=NOON), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def named(key: str) -> StormMail:
    return next(mail for mail in STORM if mail.key == key)


def of_kind(kind: str) -> list[StormMail]:
    return [mail for mail in STORM if kind in mail.kinds]


def words(text: str) -> list[str]:
    return re.sub(r"\W+", " ", re.sub(r"<[^>]+>", " ", text).lower()).split()


def shingles(text: str) -> set[tuple[str, ...]]:
    said = words(text)
    return {tuple(said[at : at + SHINGLE_WORDS]) for at in range(len(said) - SHINGLE_WORDS + 1)}


def test_there_are_at_least_160_mails_with_a_key_each() -> None:
    assert len(STORM) >= 160
    assert len({mail.key for mail in STORM}) == len(STORM)


def test_no_two_mails_share_a_run_of_words_save_what_they_quote_of_our_notice() -> None:
    ours = shingles(storm.notice())
    seen = Counter(run for mail in STORM for run in shingles(mail.text or mail.html) - ours)
    assert [run for run, times in seen.items() if times > 1] == []


def test_no_mail_repeats_what_the_sorter_was_trained_on() -> None:
    folder = Path(classifiers.__file__).parent / "data"
    lines = [line for path in folder.glob("*.jsonl") for line in path.read_text().splitlines()]
    trained = {run for line in lines for run in shingles(json.loads(line)["body"])}
    assert len(lines) >= 400
    assert [mail.key for mail in STORM if shingles(mail.text or mail.html) & trained] == []


@pytest.mark.parametrize(
    ("kind", "at_least"),
    [
        *[("worried", 40), ("furious", 30), ("kind", 15), ("confused", 10), ("password", 20)],
        *[("phone", 10), ("other", 15), ("business", 5), ("delete", 5), ("real", 5)],
        *[("follow_up", 12), ("quotes_notice", 5), ("html_only", 8), ("attachment", 5)],
        *[("png", 1), ("pdf", 1), ("text", 1), ("inline_image", 1), ("tracking", 1)],
        *[("auto_reply", 1), ("bounce", 1), ("press", 1), ("lawyer", 1), ("claims_data", 1)],
        *[("nonotice", 1), ("access", 1), ("safety", 1), ("regulator", 1), ("empty", 1)],
    ],
)
def test_every_kind_of_mail_of_such_a_day_is_there(kind: str, at_least: int) -> None:
    assert len(of_kind(kind)) >= at_least


def test_german_spanish_french_and_other_languages_are_there() -> None:
    languages = Counter(mail.language for mail in STORM)
    assert min(languages["de"], languages["es"], languages["fr"]) >= 8
    assert len(set(languages) - {"en", "de", "es", "fr"}) >= 2


def test_built_mails_read_back_without_a_defect() -> None:
    for mail in STORM:
        assert [part.defects for part in parsed(mail).walk() if part.defects] == [], mail.key


def test_built_mails_read_back_with_their_sender_and_subject() -> None:
    for mail in STORM:
        message = parsed(mail)
        sender = message["From"].addresses[0]
        assert (sender.display_name, sender.addr_spec) == (mail.from_name, mail.from_address)
        assert (message["Subject"], message["To"]) == (mail.subject, storm.SHOP_ADDRESS), mail.key


def test_built_mails_begin_with_the_words_that_were_written() -> None:
    for mail in STORM:
        body = parsed(mail).get_body(("plain", "html"))
        assert body is not None
        read = body.get_content().replace("\r\n", "\n")
        assert read.startswith(mail.text or mail.html.partition("%%")[0]), mail.key


def test_the_bytes_keep_to_the_line_rules_and_are_the_same_each_time() -> None:
    for mail in STORM:
        raw = storm.build(mail, to=storm.SHOP_ADDRESS, at=NOON)
        lines = raw.split(b"\r\n")
        assert max(map(len, lines)) <= 998, mail.key
        assert not [line for line in lines if b"\n" in line or b"\r" in line], mail.key
        assert raw == storm.build(mail, to=storm.SHOP_ADDRESS, at=NOON), mail.key


def test_a_follow_up_comes_later_from_the_same_person_and_names_what_it_follows() -> None:
    order = {mail.key: position for position, mail in enumerate(STORM)}
    for mail in of_kind("follow_up"):
        earlier = named(mail.reply_to_key)
        assert order[earlier.key] < order[mail.key]
        assert earlier.from_address == mail.from_address
        assert parsed(mail)["In-Reply-To"] == storm.message_id(earlier)


def test_a_third_mail_refers_to_the_first_two_and_quotes_them() -> None:
    message = parsed(named("dana-card-3"))
    chain = [storm.message_id(named(key)) for key in ("dana-card", "dana-card-2")]
    assert message["References"].split() == chain
    lines = message.get_content().splitlines()
    assert lines[0].startswith("That's the third time today.")
    assert [line for line in lines if line.startswith("> Me again, sorry.")]
    assert "> > Hello," in lines


def test_an_answer_to_our_notice_refers_to_it_and_quotes_it() -> None:
    message = parsed(named("quote-short"))
    assert message["In-Reply-To"] == storm.NOTICE_MESSAGE_ID
    assert f"> {storm.notice().splitlines()[2]}" in message.get_content()


def test_follow_ups_do_not_all_come_at_the_end() -> None:
    positions = [position for position, mail in enumerate(STORM) if mail.reply_to_key]
    assert positions[0] < len(STORM) / 2


def test_a_mail_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        storm.build(STORM[0], to=storm.SHOP_ADDRESS, at=NOON.replace(tzinfo=None))


def test_the_date_is_the_moment_given() -> None:
    at = NOON.astimezone(timezone(timedelta(hours=1)))
    raw = storm.build(STORM[0], to=storm.SHOP_ADDRESS, at=at)
    assert message_from_bytes(raw, policy=default)["Date"].datetime == NOON


def test_the_bounce_is_a_delivery_report_about_our_notice() -> None:
    message = parsed(of_kind("bounce")[0])
    facts = next(p for p in message.walk() if p.get_content_type() == "message/delivery-status")
    assert message.get_content_type() == "multipart/report"
    assert message["Return-Path"] == "<>"
    assert [part["Action"] for part in facts.iter_parts() if part["Action"]] == ["failed"]


def test_the_automatic_reply_says_that_it_is_one() -> None:
    assert parsed(of_kind("auto_reply")[0])["Auto-Submitted"] == "auto-replied"


def test_an_inline_picture_stands_where_the_page_asks_for_it() -> None:
    message = parsed(of_kind("inline_image")[0])
    picture = next(part for part in message.walk() if part.get_content_type() == "image/png")
    body = message.get_body(("html",))
    assert body is not None
    assert picture["Content-ID"] == "<popup>"
    assert "cid:popup" in body.get_content()


def test_attachments_keep_their_names_also_in_other_letters() -> None:
    for mail in of_kind("attachment"):
        sent = [part.get_filename() for part in parsed(mail).iter_attachments()]
        assert sent == [made.filename for made in mail.attachments]


def test_a_picture_holds_as_many_dots_as_it_says() -> None:
    made = storm_files.png(["OK", "LONGER LINE"], scale=1)
    width, height = (int.from_bytes(made[at : at + 4], "big") for at in (16, 20))
    packed = made[made.index(b"IDAT") + 4 : made.index(b"IEND") - 8]
    assert len(zlib.decompress(packed)) == height * (width + 1)


def test_a_pdf_says_where_each_of_its_objects_begins() -> None:
    made = storm_files.pdf(["12.00 (twelve)", "é"])
    offsets = re.findall(rb"(\d{10}) 00000 n ", made)
    table_at = re.search(rb"startxref\n(\d+)\n", made)
    assert table_at is not None
    assert made[int(table_at[1]) :].startswith(b"xref")
    for number, offset in enumerate(offsets, start=1):
        assert made[int(offset) :].startswith(b"%d 0 obj" % number)
