"""`manage.py work`: does due work from the database, without Redis."""

import signal
import threading
import time
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from inbox.failpoints import announce
from triage.schedule import LINES, STEPS, StepFailed, take_turn

log = structlog.get_logger("muster.work")

LOOK_EVERY_SECONDS = 1.0
SWEEP_EVERY_SECONDS = 30.0  # beside Redis, whose bells bring the work sooner
AFTER_FAILURE_SECONDS = 5.0


class Command(BaseCommand):
    """Looks for due work every second (every 30 s beside Redis), or does it once."""

    help = "Does due work from the database: " + ", ".join(STEPS)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Takes --once and --steps."""
        parser.add_argument("--once", action="store_true", help="end when nothing is due")
        parser.add_argument("--steps", nargs="+", choices=list(STEPS), metavar="STEP")

    def handle(self, *args: object, once: bool, steps: list[str] | None, **options: object) -> None:
        """Works until told to stop, or until nothing is due."""
        announce()
        if once:
            self._once(steps or list(STEPS))
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        _work({"chosen": steps} if steps else LINES, stop)

    def _once(self, steps: Sequence[str]) -> None:
        """All steps round after round until a whole round found nothing."""
        done, failures = 1, dict[str, str]()
        while done:
            done = 0
            for name in steps:
                if name in failures:
                    continue
                try:
                    done += take_turn(name)
                except StepFailed as failure:
                    failures[name] = str(failure)
        if failures:
            raise CommandError("; ".join(failures.values()))


def _work(lines: Mapping[str, Sequence[str]], stop: threading.Event) -> None:
    """A thread a line, so that a slow mail server delays only its own; ends when told to."""
    threads = [
        threading.Thread(target=_walk, args=(line, steps, stop), name=line, daemon=True)
        for line, steps in lines.items()
    ]
    for thread in threads:
        thread.start()
    # Waiting in slices: a signal is served between two of them.
    while not stop.wait(0.5) and all(thread.is_alive() for thread in threads):
        pass
    stop.set()
    for thread in threads:
        thread.join(timeout=30)


def _walk(line: str, steps: Sequence[str], stop: threading.Event) -> None:
    """Goes through the steps again and again: at once while there is work, else after a pause."""
    pause = _pause(line)
    rest_until: dict[str, float] = {}
    try:
        while not stop.is_set():
            if not sum(_turn(name, rest_until) for name in steps if not stop.is_set()):
                stop.wait(pause)
    finally:
        connections.close_all()


def _pause(line: str) -> float:
    """How long a line waits before it looks again.

    Beside Redis bells bring the work; but no bell rings when the time to undo an answer is over,
    so mail out looks every second all the same.
    """
    return SWEEP_EVERY_SECONDS if settings.REDIS_URL and line != "mail_out" else LOOK_EVERY_SECONDS


def _turn(name: str, rest_until: dict[str, float]) -> int:
    """One batch of a step; one that failed rests a little and stops none of the others."""
    if time.monotonic() < rest_until.get(name, 0):
        return 0
    try:
        return take_turn(name)
    except StepFailed as failure:
        log.error("step failed", step=name, why=str(failure))
        rest_until[name] = time.monotonic() + AFTER_FAILURE_SECONDS
        return 0
