"""Every mail of tests/mail/ is read as its line in expectations.jsonl says; nothing raises."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox import mime, parts
from inbox.mime import ParsedMail, Unreadable, extract, parse

MAILS = Path(__file__).parent.parent / "mail"
EXPECTED = [json.loads(line) for line in (MAILS / "expectations.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected["file"])
def test_the_mail_is_read_as_expected(expected: dict[str, Any]) -> None:
    mail = parse((MAILS / expected["file"]).read_bytes())
    found = mail.to_json()
    assert {name: found[name] for name in expected.get("is", {})} == expected.get("is", {})
    for name, pieces in expected.get("has", {}).items():
        assert [piece for piece in pieces if piece not in found[name]] == [], found[name]
    for name, pieces in expected.get("hasnt", {}).items():
        assert [piece for piece in pieces if piece in found[name]] == [], found[name]
    if "files" in expected:
        files = [[one.filename, one.content_type, one.size] for one in mail.attachments]
        assert files == expected["files"]


def test_every_mail_has_one_line_of_expectation() -> None:
    assert sorted(one["file"] for one in EXPECTED) == sorted(
        one.name for one in MAILS.glob("*.eml")
    )
    assert len(EXPECTED) >= 40


def all_text(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for one in value.values() for text in all_text(one)]
    return [text for one in value for text in all_text(one)] if isinstance(value, list) else []


def assert_storable(mail: ParsedMail) -> None:
    assert ParsedMail.from_json(json.loads(json.dumps(mail.to_json()))) == mail
    for text in all_text(mail.to_json()):
        text.encode("utf-8")
        assert "\0" not in text
    for line in (mail.subject, mail.from_name, mail.from_address, mail.message_id):
        assert "\n" not in line
        assert "\r" not in line
    assert len(mail.text.encode()) <= mime.LONGEST_TEXT_BYTES


TOKENS = st.sampled_from(
    [
        *(
            b"From: ",
            b"To: ",
            b"Subject: ",
            b"Date: ",
            b"References: ",
            b"Content-Type: ",
            b"\r\n",
            b"\n",
        ),
        *(
            b"\r\n\r\n",
            b"\n\n",
            b"multipart/mixed; boundary=b",
            b"multipart/alternative; boundary=b",
        ),
        *(
            b"--b\r\n",
            b"--b--\r\n",
            b"text/html; charset=",
            b"utf-7",
            b"utf-16",
            b"idna",
            b"hz",
            b"base64",
        ),
        *(
            b"Content-Transfer-Encoding: ",
            b"quoted-printable",
            b"=?utf-8?B?",
            b"=?utf-7?Q?",
            b"?=",
            b"=ED",
        ),
        *(
            b"<",
            b">",
            b"@",
            b'"',
            b"(",
            b")",
            b";",
            b",",
            b"\\",
            b"\0",
            b"\xed\xa0\x80",
            b"\xff",
            b"\x1b$B",
        ),
        *(
            b"message/rfc822",
            b"filename*0*=",
            b"name=",
            b"ann@customer.example",
            b"<p>",
            b"<div ",
            b"&#",
        ),
        *(b"multipart/report; report-type=delivery-status; boundary=b", b"message/delivery-status"),
        *(b"Content-Disposition: attachment; filename=", b"Content-ID: <x>", b"cid:x", b"word "),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(TOKENS, st.binary(max_size=12)), max_size=60).map(b"".join))
def test_any_bytes_are_a_mail_that_can_be_stored(raw: bytes) -> None:
    assert_storable(parse(raw))


@settings(deadline=None)
@given(st.sampled_from([one["file"] for one in EXPECTED]), st.data())
def test_a_damaged_mail_is_still_a_mail(name: str, data: st.DataObject) -> None:
    raw = bytearray((MAILS / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        if raw:
            at = data.draw(st.integers(0, len(raw) - 1))
            raw[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=4))
    assert_storable(parse(bytes(raw)))


@settings(deadline=None)
@given(st.text(max_size=400), st.text(max_size=40))
def test_any_file_name_becomes_one_that_can_be_offered(name: str, kind: str) -> None:
    cleaned = parts.clean_name(name, kind)
    assert 0 < len(cleaned.encode("utf-8")) <= 255
    assert not set(cleaned) & set('/\\\0\r\n\t<>:"|?*\u202e\u2066\u200f')
    assert cleaned.strip(" .") == cleaned.strip(" ").rstrip(".") != ""


def test_a_mail_over_sixty_megabytes_is_refused_with_a_sentence() -> None:
    with pytest.raises(Unreadable, match=r"larger than 60 MB\b.*\.$"):
        parse(bytes(60 * 1024 * 1024 + 1))


def test_line_ends_and_received_lines_do_not_make_another_mail() -> None:
    raw = (MAILS / "plain.eml").read_bytes()
    same = [raw, raw.replace(b"\r\n", b"\n"), b"Received: from x by y\r\n\tfor z\r\n" + raw]
    assert len({parse(one).content_sha256 for one in same}) == 1


@pytest.mark.parametrize(
    "change", [(b"morning", b"evening"), (b"Ann Ex", b"Anna Ex"), (b"09:30", b"09:31")]
)
def test_other_words_sender_or_date_make_another_mail(change: tuple[bytes, bytes]) -> None:
    raw = (MAILS / "plain.eml").read_bytes()
    assert parse(raw).content_sha256 != parse(raw.replace(*change)).content_sha256


def test_without_a_message_id_every_field_counts_but_those_that_servers_add() -> None:
    raw = b"From: a@b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nx"
    other_charset = raw.replace(b"utf-8", b"koi8-r")
    other_way = b"Received: from x by y\r\nDelivered-To: z@b\r\n" + raw
    assert parse(raw).content_sha256 == parse(other_way).content_sha256
    assert parse(raw).content_sha256 != parse(other_charset).content_sha256
    assert parse(b"").content_sha256 != parse(b'{"id": 0}\n').content_sha256


def test_an_attachment_comes_out_as_its_entry_says() -> None:
    raw = (MAILS / "attachment.eml").read_bytes()
    (entry,) = parse(raw).attachments
    assert extract(raw, entry.part_index) == b"%PDF-1.4 not really"
    with pytest.raises(Unreadable):
        extract(raw, 7)


def many_parts(count: int) -> bytes:
    return b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * count


NESTED = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n"
LIMITS = [
    (many_parts(5_000), "parts-cut"),
    (b"".join(NESTED % (n, n) for n in range(999)), "depth-cut"),
    (b"Content-Type: message/rfc822\n\n" * 50_000, "depth-cut"),
    (b"X: " + b"y" * 300_000 + b"\n\nwords", "headers-cut"),
    (b"Subject: x\n\n" + b"word " * 400_000, "text-cut"),
    (b"Content-Type: text/html\n\n" + b"<p>word</p>" * 300_000, "html-cut"),
    (b"Content-Type: text/html\n\n" + b"<div>" * 1_000 + b"word", "html-too-deep"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "note"), LIMITS, ids=[note + str(n) for n, (_, note) in enumerate(LIMITS)]
)
def test_beyond_a_limit_it_is_cut_with_a_note(raw: bytes, note: str) -> None:
    mail = parse(raw)
    assert note in mail.notes
    assert_storable(mail)


def test_people_and_references_have_a_limit() -> None:
    people = ", ".join(f"p{n}@x.example" for n in range(5_000))
    ids = " ".join(f"<r{n}@x.example>" for n in range(5_000))
    mail = parse(f"To: {people}\nReferences: {ids}\n\nx".encode())
    assert len(mail.to) == 200
    assert mail.references[:2] == ["r0@x.example", "r4801@x.example"]
    assert (len(mail.references), mail.references[-1]) == (200, "r4999@x.example")


PIECES = [
    "=?utf-8?q?a",
    "=?",
    '"',
    "(",
    "<",
    ",",
    "a@b,",
    "\\",
    ';a="',
    ";name*1=x",
    " \n ",
    "<<",
    "=?utf-8?q?=C3?= ",
]


@pytest.mark.parametrize(
    "name", ["Subject", "From", "Content-Type: text/plain", "Content-Disposition", "References"]
)
@pytest.mark.parametrize("piece", PIECES)
def test_a_crafted_header_takes_linear_time(name: str, piece: str) -> None:
    raw = f"{name}: {piece * (250_000 // len(piece))}\nX: y\n\nwords".encode()
    began = time.process_time()
    parse(raw)
    assert time.process_time() - began < 1


def test_twenty_five_megabytes_of_attachment_take_under_a_second() -> None:
    line = b"QUJD" * 19 + b"\r\n"
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + line * 330_000 + b"--b--\r\n"
    )
    began = time.process_time()
    (entry,) = parse(raw).attachments
    assert entry.size == 330_000 * 57
    assert time.process_time() - began < 1
