"""Handing one mail to a server, so that it is always known how far the dialogue got (RFC 5321).

A small dialogue of our own over smtplib's connection: each phase is announced before it is
entered, because only that tells afterwards whether a mail may have left. No Django in here.
"""

import base64
import contextlib
import select
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal
from urllib.parse import unquote, urlsplit

from inbox.failpoints import failpoint
from inbox.smtp_trouble import ServerTrouble as ServerTrouble
from inbox.smtp_trouble import explained, lost, one_line

Security = Literal["none", "tls", "starttls"]
_SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp": ("none", 25),
    "smtps": ("tls", 465),
    "smtp+starttls": ("starttls", 587),
}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

_FAREWELL_SECONDS = 2
# Refusals that speak of our account, whichever mail was the occasion (RFC 4954 6, RFC 5321 3.8).
_ABOUT_US = frozenset({421, 454, 530, 534, 535, 538})


class Phase(StrEnum):
    """How far a mail has come; from DOT on, it may have left."""

    CONNECT = "connect"
    ENVELOPE = "envelope"
    CONTENT = "content"
    DOT = "dot"


@dataclass(frozen=True)
class Patience:
    """How many seconds to wait for a connection, for an answer, and for the answer to the dot."""

    connect: float = 10
    answer: float = 30
    dot: float = 120


@dataclass(frozen=True)
class Server:
    """Where mail is handed in, as whom, and under which name of our own (EHLO)."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = ""
    hello: str = "localhost"

    @property
    def place(self) -> str:
        """Host and port, for sentences."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Envelope:
    """One mail and its one recipient."""

    sender: str
    recipient: str
    content: bytes


class WrongSmtpUrl(ValueError):
    """The address of an outgoing server that cannot be used; the message says why."""


class Refused(Exception):
    """The server said no to this mail, before or after the dot: it has not taken it."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(f"{code} {words}")
        self.code, self.words = code, words

    @property
    def for_good(self) -> bool:
        """Tells whether trying again cannot help."""
        return self.code >= 500


class NoAnswer(Exception):
    """The final dot was sent and nothing, or nothing sensible, came back: nobody knows."""


def parse_smtp_url(url: str, *, password: str = "", hello: str = "localhost") -> Server:
    """Gives the server behind `smtp://`, `smtps://` or `smtp+starttls://user@host:port`.

    Raises WrongSmtpUrl; plain `smtp://` is taken for loopback only.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise WrongSmtpUrl("The address of the outgoing server cannot be read.") from error
    if parts.scheme not in _SCHEMES or not host or parts.password is not None:
        raise WrongSmtpUrl(
            "An outgoing server is written smtps://user@host:465 or smtp+starttls://user@host:587, "
            "without the password."
        )
    security, usual_port = _SCHEMES[parts.scheme]
    if security == "none" and host not in _LOOPBACK:
        raise WrongSmtpUrl(
            f"smtp:// to {host} would send mail and password readable by everyone on the way. "
            "Use smtps:// or smtp+starttls://."
        )
    user = unquote(parts.username or "")
    return Server(host, port or usual_port, security, user, password, hello)


class Connection:
    """One open, logged-in connection that takes one mail after another; close it in the end."""

    def __init__(self, server: Server, patience: Patience = Patience()) -> None:
        """Connects, secures and logs in; raises ServerTrouble with one clear sentence."""
        self._server, self._patience = server, patience
        self.is_open = True
        self._smtp = _connected(server, patience)

    def deliver(self, mail: Envelope, *, enter: Callable[[Phase], None]) -> str:
        """Hands in one mail and gives the server's words when it has taken it.

        `enter` is called with each phase before the phase begins; what it raises ends the attempt
        with nothing more sent. Raises Refused (not taken), NoAnswer (unknown), or ServerTrouble
        (not taken; the connection is over).
        """
        try:
            enter(Phase.ENVELOPE)
            self._send_envelope(mail)
            enter(Phase.CONTENT)
            self._send_content(mail.content)
            failpoint("send.before_dot")
            enter(Phase.DOT)
        except Refused:
            self._start_over()
            raise
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise ServerTrouble(lost(self._server.place, error)) from error
        except BaseException:
            self._drop()
            raise
        return self._send_dot()

    def close(self) -> None:
        """Says goodbye and ends the connection; harmless when it has ended."""
        with contextlib.suppress(smtplib.SMTPException, OSError):
            if self.is_open:
                self._wait_at_most(_FAREWELL_SECONDS)
                self._smtp.quit()
        self._drop()

    def _drop(self) -> None:
        self.is_open = False
        self._smtp.close()

    def _send_envelope(self, mail: Envelope) -> None:
        options = ""
        if not (mail.sender + mail.recipient).isascii():
            if not self._smtp.has_extn("smtputf8"):
                raise Refused(
                    553,
                    "The outgoing server cannot send to addresses with letters beyond a to z "
                    "(it lacks SMTPUTF8).",
                )
            self._smtp.command_encoding = "utf-8"
            options = " BODY=8BITMIME SMTPUTF8"
        if self._smtp.has_extn("size"):
            options = f" SIZE={len(mail.content)}{options}"
        self._ask(f"MAIL FROM:<{mail.sender}>{options}")
        failpoint("send.after_mail")
        self._ask(f"RCPT TO:<{mail.recipient}>")
        failpoint("send.after_rcpt")

    def _send_content(self, content: bytes) -> None:
        self._ask("DATA", expect=3)
        failpoint("send.after_data")
        self._smtp.send(stuffed(content))
        # A server that gives up in the middle has already said so: heard before the dot, it is a
        # plain refusal instead of a riddle.
        if self._has_spoken():
            self._hear(expect=0)

    def _send_dot(self) -> str:
        try:
            self._wait_at_most(self._patience.dot)
            self._smtp.send(b".\r\n")
            failpoint("send.after_dot")
            code, words = _reply(self._smtp)
            self._wait_at_most(self._patience.answer)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise NoAnswer(lost(self._server.place, error)) from error
        if code // 100 == 2:
            return f"{code} {words}"
        if code // 100 in (4, 5):
            self._start_over(code)
            raise Refused(code, words)
        self._drop()
        raise NoAnswer(f"{self._server.place} answered {code} {words}")

    def _ask(self, command: str, *, expect: int = 2) -> None:
        self._smtp.putcmd(command)
        self._hear(expect=expect)

    def _hear(self, *, expect: int) -> None:
        code, words = _reply(self._smtp)
        if code in _ABOUT_US:
            self._drop()
            raise ServerTrouble(f"{self._server.place} said: {code} {words}", code)
        if code // 100 in (4, 5):
            raise Refused(code, words)
        if code // 100 != expect:
            raise smtplib.SMTPServerDisconnected(f"unexpected answer {code}")

    def _start_over(self, code: int = 0) -> None:
        """Clears the refused mail from the connection, or ends a connection that cannot."""
        try:
            kept = self.is_open and code != 421 and self._smtp.rset()[0] == 250
        except (smtplib.SMTPException, OSError):
            kept = False
        if not kept:
            self._drop()

    def _has_spoken(self) -> bool:
        sock = self._smtp.sock
        assert sock is not None
        if isinstance(sock, ssl.SSLSocket):
            return sock.pending() > 0  # what waits below may be TLS's own talk, such as a ticket
        waiting = select.poll()
        waiting.register(sock, select.POLLIN)
        return bool(waiting.poll(0))

    def _wait_at_most(self, seconds: float) -> None:
        assert self._smtp.sock is not None
        self._smtp.sock.settimeout(seconds)


def stuffed(content: bytes) -> bytes:
    """Gives the content with dots doubled at line starts and a line end at the very end."""
    ended = content if content.endswith(b"\r\n") else content + b"\r\n"
    doubled = ended.replace(b"\r\n.", b"\r\n..")
    return b"." + doubled if doubled.startswith(b".") else doubled


def _connected(server: Server, patience: Patience) -> smtplib.SMTP:
    smtp: smtplib.SMTP | None = None
    try:
        smtp = _greeted(server, patience)
        if server.user:
            _log_in(smtp, server)
        assert smtp.sock is not None
        smtp.sock.settimeout(patience.answer)
        return smtp
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        if smtp is not None:
            smtp.close()
        raise explained(server.place, error) from error


def _greeted(server: Server, patience: Patience) -> smtplib.SMTP:
    where = (server.host, server.port, server.hello, patience.connect)
    if server.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            *where[:3], timeout=where[3], context=ssl.create_default_context()
        )
    else:
        smtp = smtplib.SMTP(*where)
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
    except BaseException:
        smtp.close()
        raise
    return smtp


def _log_in(smtp: smtplib.SMTP, server: Server) -> None:
    """AUTH PLAIN in UTF-8 (RFC 4616), which smtplib cannot; else whatever smtplib finds."""
    if "PLAIN" not in smtp.esmtp_features.get("auth", "").upper().split():
        smtp.login(server.user, server.password)
        return
    token = base64.b64encode(f"\0{server.user}\0{server.password}".encode()).decode()
    code, words = smtp.docmd("AUTH", f"PLAIN {token}")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, words)


def _reply(smtp: smtplib.SMTP) -> tuple[int, str]:
    """One reply; raises SMTPServerDisconnected for silence and for what is no reply."""
    try:
        code, words = smtp.getreply()
    except smtplib.SMTPResponseException as error:  # a line beyond all limits
        raise smtplib.SMTPServerDisconnected("the answer is too long") from error
    return code, one_line(words)
