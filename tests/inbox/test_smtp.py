"""The dialogue with a server: to the byte, and always clear about how far it came."""

import socket
import time
from collections.abc import Callable
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.smtp import (
    Connection,
    Envelope,
    NoAnswer,
    Patience,
    Phase,
    Refused,
    Server,
    ServerTrouble,
    WrongSmtpUrl,
    parse_smtp_url,
    stuffed,
)
from tests.servers.smtp_sink import (
    Behaviour,
    HangUp,
    RecordingSmtpServer,
    Refuse,
    Reset,
    Silence,
    Stage,
)

CONTENT = b"Subject: Hello\r\n\r\n.\r\n..two\r\n.one\r\nend.\r\n"
MAIL = Envelope("help@example.org", "dana@example.net", CONTENT)
HASTY = Patience(connect=0.5, answer=0.5, dot=0.5)


def open_to(sink: RecordingSmtpServer, **more: str) -> Connection:
    return Connection(Server(sink.host, sink.port, "none", **more), HASTY)


def deliver(sink: RecordingSmtpServer, mail: Envelope = MAIL) -> list[Phase]:
    """Delivers one mail and gives the phases entered, also when it fails."""
    entered: list[Phase] = []
    connection = open_to(sink)
    try:
        connection.deliver(mail, enter=entered.append)
    finally:
        connection.close()
        PHASES[:] = entered
    return entered


PHASES: list[Phase] = []


def test_the_server_gets_exactly_our_bytes_for_one_recipient(smtp_server: RecordingSmtpServer):
    entered = deliver(smtp_server)
    [mail] = smtp_server.mails
    assert (mail.sender, mail.recipients) == ("help@example.org", ("dana@example.net",))
    assert mail.content == CONTENT
    assert entered == [Phase.ENVELOPE, Phase.CONTENT, Phase.DOT]


@given(st.lists(st.sampled_from([b".", b"..", b"a", b"", b".a", b"a."]), max_size=12))
def test_no_line_of_a_mail_can_end_it(lines: list[bytes]):
    content = b"".join(line + b"\r\n" for line in lines)
    sent = stuffed(content)
    assert b"\r\n.\r\n" not in b"\r\n" + sent
    undone = [line.removeprefix(b".") for line in sent.split(b"\r\n")]
    assert b"\r\n".join(undone) == (content or b"\r\n")


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.AFTER_DOT])
@pytest.mark.parametrize("code", [451, 550])
def test_a_no_at_any_stage_is_a_known_no(smtp_server: RecordingSmtpServer, stage: Stage, code: int):
    smtp_server.misbehave(stage, Refuse(code, "not today"), times=1)
    with pytest.raises(Refused) as told:
        deliver(smtp_server)
    assert (told.value.code, told.value.words) == (code, "not today")
    assert told.value.for_good is (code == 550)


def test_a_no_in_the_middle_of_the_content_is_heard_before_the_dot(
    smtp_server: RecordingSmtpServer,
):
    smtp_server.misbehave(Stage.BEFORE_DOT, Refuse(552, "too big"))
    large = Envelope(MAIL.sender, MAIL.recipient, b"x" * 70 + b"\r\n" + CONTENT * 200_000)
    with pytest.raises((Refused, ServerTrouble)):
        deliver(smtp_server, large)
    assert Phase.DOT not in PHASES


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA])
@pytest.mark.parametrize("behaviour", [Reset(), HangUp(), Silence(), Refuse(421, "busy")])
def test_trouble_before_the_dot_is_the_servers_and_the_mail_has_not_left(
    smtp_server: RecordingSmtpServer, stage: Stage, behaviour: Behaviour
):
    smtp_server.misbehave(stage, behaviour)
    with pytest.raises(ServerTrouble):
        deliver(smtp_server)
    assert Phase.DOT not in PHASES


@pytest.mark.parametrize("behaviour", [Reset(), HangUp(), Silence(), Refuse(354, "what?")])
def test_no_clear_word_after_the_dot_means_that_nobody_knows(
    smtp_server: RecordingSmtpServer, behaviour: Behaviour
):
    smtp_server.misbehave(Stage.AFTER_DOT, behaviour)
    with pytest.raises(NoAnswer):
        deliver(smtp_server)
    assert PHASES[-1] is Phase.DOT


def test_a_connection_takes_the_next_mail_after_a_refused_one(smtp_server: RecordingSmtpServer):
    smtp_server.misbehave(Stage.RCPT, Refuse(550, "nobody here"), times=1)
    with closing(open_to(smtp_server)) as connection:
        with pytest.raises(Refused):
            connection.deliver(MAIL, enter=lambda phase: None)
        connection.deliver(MAIL, enter=lambda phase: None)
    assert smtp_server.connections == 1
    assert len(smtp_server.mails) == 1


def test_what_forbids_the_next_phase_stops_the_mail_there(smtp_server: RecordingSmtpServer):
    def refuse(phase: Phase) -> None:
        if phase is Phase.DOT:
            raise LookupError

    connection = open_to(smtp_server)
    with pytest.raises(LookupError):
        connection.deliver(MAIL, enter=refuse)
    assert not connection.is_open
    time.sleep(0.1)
    assert smtp_server.mails == []


def test_it_logs_in_with_any_letters():
    with RecordingSmtpServer(credentials={"help": "pässwörd"}) as sink:
        with closing(open_to(sink, user="help", password="pässwörd")) as connection:
            connection.deliver(MAIL, enter=lambda phase: None)
        assert sink.mails[0].username == "help"


def test_a_wrong_password_is_told_in_one_sentence():
    with RecordingSmtpServer(credentials={"help": "right"}) as sink:
        with pytest.raises(ServerTrouble) as told:
            open_to(sink, user="help", password="wrong")
        assert told.value.words == (
            f"127.0.0.1:{sink.port} did not accept the user name or password "
            "(535 5.7.8 wrong user name or password)."
        )


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def silent(sink: RecordingSmtpServer) -> int:
    sink.misbehave(Stage.BANNER, Silence())
    return sink.port


def full(sink: RecordingSmtpServer) -> int:
    sink.misbehave(Stage.BANNER, Refuse(554, "no service"))
    return sink.port


@pytest.mark.parametrize(
    ("port_of", "words"),
    [
        (lambda sink: unused_port(), "cannot be reached: nothing listens there"),
        (silent, "did not answer in time"),
        (full, "said: 554 no service"),
    ],
)
def test_a_server_that_cannot_be_used_is_told_in_one_sentence(
    smtp_server: RecordingSmtpServer, port_of: Callable[[RecordingSmtpServer], int], words: str
):
    with pytest.raises(ServerTrouble, match=words):
        Connection(Server("127.0.0.1", port_of(smtp_server), "none"), HASTY)


def test_letters_beyond_ascii_in_an_address_are_announced(smtp_server: RecordingSmtpServer):
    deliver(smtp_server, Envelope("help@example.org", "dāna@example.net", CONTENT))
    assert smtp_server.mails[0].recipients == ("dāna@example.net",)


def test_a_server_without_smtputf8_refuses_such_an_address_for_good(
    smtp_server: RecordingSmtpServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("tests.servers.smtp_sink.EXTENSIONS", ("8BITMIME",))
    with pytest.raises(Refused, match="SMTPUTF8") as told:
        deliver(smtp_server, Envelope("help@example.org", "dāna@example.net", CONTENT))
    assert told.value.for_good
    assert "MAIL" not in [verb for _, verb in smtp_server.commands]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtps://help%40example.org@mail.example.org",
         Server("mail.example.org", 465, "tls", "help@example.org")),
        ("smtp+starttls://me@mail.example.org:2525",
         Server("mail.example.org", 2525, "starttls", "me")),
        ("smtp://127.0.0.1:1025", Server("127.0.0.1", 1025, "none")),
    ],
)  # fmt: skip
def test_an_address_of_a_server_is_understood(url: str, expected: Server):
    assert parse_smtp_url(url) == expected


@pytest.mark.parametrize(
    "url",
    ["smtp://mail.example.org", "smtp://me@10.0.0.1:25", "http://x", "smtps://", "mail.example.org",
     "smtps://x:99999999", "smtps://me:secret@mail.example.org"],
)  # fmt: skip
def test_an_address_that_is_unsafe_or_none_is_refused(url: str):
    with pytest.raises(WrongSmtpUrl):
        parse_smtp_url(url)
