"""A Dovecot of our own: Maildir, plain IMAP to loopback, users made at will."""

from __future__ import annotations

import grp
import itertools
import os
import pwd
import shutil
import socket
import uuid
from dataclasses import dataclass
from pathlib import Path

from triage.benchmarks.servers.ports import LOOPBACK, answers, free_port
from triage.benchmarks.servers.process import RestartableServer, ServerProcess, start_process

SENT = "Sent"
_counter = itertools.count()

CONFIGURATION = """
protocols = imap
listen = {host}
base_dir = {folder}/run
state_dir = {folder}/state
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
log_path = /dev/stderr
default_process_limit = 400
default_client_limit = 4000
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:~/Maildir
mail_max_userip_connections = 300
mail_fsync = never
mail_save_crlf = yes
imap_idle_notify_interval = 30 secs
maildir_very_dirty_syncs = no
{internal_users}
service imap-login {{
  chroot =
  service_count = 0
  process_min_avail = 1
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap {{
  process_limit = 400
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users/%u
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {folder}/users/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = subscribe
    special_use = \\Sent
  }}
}}
"""


@dataclass(frozen=True)
class ImapUser:
    """A mailbox on the test Dovecot, and the Maildir behind it."""

    host: str
    port: int
    username: str
    password: str
    maildir: Path

    @property
    def address(self) -> str:
        """The email address of this mailbox; it is the user name too."""
        return self.username

    @property
    def url(self) -> str:
        """What `add_mailbox --imap` wants."""
        return f"imap://{self.username.replace('@', '%40')}@{self.host}:{self.port}"

    def deliver(self, mail: bytes, *, folder: str = "INBOX") -> Path:
        """Drops one mail into a folder as a delivery would; the server sees it at once."""
        target = self.folder(folder)
        name = f"{next(_counter)}.{uuid.uuid4().hex}"
        (target / "tmp" / name).write_bytes(mail)
        (target / "tmp" / name).chmod(0o644)
        return (target / "tmp" / name).rename(target / "new" / name)

    def folder(self, name: str) -> Path:
        """The Maildir folder of that name, made at need."""
        target = self.maildir if name == "INBOX" else self.maildir / f".{name}"
        _make_maildir(target)
        return target

    def mails(self, folder: str = "INBOX") -> list[bytes]:
        """The raw mails in a folder, oldest first."""
        files = [file for part in ("new", "cur") for file in self.folder(folder).glob(f"{part}/*")]
        return [file.read_bytes() for file in sorted(files, key=lambda file: file.stat().st_mtime)]


@dataclass(frozen=True)
class DovecotAddress:
    """Where a Dovecot listens, and the folder through which it gets users and mail."""

    port: int
    folder: Path
    host: str = LOOPBACK

    def create_user(self, name: str | None = None, *, password: str = "correct horse") -> ImapUser:
        """A new user with an empty INBOX and Sent; without a name, one that nobody else has."""
        username = name or f"help-{uuid.uuid4().hex[:12]}@example.org"
        home = self.folder / "mail" / username
        user = ImapUser(self.host, self.port, username, password, home / "Maildir")
        _make_folder(home)
        user.folder("INBOX")
        user.folder(SENT)
        self.set_password(user.username, password)
        return user

    def set_password(self, username: str, password: str) -> None:
        """Changes what the server takes as the password from the next login on."""
        account = _mail_account()
        home = self.folder / "mail" / username
        line = f"{username}:{{PLAIN}}{password}:{account.pw_uid}:{account.pw_gid}::{home}::\n"
        draft = self.folder / "users" / f".{username}.{uuid.uuid4().hex}"
        draft.write_text(line)
        draft.chmod(0o644)
        draft.rename(self.folder / "users" / username)


@dataclass
class DovecotServer(RestartableServer):
    """A running Dovecot; its mail stays in its folder when it stops."""

    address: DovecotAddress


def binary() -> str | None:
    """The installed `dovecot`, when it can speak IMAP; none when missing."""
    program = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
    speaks_imap = (
        Path("/usr/lib/dovecot/imap").exists() or Path("/usr/libexec/dovecot/imap").exists()
    )
    return program if speaks_imap else None


def start(folder: Path) -> DovecotServer:
    """Starts a Dovecot with everything it writes under `folder`, which it may find filled."""
    program = binary()
    if program is None:
        raise FileNotFoundError("Dovecot is not installed")
    for name in ("run", "state", "users", "mail"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for readable in (folder, folder / "users", folder / "mail"):
        readable.chmod(0o755)
    address = DovecotAddress(free_port(), folder)
    settings = folder / "dovecot.conf"
    settings.write_text(_configuration(address))

    def start_again() -> ServerProcess:
        return start_process(
            "dovecot",
            [program, "-F", "-c", str(settings)],
            folder=folder,
            is_ready=lambda: answers(address.port) and _greets(address.port),
        )

    return DovecotServer(start_again(), start_again, address)


def _configuration(address: DovecotAddress) -> str:
    return CONFIGURATION.format(
        host=address.host,
        port=address.port,
        folder=address.folder,
        internal_users="" if os.geteuid() == 0 else _as_myself(),
    )


def _as_myself() -> str:
    user = pwd.getpwuid(os.geteuid()).pw_name
    group = grp.getgrgid(os.getegid()).gr_name
    names = {"login_user": user, "internal_user": user, "internal_group": group}
    return "\n".join(f"default_{role} = {name}" for role, name in names.items())


def _mail_account() -> pwd.struct_passwd:
    """Who owns the mail: Dovecot never opens mail as root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def _make_maildir(folder: Path) -> None:
    if (folder / "tmp").exists():
        return
    for part in (folder, folder / "cur", folder / "new", folder / "tmp"):
        _make_folder(part)


def _make_folder(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    if os.geteuid() == 0:
        account = _mail_account()
        os.chown(folder, account.pw_uid, account.pw_gid)


def _greets(port: int) -> bool:
    with socket.create_connection((LOOPBACK, port), timeout=2) as connection:
        return connection.recv(4) == b"* OK"
