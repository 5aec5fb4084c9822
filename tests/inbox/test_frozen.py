"""The bytes of a mail carry our words and nobody else's headers."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.frozen import Letter, NotAnAddress, answer_subject, freeze, mail_address
from tests.factories.outbox import NOON

OUR_HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References",
               "MIME-Version", "Content-Type", "Content-Transfer-Encoding"]  # fmt: skip


def letter(**more: object) -> Letter:
    fields: dict[str, object] = {
        "sender": "help@example.org",
        "sender_name": "Maya",
        "recipient": "dana@example.net",
        "subject": "Re: My card",
        "text": "Hello",
    }
    return Letter(**{**fields, **more})  # type: ignore[arg-type]


def read(mail: Letter) -> EmailMessage:
    return message_from_bytes(freeze(mail, at=NOON).content, policy=policy.default)


def test_a_mail_has_our_headers_once_each_and_one_recipient():
    mail = read(letter(in_reply_to="q@example.net", references=["q@example.net"]))
    assert mail.keys() == OUR_HEADERS
    assert mail["To"] == "dana@example.net"
    assert mail["From"].addresses[0].addr_spec == "help@example.org"


def test_the_message_id_is_fresh_and_of_the_senders_domain():
    first, second = freeze(letter(), at=NOON), freeze(letter(), at=NOON)
    assert first.message_id != second.message_id
    assert first.message_id.endswith("@example.org")
    assert f"Message-ID: <{first.message_id}>\r\n".encode() in first.content


def test_a_mail_of_a_person_is_not_marked_as_automatic():
    assert "Auto-Submitted" not in read(letter())
    assert read(letter(auto_submitted="auto-replied"))["Auto-Submitted"] == "auto-replied"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028"])
def test_line_ends_in_names_and_subjects_make_no_header(end: str):
    evil = f"Hello{end}Bcc: everyone@example.com{end}{end}Body"
    mail = read(letter(subject=evil, sender_name=evil))
    assert "Bcc" not in mail
    assert mail["Subject"] == "Hello Bcc: everyone@example.com Body"
    assert mail["From"].addresses[0].display_name == "Hello Bcc: everyone@example.com Body"


@pytest.mark.parametrize(
    "bad", ["a b@example.net", "x>\r\nBcc: y@z", "<q@z>", "", "é@z", "a" * 300]
)
def test_a_message_id_that_is_none_starts_no_thread(bad: str):
    mail = read(letter(in_reply_to=bad, references=[bad, "good@example.net"]))
    assert "In-Reply-To" not in mail
    assert mail["References"] == "<good@example.net>"


def test_a_long_thread_keeps_its_first_mail_and_the_latest_twenty_in_all():
    chain = [f"{number}@example.net" for number in range(50)]
    mail = read(letter(in_reply_to=chain[-1], references=chain))
    kept = mail["References"].split()
    assert len(kept) == 20
    assert kept[0] == "<0@example.net>"
    assert kept[-2:] == ["<48@example.net>", "<49@example.net>"]
    assert mail["In-Reply-To"] == "<49@example.net>"


def test_a_message_id_of_250_characters_stays_whole():
    long = "x" * 238 + "@example.net"
    assert (
        f"In-Reply-To: <{long}>\r\n".encode() in freeze(letter(in_reply_to=long), at=NOON).content
    )


@pytest.mark.parametrize(
    "address",
    ["", "dana", "@example.net", "dana@", "a@b@c", "a b@c.de", "a@c.de\r\nRCPT TO:<x@y.z>",
     "<a@b.c>", "a@b.c,d@e.f", "a@b.c;d@e.f", '"a"@b.c', "a@\x00b.c", "x" * 260 + "@b.c"],
)  # fmt: skip
def test_what_is_not_one_address_is_refused(address: str):
    with pytest.raises(NotAnAddress):
        mail_address(address)


def test_a_domain_with_umlauts_is_written_in_ascii():
    assert mail_address("dana@bücher.example") == "dana@xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("subject", "expected"),
    [("My card", "Re: My card"), ("Re: My card", "Re: My card"), ("AW: RE: My card", "Re: My card"),
     ("", "Re:"), ("Regarding you", "Re: Regarding you")],
)  # fmt: skip
def test_an_answer_has_one_re(subject: str, expected: str):
    assert answer_subject(subject) == expected


@given(st.text(max_size=400), st.text(max_size=200), st.text(max_size=2000))
def test_whatever_the_words_the_mail_is_sound(subject: str, name: str, text: str):
    content = freeze(letter(subject=subject, sender_name=name, text=text), at=NOON).content
    head, _, body = content.partition(b"\r\n\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    assert all(len(line) <= 998 for line in head.split(b"\r\n"))
    assert all(len(line) <= 76 for line in body.split(b"\r\n"))
    assert content.isascii()
    assert message_from_bytes(content, policy=policy.default).keys() == [
        header for header in OUR_HEADERS if header not in {"In-Reply-To", "References"}
    ]


@given(st.text(alphabet=st.characters(blacklist_categories=["Cc", "Cs"]), max_size=2000))
def test_the_words_arrive_as_they_were_written(text: str):
    arrived = read(letter(text=text)).get_content().replace("\r\n", "\n")
    assert arrived == text.rstrip("\n") + "\n"
