"""`manage.py run`, behind `make run`: a small real installation in one process tree."""

import os
import signal
import subprocess
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from inbox.failpoints import announce
from triage.process_tree import Child, death_signal_on_parent_exit, run

LOOPBACK = "127.0.0.1"


class Command(BaseCommand):
    """Web server, watcher and worker, kept running; beside Redis a worker for each line too."""

    help = "Bring the database up to date, then serve: all that a small installation needs."
    # They import everything, threads of numpy included, and this process forks; migrate checks.
    requires_system_checks = []

    def handle(self, *args: object, **options: object) -> None:
        """Runs until SIGTERM or Ctrl-C; the port is PORT, 8000 by default."""
        announce()
        port = _port(os.environ.get("PORT") or "8000")
        os.environ.setdefault("MUSTER_BASE_URL", f"http://{LOOPBACK}:{port}")
        os.chdir(settings.ROOT)
        _migrate()
        sys.exit(run(children(port), on_ready=lambda: self._tell(port)))

    def _tell(self, port: int) -> None:
        address = os.environ["MUSTER_BASE_URL"]
        self.stdout.write(f"Muster listens on {LOOPBACK}:{port}; people open {address}")


def children(port: int) -> list[Child]:
    """What runs: the steps' own lines are rung through Redis where there is one."""
    manage = [sys.executable, "manage.py"]
    web = [
        *(sys.executable, "-m", "gunicorn", "triage.wsgi", "--bind", f"{LOOPBACK}:{port}"),
        *("--workers", "2", "--worker-class", "gthread", "--threads", "8"),
        *("--preload", "--log-level", "warning", "--no-control-socket"),
    ]
    return [
        Child("web", web, ready=port),
        Child("watcher", [*manage, "watch_inbox"]),
        Child("worker", [*manage, "work"]),
        *(Child(line, [*manage, "rqworker", line]) for line in settings.RQ_QUEUES),
    ]


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 65_536:
        return int(text)
    raise CommandError(f"PORT: '{text}' is no port. Set it to a number such as 8000.")


def _migrate() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "1"],
        check=False,
        preexec_fn=death_signal_on_parent_exit(signal.SIGTERM),
    )
    if done.returncode:
        raise CommandError("The database could not be brought up to date, see above.")
