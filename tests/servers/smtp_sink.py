"""An SMTP server that records what it gets and misbehaves on request, at every stage.

Written for the tests (RFC 5321): what is between MAIL and the final dot is kept to the byte, and
the script decides what the client hears, and whether the mail counts as taken.
"""

from __future__ import annotations

import base64
import binascii
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Self

from triage.benchmarks.servers.ports import LOOPBACK

EXTENSIONS = ("PIPELINING", "SIZE 52428800", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")


class Stage(StrEnum):
    """Where in the dialogue the script takes over."""

    BANNER = "banner"
    EHLO = "ehlo"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BEFORE_DOT = "before_dot"
    AFTER_DOT = "after_dot"
    QUIT = "quit"


@dataclass(frozen=True)
class Refuse:
    """Answers with this code and text; 421 also hangs up."""

    code: int
    text: str = "no"


@dataclass(frozen=True)
class Delay:
    """Waits before going on as if nothing had happened."""

    seconds: float


@dataclass(frozen=True)
class Reset:
    """Cuts the connection with a TCP reset."""


@dataclass(frozen=True)
class HangUp:
    """Closes the connection without a word."""


@dataclass(frozen=True)
class Silence:
    """Never answers; the connection stays open until the client leaves."""


Behaviour = Refuse | Delay | Reset | HangUp | Silence


@dataclass(frozen=True)
class ReceivedMail:
    """One mail that the server took: the envelope and the exact bytes, dots unstuffed."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    username: str | None
    connection: int
    received_at: float
    """Seconds on the monotonic clock, for rates and order."""


@dataclass
class _Rule:
    stage: Stage
    behaviour: Behaviour
    times: int | None
    keeps_mail: bool


class _ConnectionOverError(Exception):
    """The script or the client ended this connection."""


@dataclass
class _Dialogue:
    sender: str | None = None
    recipients: list[str] = field(default_factory=list)
    username: str | None = None

    def forget_mail(self) -> None:
        self.sender, self.recipients = None, []


class RecordingSmtpServer:
    """Listens on a free port of 127.0.0.1 while it is entered as a context."""

    def __init__(self, *, credentials: Mapping[str, str] | None = None, port: int = 0) -> None:
        """With `credentials` (password by user name) nobody may send before AUTH PLAIN."""
        self.credentials = dict(credentials or {})
        self.mails: list[ReceivedMail] = []
        self.commands: list[tuple[int, str]] = []
        """Every verb that came, with the number of its connection."""
        self.stopping = threading.Event()
        self._rules: list[_Rule] = []
        self._changed = threading.Condition()
        self._connections = 0
        self._listener = _Listener((LOOPBACK, port), self)
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.05,))

    @property
    def host(self) -> str:
        """Always loopback."""
        return LOOPBACK

    @property
    def port(self) -> int:
        """The port that the kernel gave."""
        port: int = self._listener.server_address[1]
        return port

    @property
    def url(self) -> str:
        """What `add_mailbox --smtp` wants."""
        return f"smtp://{self.host}:{self.port}"

    @property
    def connections(self) -> int:
        """How many connections were made so far."""
        return self._connections

    def misbehave(
        self,
        stage: Stage,
        behaviour: Behaviour,
        *,
        times: int | None = None,
        keeps_mail: bool = False,
    ) -> None:
        """From now on, `times` times (none: always), meets this stage with this behaviour.

        `keeps_mail` decides, after the final dot, whether the mail counts as taken although the
        client hears nothing good about it. Delay always keeps it.
        """
        with self._changed:
            self._rules.append(_Rule(stage, behaviour, times, keeps_mail))

    def behave(self) -> None:
        """Forgets every misbehaviour."""
        with self._changed:
            self._rules.clear()

    def wait_for(self, count: int, *, seconds: float = 10) -> list[ReceivedMail]:
        """The mails, once there are `count`; raises TimeoutError when they do not come."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.mails) >= count, seconds):
                raise TimeoutError(f"{len(self.mails)} of {count} mails came in {seconds} s")
            return list(self.mails)

    def take_rule(self, stage: Stage) -> _Rule | None:
        """The first rule for this stage, used up once."""
        with self._changed:
            rule = next((rule for rule in self._rules if rule.stage is stage), None)
            if rule is not None and rule.times is not None:
                rule.times -= 1
                if rule.times == 0:
                    self._rules.remove(rule)
            return rule

    def record(self, mail: ReceivedMail) -> None:
        """Counts a mail as taken."""
        with self._changed:
            self.mails.append(mail)
            self._changed.notify_all()

    def record_command(self, connection: int, verb: str) -> None:
        """Counts a command as heard."""
        with self._changed:
            self.commands.append((connection, verb))

    def next_connection(self) -> int:
        """The number of a connection that just came, from 1."""
        with self._changed:
            self._connections += 1
            return self._connections

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stopping.set()
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join()


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], sink: RecordingSmtpServer) -> None:
        self.sink = sink
        super().__init__(address, _Connection)


class _Connection(socketserver.StreamRequestHandler):
    server: _Listener

    def handle(self) -> None:
        self.sink = self.server.sink
        self.number = self.sink.next_connection()
        self.dialogue = _Dialogue()
        try:
            self._answer(Stage.BANNER, "220 sink.test ESMTP")
            while line := self.rfile.readline(65536):
                self._obey(line.decode("utf-8", "surrogateescape").rstrip("\r\n"))
        except (_ConnectionOverError, OSError):
            return

    def _obey(self, line: str) -> None:
        verb, _, rest = line.partition(" ")
        verb = verb.upper()
        self.sink.record_command(self.number, verb)
        match verb:
            case "EHLO" | "HELO":
                self._greet(verb)
            case "AUTH":
                self._authenticate(rest)
            case "MAIL":
                self._take_sender(rest)
            case "RCPT":
                self._take_recipient(rest)
            case "DATA":
                self._take_content()
            case "RSET":
                self.dialogue.forget_mail()
                self._say("250 2.0.0 forgotten")
            case "NOOP":
                self._say("250 2.0.0 fine")
            case "QUIT":
                self._answer(Stage.QUIT, "221 2.0.0 bye")
                raise _ConnectionOverError
            case _:
                self._say("500 5.5.2 unknown command")

    def _greet(self, verb: str) -> None:
        words = ["sink.test"]
        if verb == "EHLO":
            words += [*EXTENSIONS, *(["AUTH PLAIN"] if self.sink.credentials else [])]
        lines = [f"250-{word}" for word in words[:-1]] + [f"250 {words[-1]}"]
        self._answer(Stage.EHLO, "\r\n".join(lines))

    def _authenticate(self, rest: str) -> None:
        mechanism, _, initial = rest.partition(" ")
        if mechanism.upper() != "PLAIN":
            self._say("504 5.5.4 only PLAIN")
            return
        if not initial:
            self._say("334 ")
            initial = self.rfile.readline(65536).decode("ascii", "replace").strip()
        username, password = _plain_credentials(initial)
        if not self._follow(Stage.AUTH):
            return
        if self.sink.credentials.get(username) == password:
            self.dialogue.username = username
            self._say("235 2.7.0 welcome")
        else:
            self._say("535 5.7.8 wrong user name or password")

    def _take_sender(self, rest: str) -> None:
        if self.sink.credentials and self.dialogue.username is None:
            self._say("530 5.7.0 log in first")
        elif self._follow(Stage.MAIL):
            self.dialogue.forget_mail()
            self.dialogue.sender = _address(rest)
            self._say("250 2.1.0 fine")

    def _take_recipient(self, rest: str) -> None:
        if self.dialogue.sender is None:
            self._say("503 5.5.1 MAIL first")
        elif self._follow(Stage.RCPT):
            self.dialogue.recipients.append(_address(rest))
            self._say("250 2.1.5 fine")

    def _take_content(self) -> None:
        if not self.dialogue.recipients:
            self._say("503 5.5.1 RCPT first")
            return
        if not self._follow(Stage.DATA):
            return
        self._say("354 go on")
        mail = ReceivedMail(
            sender=self.dialogue.sender or "",
            recipients=tuple(self.dialogue.recipients),
            content=self._read_content(),
            username=self.dialogue.username,
            connection=self.number,
            received_at=time.monotonic(),
        )
        self.dialogue.forget_mail()
        self._finish(mail)

    def _finish(self, mail: ReceivedMail) -> None:
        rule = self.sink.take_rule(Stage.AFTER_DOT)
        if rule is None or rule.keeps_mail or isinstance(rule.behaviour, Delay):
            self.sink.record(mail)
        if rule is None or self._perform(rule.behaviour):
            self._say("250 2.0.0 taken")

    def _read_content(self) -> bytes:
        """Everything up to CRLF . CRLF; a lone line feed ends nothing (SMTP smuggling)."""
        lines: list[bytes] = []
        while True:
            line = self.rfile.readline()
            if not line:
                raise _ConnectionOverError
            at_line_start = not lines or lines[-1].endswith(b"\r\n")
            if at_line_start and line == b".\r\n":
                return b"".join(lines)
            if not lines and not self._follow(Stage.BEFORE_DOT):
                raise _ConnectionOverError
            lines.append(line[1:] if at_line_start and line.startswith(b".") else line)

    def _answer(self, stage: Stage, reply: str) -> None:
        if self._follow(stage):
            self._say(reply)

    def _follow(self, stage: Stage) -> bool:
        rule = self.sink.take_rule(stage)
        return rule is None or self._perform(rule.behaviour)

    def _perform(self, behaviour: Behaviour) -> bool:
        """Does what the script wants; true when the dialogue then goes on as usual."""
        match behaviour:
            case Delay(seconds):
                self.sink.stopping.wait(seconds)
                return True
            case Refuse(code, text):
                self._say(f"{code} {text}")
                if code == 421:
                    raise _ConnectionOverError
                return False
            case Reset():
                # Linger of zero seconds turns close() into RST instead of FIN.
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                raise _ConnectionOverError
            case HangUp():
                raise _ConnectionOverError
            case Silence():
                self._wait_until_client_leaves()
                raise _ConnectionOverError

    def _wait_until_client_leaves(self) -> None:
        self.connection.settimeout(0.1)
        while not self.sink.stopping.is_set():
            try:
                if not self.connection.recv(65536):
                    return
            except TimeoutError:
                continue

    def _say(self, reply: str) -> None:
        self.wfile.write(f"{reply}\r\n".encode("utf-8", "surrogateescape"))


def _plain_credentials(encoded: str) -> tuple[str, str]:
    """User name and password of AUTH PLAIN (RFC 4616); empty ones when it is malformed."""
    try:
        parts = base64.b64decode(encoded, validate=True).decode().split("\0")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return (parts[1], parts[2]) if len(parts) == 3 else ("", "")


def _address(argument: str) -> str:
    """What is between the angle brackets of MAIL FROM:<...> or RCPT TO:<...>."""
    return argument.partition("<")[2].partition(">")[0]
