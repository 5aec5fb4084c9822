"""The keeper: starts, restarts, listens to and ends the children of the tree."""

from __future__ import annotations

import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from triage.process_tree.kernel import (
    death_signal_on_parent_exit,
    end_descendants,
    kill,
    parents,
)

ENDING_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
COLOURS = (36, 33, 32, 35, 34, 31)
LONGEST_PAUSE_SECONDS = 30
LONG_LIFE_SECONDS = 60
Signals = Collection[int | signal.Signals]


@dataclass(frozen=True)
class Child:
    """One program of the tree: `env` is added to ours, `name` stands before each of its lines.

    Children start in order; the next one waits until this one is `ready`: a port of 127.0.0.1
    on which it listens, or a quick function that says so.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] | int | None = None


def heeded_signals() -> list[signal.Signals]:
    """The signals that end us: not SIGHUP when nohup asked for that."""
    ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    return [number for number in ENDING_SIGNALS if number is not signal.SIGHUP or not ignored]


@dataclass
class _Life:
    """What became of one child so far."""

    child: Child
    prefix: bytes
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    deaths: int = 0
    is_ready: bool = False

    def pause_seconds(self, now: float) -> float:
        """How long to wait after a death at `now`; counts it."""
        if now - self.started_at >= LONG_LIFE_SECONDS:
            self.deaths = 0
        self.deaths += 1
        return float(min(LONGEST_PAUSE_SECONDS, 1 << min(self.deaths - 1, 10)))

    def look_ready(self) -> bool:
        """Whether the child is ready, once asked and from then on until it dies."""
        if self.process is not None and not self.is_ready:
            ready = self.child.ready
            self.is_ready = _answers(ready) if isinstance(ready, int) else ready is None or ready()
        return self.is_ready


def _answers(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Keeper:
    """Starts, restarts, listens to and ends the children."""

    def __init__(
        self,
        children: Sequence[Child],
        on_ready: Callable[[], None] | None,
        grace_seconds: float,
    ) -> None:
        width = max((len(child.name) for child in children), default=0)
        self._lives = [
            _Life(child, _prefix(child.name, width, number))
            for number, child in enumerate(children)
        ]
        self._on_ready = on_ready
        self._grace_seconds = grace_seconds
        self._selector = selectors.DefaultSelector()
        self._ending_signals = 0
        self._deaths_to_notice = False

    def keep(self, held: Signals) -> int:
        """Does the whole work of the keeper; 0 after an orderly end."""
        self._listen_to_signals(held)
        while not self._ending_signals:
            self._start_the_next()
            self._listen(0.1 if self._on_ready or not self._all_ready() else 1.0)
            self._notice_deaths()
        self._end()
        return 0

    def _listen_to_signals(self, held: Signals) -> None:
        woken, waker = socket.socketpair()
        woken.setblocking(False)
        waker.setblocking(False)
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        self._waker = waker  # the number alone would not keep it open
        self._selector.register(woken, selectors.EVENT_READ)
        signal.signal(signal.SIGCHLD, self._count_death)
        for number in heeded_signals():
            signal.signal(number, self._count_ending_signal)
        signal.pthread_sigmask(signal.SIG_SETMASK, held)

    def _count_ending_signal(self, number: int, frame: object) -> None:
        self._ending_signals += 1

    def _count_death(self, number: int, frame: object) -> None:
        self._deaths_to_notice = True

    def _all_ready(self) -> bool:
        return all(life.look_ready() for life in self._lives)

    def _start_the_next(self) -> None:
        now = time.monotonic()
        for life in self._lives:
            if life.process is None and now >= life.start_at:
                self._start(life, now)
            if not life.look_ready():
                return
        if self._on_ready:
            self._on_ready()
            sys.stdout.flush()
            self._on_ready = None

    def _start(self, life: _Life, now: float) -> None:
        life.started_at = now
        try:
            life.process = subprocess.Popen(  # noqa: S603 (our own command lines)
                list(life.child.argv),
                env={**os.environ, "PYTHONUNBUFFERED": "1", **life.child.env},
                bufsize=0,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                process_group=0,
                preexec_fn=death_signal_on_parent_exit(signal.SIGTERM),
            )
        except OSError as failure:
            self._pause(life, f"could not start: {failure}")
            return
        lines = _Lines(life.prefix, life.process)
        self._selector.register(lines.output, selectors.EVENT_READ, lines)

    def _pause(self, life: _Life, what: str) -> None:
        now = time.monotonic()
        pause = life.pause_seconds(now)
        life.process, life.is_ready, life.start_at = None, False, now + pause
        if not self._ending_signals:
            _print(life.prefix, f"{what}; starting again in {pause:g} s".encode())

    def _listen(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            if not isinstance(key.data, _Lines):
                with suppress(BlockingIOError):
                    os.read(key.fd, 4096)
            elif not key.data.take():
                self._selector.unregister(key.fileobj)
                key.data.output.close()

    def _notice_deaths(self) -> None:
        if not self._deaths_to_notice:
            return
        self._deaths_to_notice = False
        for life in self._lives:
            if life.process is not None and life.process.poll() is not None:
                self._pause(life, f"ended with {life.process.returncode}")
        self._end_orphans()

    def _end_orphans(self) -> None:
        """Ends what a dead child left to us, before it holds a port against the next one."""
        kept = {life.process.pid for life in self._lives if life.process is not None}
        for pid, parent in parents().items():
            if parent == os.getpid() and pid not in kept:
                kill(pid)
                with suppress(ChildProcessError):
                    os.waitpid(pid, 0)

    def _end(self) -> None:
        """Asks every child to end, last started first; a second signal ends the patience."""
        for life in reversed(self._lives):
            if life.process is not None:
                life.process.terminate()
        deadline = time.monotonic() + self._grace_seconds
        while self._someone_lives() and time.monotonic() < deadline and self._ending_signals < 2:
            self._listen(0.1)
        for life in self._lives:
            if life.process is not None:
                life.process.kill()
        self._listen(0)
        end_descendants(0)

    def _someone_lives(self) -> bool:
        return any(life.process is not None and life.process.poll() is None for life in self._lives)


class _Lines:
    """Cuts what a child says into lines and prints each behind the child's name."""

    def __init__(self, prefix: bytes, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        self.output = process.stdout
        self._prefix = prefix
        self._rest = b""

    def take(self) -> bool:
        """Prints the whole lines that are there; false when the child said its last."""
        heard = os.read(self.output.fileno(), 65536)
        *lines, self._rest = (self._rest + heard).split(b"\n")
        if not heard and self._rest:
            lines, self._rest = [self._rest], b""
        for line in lines:
            _print(self._prefix, line)
        return bool(heard)


def _prefix(name: str, width: int, number: int) -> bytes:
    text = f"{name:<{width}} | "
    if sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        text = f"\033[{COLOURS[number % len(COLOURS)]}m{text}\033[0m"
    return text.encode()


def _print(prefix: bytes, line: bytes) -> None:
    # Whoever read our output may be gone; the children go on.
    with suppress(OSError):
        os.write(1, prefix + line.rstrip(b"\r") + b"\n")
