"""The local IMAP server of the demo: pymap over Maildirs, on loopback only.

`python -m triage.demo.imap_server --root DIR --port N` serves the accounts that `create_account`
made under DIR. Mails, UIDs and UIDVALIDITY live in files there and survive a restart.

Left alone, pymap parses a mail and writes it anew; here it hands out the bytes that came. It also
writes a line in pieces, on which a client that waits in IDLE may break; here each answer is one
write. Its COPY copies no text and its folders carry no special use, so nothing here leans on them.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import itertools
import mailbox
import os
import shutil
import signal
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from email.message import Message as EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

from pymap import imap as pymap_imap
from pymap.backend import maildir as pymap_maildir
from pymap.backend.maildir import mailbox as pymap_mailbox
from pymap.backend.maildir.users import PasswordRecord, PasswordsFile, UserRecord, UsersFile
from pymap.parsing.response import Response
from pysasl.hashing import BuiltinHash

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

LOOPBACK = "127.0.0.1"
# A waiting IDLE client holds one of pymap's threads all the time.
THREADS = 32
_deliveries = itertools.count()


def create_account(
    root: Path, *, username: str, password: str, folders: Sequence[str] = ("Sent",)
) -> None:
    """Makes an account with an INBOX and these folders; repeated, it sets the password anew."""
    for folder in ("INBOX", *folders):
        _make_maildir(_maildir(root, username, folder))
    _set_record(root / UsersFile.FILE_NAME, UsersFile.build_record(username, username))
    hashed = BuiltinHash().hash(password)
    _set_record(root / PasswordsFile.FILE_NAME, PasswordsFile.build_record(username, hashed))


def deliver(
    root: Path, mail: bytes, *, username: str, folder: str = "INBOX", at: datetime | None = None
) -> Path:
    """Drops one mail into a folder; a running server shows it within two seconds.

    UIDs follow the order of delivery. `at` is when the server says it came in: now by default.
    A mail with bare line feeds gets the line ends of IMAP.
    """
    target = _maildir(root, username, folder)
    name = f"{time.time_ns():020d}.{os.getpid()}_{next(_deliveries):08d}.demo"
    draft = target / "tmp" / name
    draft.write_bytes(mail if b"\r\n" in mail else mail.replace(b"\n", b"\r\n"))
    if at is not None:
        os.utime(draft, (at.timestamp(), at.timestamp()))
    return draft.rename(target / "new" / name)


def delivered(root: Path, *, username: str, folder: str = "INBOX") -> list[Path]:
    """The mails in a folder, oldest delivery first."""
    target = _maildir(root, username, folder)
    return sorted((*target.glob("new/*"), *target.glob("cur/*")), key=lambda path: path.name)


def serve(root: Path, *, port: int) -> None:
    """Serves every account under `root` on 127.0.0.1 until SIGTERM or SIGINT."""
    _correct_pymap()
    _tidy(root)
    os.environ["FQDN"] = "localhost"  # else the greeting asks the DNS for our name
    asyncio.run(_serve(root, port))


async def _serve(root: Path, port: int) -> None:
    backend, config = await pymap_maildir.MaildirBackend.init(_pymap_arguments(root, port))
    config.apply_context()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        await pymap_imap.IMAPService(backend, config).start(stack)
        await stop.wait()


def _pymap_arguments(root: Path, port: int) -> Namespace:
    return Namespace(
        host=LOOPBACK,
        port=port,
        tls=False,
        cert=None,
        key=None,
        debug=False,
        proxy_protocol=None,
        passlib_cfg=None,
        inherited_sockets=None,
        base_dir=str(root),
        layout="++",
        colon=None,
        concurrency=THREADS,
    )


class _ExactMessage(mailbox.MaildirMessage):
    """A mail that still knows the bytes it was made of."""

    def __init__(self, message: bytes | memoryview | EmailMessage | None = None) -> None:
        self.exact = bytes(message) if isinstance(message, bytes | memoryview) else None
        super().__init__(None if isinstance(message, memoryview) else message)

    def __bytes__(self) -> bytes:
        return super().__bytes__() if self.exact is None else self.exact


class _ExactMaildir(pymap_mailbox.Maildir):
    """A Maildir that stores and gives the bytes of a mail unchanged, oldest delivery first."""

    def get_message(self, key: str) -> _ExactMessage:
        return _ExactMessage(self.get_bytes(key))

    def keys(self) -> list[str]:
        return sorted(super().keys())

    def _dump_message(
        self, message: object, target: SupportsWrite[bytes], mangle_from_: bool = False
    ) -> None:
        assert isinstance(message, EmailMessage)
        target.write(bytes(message))


class _WholeAnswers(pymap_imap.IMAPConnection):
    """A connection that sends each answer in one piece."""

    async def write_response(self, resp: Response) -> None:
        answer = io.BytesIO()
        await resp.async_write(answer)
        self.writer.write(answer.getvalue())
        with suppress(ConnectionError):
            await self.writer.drain()


def _correct_pymap() -> None:
    vars(pymap_maildir)["Maildir"] = _ExactMaildir
    vars(pymap_mailbox)["MaildirMessage"] = _ExactMessage
    vars(pymap_imap)["IMAPConnection"] = _WholeAnswers


def _tidy(root: Path) -> None:
    """Removes what a killed server leaves: locks, which pymap would heed for ten minutes."""
    for lock in root.rglob("*.lock"):
        lock.unlink()
    # pymap writes its books to a temporary file and renames it, which must not cross a disk.
    scratch = root / ".scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    tempfile.tempdir = str(scratch)


def _maildir(root: Path, username: str, folder: str) -> Path:
    return root / username if folder == "INBOX" else root / username / f".{folder}"


def _make_maildir(folder: Path) -> None:
    for part in ("cur", "new", "tmp"):
        (folder / part).mkdir(parents=True, exist_ok=True)


def _set_record(path: Path, record: UserRecord | PasswordRecord) -> None:
    fields = (getattr(record, field).replace(":", "\\:") for field in record.get_fields())
    others = path.read_text().splitlines() if path.exists() else []
    kept = [line for line in others if not line.startswith(f"{record.name}:")]
    draft = path.with_suffix(".draft")
    draft.write_text("".join(f"{line}\n" for line in [*kept, ":".join(fields)]))
    draft.chmod(0o600)
    draft.rename(path)


def main(argv: Sequence[str]) -> int:
    """Serves from the command line."""
    parser = argparse.ArgumentParser(prog="python -m triage.demo.imap_server")
    parser.add_argument("--root", type=Path, required=True, help="where accounts and mails are")
    parser.add_argument("--port", type=int, required=True, help=f"port of {LOOPBACK}")
    options = parser.parse_args(argv)
    try:
        serve(options.root, port=options.port)
    except OSError as failure:
        sys.stderr.write(f"The demo's IMAP server could not start: {failure}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
