"""The local SMTP server of the demo: it takes every mail and sends none.

`python -m triage.demo.smtp_sink --folder DIR --port N` keeps each mail as `<id>.eml`, to the
byte, and its envelope as `<id>.json`; the demo's Outbox page lists them with `stored`.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import logging
import os
import re
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

LOOPBACK = "127.0.0.1"
LARGEST_MAIL_BYTES = 50 * 1024 * 1024
_ID = re.compile(r"\d{20}-\d{6}")


@dataclass(frozen=True)
class StoredMail:
    """One mail that the demo sent out, as far as the sink."""

    id: str
    received_at: datetime
    sender: str
    recipients: tuple[str, ...]
    username: str | None
    size_bytes: int
    path: Path
    """The exact bytes; they are mail, so they go through the mail parser before a page."""


def stored(folder: Path, *, limit: int = 200) -> list[StoredMail]:
    """The newest mails in the sink's folder, newest first; none when there is no folder yet."""
    newest = sorted(folder.glob("*.json"), reverse=True)[:limit]
    return [_read(envelope) for envelope in newest]


def stored_mail(folder: Path, identifier: str) -> StoredMail | None:
    """The mail with this id; none when there is no such mail, whatever the id contains."""
    if not _ID.fullmatch(identifier):
        return None
    envelope = folder / f"{identifier}.json"
    return _read(envelope) if envelope.is_file() else None


def _read(envelope: Path) -> StoredMail:
    fields = json.loads(envelope.read_text())
    return StoredMail(
        id=envelope.stem,
        received_at=datetime.fromisoformat(fields["received_at"]),
        sender=fields["sender"],
        recipients=tuple(fields["recipients"]),
        username=fields["username"],
        size_bytes=fields["size_bytes"],
        path=envelope.with_suffix(".eml"),
    )


class _Sink:
    """What aiosmtpd calls for each mail."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        content = envelope.original_content or b""
        moment = time.time_ns()
        identifier = f"{moment:020d}-{next(self._numbers) % 1_000_000:06d}"
        fields = {
            "received_at": datetime.fromtimestamp(moment / 1e9, UTC).isoformat(),
            "sender": envelope.mail_from or "",
            "recipients": envelope.rcpt_tos,
            "username": session.auth_data,
            "size_bytes": len(content),
        }
        self._write(f"{identifier}.eml", content)
        # Last, because a mail is in the sink once its envelope can be read.
        self._write(f"{identifier}.json", json.dumps(fields).encode())
        return f"250 2.0.0 kept as {identifier}"

    def _write(self, name: str, content: bytes) -> None:
        draft = self._folder / f".{name}.draft"
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(self._folder / name)


def _welcome(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, credentials: object
) -> AuthResult:
    login = getattr(credentials, "login", b"")
    return AuthResult(success=True, auth_data=login.decode("utf-8", "replace"))


def serve(folder: Path, *, port: int) -> None:
    """Takes mail on 127.0.0.1 until SIGTERM or SIGINT; any user name and password will do."""
    folder.mkdir(parents=True, exist_ok=True)
    # At each login aiosmtpd warns of a name that it itself uses.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    asyncio.run(_serve(folder, port))


async def _serve(folder: Path, port: int) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    sink = _Sink(folder)
    server = await loop.create_server(lambda: _protocol(sink), LOOPBACK, port)
    async with server:
        await stop.wait()


def _protocol(sink: _Sink) -> SMTP:
    return SMTP(
        sink,
        hostname="localhost",  # else aiosmtpd asks the DNS for our name
        ident="Muster demo",
        data_size_limit=LARGEST_MAIL_BYTES,
        enable_SMTPUTF8=True,
        authenticator=_welcome,
        auth_require_tls=False,
    )


def main(argv: Sequence[str]) -> int:
    """Serves from the command line."""
    parser = argparse.ArgumentParser(prog="python -m triage.demo.smtp_sink")
    parser.add_argument("--folder", type=Path, required=True, help="where the mails are kept")
    parser.add_argument("--port", type=int, required=True, help=f"port of {LOOPBACK}")
    options = parser.parse_args(argv)
    try:
        serve(options.folder, port=options.port)
    except OSError as failure:
        sys.stderr.write(f"The demo's SMTP server could not start: {failure}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
