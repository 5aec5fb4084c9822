"""`make demo`: everything on this machine in one process tree, and nothing leaves it.

No Django here: this process only starts the others and waits.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from triage.demo import place
from triage.demo.cast import MAILBOX_USER, PASSWORD
from triage.demo.place import CHECKOUT, LOOPBACK, CannotStart, Place
from triage.process_tree import Child, run

# Whatever is set for a real installation must not reach the demo: its database, its keys, its
# alerts. The demo is embedded and mails nobody.
_NOT_FOR_THE_DEMO = (
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "DJANGO_SETTINGS_MODULE",
    "GUNICORN_CMD_ARGS",
    "MUSTER_ALERT_WEBHOOK",
    "MUSTER_SECRETS_KEY",
    "MUSTER_TRUSTED_PROXIES",
    "REDIS_URL",
    "SECRET_KEY",
)


def main() -> int:
    """Starts the demo and gives its exit code; 1 with one sentence when it cannot start."""
    try:
        where, _held = _take_place()
    except CannotStart as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    _make_account(where)
    _set_environment(where)
    os.chdir(CHECKOUT)
    if where.prepared() is None:
        sys.stdout.write("Preparing the demo; the first time takes up to a minute.\n")
    return run(_children(where), on_ready=lambda: _greet(where), grace_seconds=5)


def _take_place() -> tuple[Place, object]:
    folder = Path(os.environ.get("MUSTER_DATA_DIR") or CHECKOUT / "data" / "demo")
    folder = folder.expanduser().absolute()
    port = _port(os.environ.get("PORT") or "8000")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = place.lock(folder)
    except OSError as error:
        raise CannotStart(
            f"MUSTER_DATA_DIR: {folder} cannot be written to ({error.strerror})."
        ) from error
    return place.find(folder, port=port), held


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 65_536:
        return int(text)
    raise CannotStart(f"PORT: '{text}' is no port. Set it to a number such as 8000.")


def _make_account(where: Place) -> None:
    """Makes the mailbox on the demo's IMAP server, before that starts for the first time."""
    if not (where.mail / MAILBOX_USER).exists():
        from triage.demo.imap_server import create_account  # a library, slow to load

        where.mail.mkdir(parents=True, exist_ok=True)
        create_account(where.mail, username=MAILBOX_USER, password=PASSWORD)


def _set_environment(where: Place) -> None:
    for name in _NOT_FOR_THE_DEMO:
        os.environ.pop(name, None)
    os.environ.update(
        MUSTER_DATA_DIR=str(where.folder),
        MUSTER_DEMO="1",
        MUSTER_REQUIRE_MFA="0",
        MUSTER_BASE_URL=where.url,
    )


def _children(where: Place) -> list[Child]:
    """The pages first, because people wait for them; the first time what they show comes first."""
    own, folder = [sys.executable, "-m"], str(where.folder)
    imap = ["triage.demo.imap_server", "--root", str(where.mail), "--port", str(where.imap_port)]
    smtp = ["triage.demo.smtp_sink", "--folder", str(where.outbox), "--port", str(where.smtp_port)]
    drip = ["triage.demo.drip", "--folder", folder, "--port", str(where.port)]
    web = [Child("web", [*own, "gunicorn", "triage.wsgi", *_web(where.port)], ready=where.port)]
    mail = [
        Child("imap", [*own, *imap], ready=where.imap_port),
        Child("smtp", [*own, *smtp], ready=where.smtp_port),
        Child("storm", [*own, *drip], ready=lambda: where.prepared() is not None),
    ]
    manage = [sys.executable, "manage.py"]
    return [
        *(mail + web if where.prepared() is None else web + mail),
        Child("watcher", [*manage, "watch_inbox"]),
        Child("worker", [*manage, "work"]),
    ]


def _web(port: int) -> list[str]:
    """With --preload the port answers once the pages are there, not before."""
    return [
        *("--bind", f"{LOOPBACK}:{port}", "--worker-class", "gthread", "--threads", "8"),
        *("--preload", "--graceful-timeout", "2", "--log-level", "warning", "--no-control-socket"),
    ]


def _greet(where: Place) -> None:
    prepared = where.prepared()
    assert prepared is not None
    logins = (
        f"{login['role']} {login['email']} {login['password']}" for login in prepared["logins"]
    )
    lines = [
        "",
        f"Muster's demo is at {where.url} (Ctrl-C ends it). Who can log in:",
        "",
        *logins,
        "",
        f"To join as a newcomer: {where.url}{prepared['join_path']}",
        f"Every mail that Muster sends ends here: {where.url}/outbox/",
        "",
        "Try this first: log in as ada, switch on all-hands mode, then as ann in a private",
        "window press 'Help the next person', and watch sam's board. README.md has the whole tour.",
        f"To begin anew, end the demo and delete {where.folder}.",
        "",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
