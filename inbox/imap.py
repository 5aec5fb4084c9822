"""The conversation with an IMAP server: read only, by UID, and every refusal in clear words."""

import contextlib
import socket
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError
from imapclient.response_parser import parse_fetch_response

from inbox.addresses import Security, ServerAddress
from inbox.sync import FolderState, ListedMail

TIMEOUT_SECONDS = 30.0
# imaplib refuses lines over 1 MB; a UID takes at most 11 bytes of a SEARCH answer.
_SEARCH_WINDOW = 50_000


class ImapError(Exception):
    """The server cannot be used now; the message is a sentence for people, without addresses."""


class LoginRefusedError(ImapError):
    """The server does not take the user name and password."""


@dataclass(frozen=True)
class FetchedMail:
    """The bytes of one mail as the server holds them."""

    uid: int
    raw: bytes


class ImapSession:
    """One logged-in connection. Opens folders read-only and never changes a flag.

    Every method raises ImapError when the server refuses, misbehaves or goes away; the session
    is then of no further use.
    """

    def __init__(self, server: ServerAddress, client: IMAPClient) -> None:
        self._server = server
        self._client = client

    def examine(self, folder: str) -> FolderState:
        """Opens a folder without changing anything in it and gives its numbers."""
        with _explained(self._server, folder):
            answer = self._client.select_folder(folder, readonly=True)
        return FolderState(
            uidvalidity=int(answer[b"UIDVALIDITY"]),
            uidnext=int(answer.get(b"UIDNEXT", 0)),
            exists=int(answer.get(b"EXISTS", 0)),
        )

    def list_range(self, first: int, last: int | None) -> list[ListedMail]:
        """Gives the mails with UIDs from `first` to `last` (None: to the end), by UID."""
        with _explained(self._server):
            rows = self._fetch_range(f"{first}:{last or '*'}", "(INTERNALDATE RFC822.SIZE)")
        return sorted(
            ListedMail(uid, row[b"INTERNALDATE"].astimezone(UTC), int(row[b"RFC822.SIZE"]))
            for uid, row in rows.items()
            # `5:*` names the last mail even when its UID is below 5 (RFC 3501, 6.4.8).
            if uid >= first and b"INTERNALDATE" in row and b"RFC822.SIZE" in row
        )

    def _fetch_range(self, numbers: str, what: str) -> dict[int, dict[bytes, Any]]:
        """A FETCH over a range: imapclient's own takes single numbers only, a line too long."""
        kind, lines = self._client._imap.uid("FETCH", numbers, what)
        if kind != "OK":
            raise IMAPClientError("FETCH was refused")
        return dict(parse_fetch_response(lines, normalise_times=False))

    def fetch(self, uids: Sequence[int]) -> list[FetchedMail]:
        """Gives the bytes of these mails without marking them read; the vanished are left out."""
        with _explained(self._server):
            rows = self._client.fetch(list(uids), ["BODY.PEEK[]"])
        return [
            FetchedMail(uid, bytes(row[b"BODY[]"]))
            for uid, row in rows.items()
            if uid in set(uids) and row.get(b"BODY[]") is not None
        ]

    def still_there(self, uids: Sequence[int]) -> set[int]:
        """Gives those of the UIDs that the open folder still holds."""
        with _explained(self._server):
            return set(uids) & set(self._client.fetch(list(uids), ["UID"]))

    def all_uids(self, exists: int) -> list[int]:
        """Gives every UID of the open folder, which holds `exists` mails."""
        return self._search(exists)

    def uids_since(self, day: date, exists: int) -> list[int]:
        """Gives the UIDs of mails that the server received on or after `day`, by UID."""
        return self._search(exists, "SINCE", day)

    def _search(self, exists: int, *criteria: object) -> list[int]:
        found: set[int] = set()
        with _explained(self._server):
            for first in range(1, exists + 1, _SEARCH_WINDOW):
                window = f"{first}:{min(first + _SEARCH_WINDOW - 1, exists)}"
                found.update(self._client.search([window, *criteria]))
        return sorted(found)

    def special_folder(self, flag: str) -> str:
        """Gives the folder that the server marks so (RFC 6154), such as `\\Sent`; "" for none."""
        with _explained(self._server):
            return str(self._client.find_special_folder(flag.encode()) or "")

    def append(self, folder: str, raw: bytes, *, at: datetime) -> None:
        """Adds a mail to a folder, marked as read: the copy of what we sent."""
        with _explained(self._server, folder):
            self._client.append(folder, raw, flags=(rb"\Seen",), msg_time=at)

    def find_message_id(self, folder: str, message_id: str) -> bool:
        """Whether the folder holds a mail with this Message-ID (given without <>)."""
        with _explained(self._server, folder):
            self._client.select_folder(folder, readonly=True)
            return bool(self._client.search(["HEADER", "Message-ID", f"<{message_id}>"]))

    def can_idle(self) -> bool:
        """Whether the server tells of new mail by itself (RFC 2177)."""
        with _explained(self._server):
            return bool(self._client.has_capability("IDLE"))

    @contextlib.contextmanager
    def idling(self) -> Iterator["Idle"]:
        """Waits inside IDLE; leaves it at the end, so that commands work again."""
        with _explained(self._server):
            # imaplib keeps what the server says between commands; a mail that arrived since the
            # last look must not be waited for.
            self._client._imap.untagged_responses.pop("EXISTS", None)
            self._client.idle()
            idle = Idle(self._client)
            yield idle
            self._client.idle_done()

    def close(self) -> None:
        """Says goodbye; an error there changes nothing and is not told."""
        with contextlib.suppress(IMAPClientError, OSError, ValueError):
            self._client.logout()


class Idle:
    """A folder in IDLE."""

    def __init__(self, client: IMAPClient) -> None:
        self._client = client
        self._news = "EXISTS" in client._imap.untagged_responses

    def news(self, *, seconds: float) -> bool:
        """Waits up to `seconds`; true as soon as the server says anything about its mails."""
        if self._news:
            return True
        told = self._client.idle_check(timeout=seconds)
        return any(len(words) > 1 and words[1] in {b"EXISTS", b"RECENT"} for words in told)


@contextlib.contextmanager
def session(
    server: ServerAddress, password: str, *, timeout: float = TIMEOUT_SECONDS
) -> Iterator[ImapSession]:
    """Connects and logs in; raises LoginRefusedError or ImapError with a sentence."""
    with _explained(server):
        client = _connect(server, timeout)
    opened = ImapSession(server, client)
    try:
        with _explained(server):
            client.login(server.username, password)
        yield opened
    finally:
        opened.close()


def _connect(server: ServerAddress, timeout: float) -> IMAPClient:
    context = ssl.create_default_context()
    client = IMAPClient(
        server.host,
        server.port,
        ssl=server.security is Security.TLS,
        ssl_context=context,
        timeout=timeout,
    )
    # As shipped it formats every line it reads for a log that nobody looks at.
    client._imap.debug = 0
    client.normalise_times = False
    if server.security is Security.STARTTLS:
        client.starttls(ssl_context=context)
    return client


_SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (ssl.SSLError, "{place} does not speak TLS as expected."),
    (socket.gaierror, "The server name {host} cannot be found."),
    (TimeoutError, "{place} does not answer."),
    (ConnectionRefusedError, "Nothing listens at {place}."),
    (OSError, "The connection to {place} broke."),
    (IMAPClientAbortError, "{place} ended the connection."),
    (IMAPClientError, "{place} refused a command."),
    # What imapclient raises when the words of the server make no sense.
    (Exception, "{place} said something that is not IMAP."),
)
_EXPLAINED = (OSError, IMAPClientError, ValueError, KeyError, TypeError, AttributeError)


@contextlib.contextmanager
def _explained(server: ServerAddress, folder: str = "") -> Iterator[None]:
    try:
        yield
    except LoginError as error:
        raise _login_failure(server, error) from error
    except ssl.SSLCertVerificationError as error:
        reason = error.verify_message
        raise ImapError(f"The certificate of {server.place} is not valid: {reason}.") from error
    except _EXPLAINED as error:
        refused = isinstance(error, IMAPClientError) and not isinstance(error, IMAPClientAbortError)
        if folder and refused:
            raise ImapError(f"{server.place} does not open the folder {folder}.") from error
        sentence = next(words for kind, words in _SENTENCES if isinstance(error, kind))
        raise ImapError(sentence.format(place=server.place, host=server.host)) from error


_BUSY = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "[CONTACTADMIN]")


def _login_failure(server: ServerAddress, error: Exception) -> ImapError:
    """A server that is busy (RFC 5530) or gone does not speak about the password."""
    gone = isinstance(error.__context__, IMAPClientAbortError)
    if gone or any(code in str(error).upper() for code in _BUSY):
        return ImapError(f"{server.place} lets nobody log in at the moment.")
    return LoginRefusedError(f"The password was refused by {server.place}.")
