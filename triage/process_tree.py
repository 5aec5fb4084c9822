"""The small supervisor of `make demo` and `make run`.

`run` splits in two. The front stays the process that people and `make` know; the keeper, in a
session of its own, starts the children, restarts the dead and prints what they say. Whichever
dies first, even by SIGKILL, the other ends what is left: the kernel tells the keeper of the
front's death, and hands the keeper's orphans to the front (prctl(2), Linux).
"""

from __future__ import annotations

import ctypes
import logging
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
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
ENDING_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
COLOURS = (36, 33, 32, 35, 34, 31)
LONGEST_PAUSE_SECONDS = 30
LONG_LIFE_SECONDS = 60
GRACE_SECONDS = 10.0
_Signals = Collection[int | signal.Signals]
_libc = ctypes.CDLL(None, use_errno=True)


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


def run(
    children: Sequence[Child],
    *,
    on_ready: Callable[[], None] | None = None,
    grace_seconds: float = GRACE_SECONDS,
) -> int:
    """Runs the children until SIGTERM, SIGINT or SIGHUP; then ends them and gives 0.

    A child that ends is started again after 1, 2, 4 ... 30 s; a life of a minute forgets earlier
    deaths. `on_ready` is called once, in the keeper, when every child is ready. What has not
    ended `grace_seconds` after SIGTERM is killed. Call it from a process without threads and
    without children of its own: at the end none of its descendants lives.
    """
    _become_subreaper()
    if "MAKELEVEL" in os.environ:
        # make does not pass on its own SIGKILL, so ask the kernel to.
        death_signal_on_parent_exit(signal.SIGTERM, parent=os.getppid())()
    sys.stdout.flush()
    front = os.getpid()
    # Held back until both sides have their handlers.
    held = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING_SIGNALS)
    keeper = os.fork()
    if keeper:
        return _stand_in_front(keeper, held, grace_seconds)
    status = 1
    try:
        os.setsid()
        death_signal_on_parent_exit(signal.SIGTERM, parent=front)()
        _become_subreaper()
        status = _Keeper(children, on_ready, grace_seconds).keep(held)
    except Exception:
        logging.getLogger(__name__).exception("The supervisor failed")
    finally:
        # Never back into the caller, which the front already is.
        os._exit(status)


def death_signal_on_parent_exit(
    death_signal: signal.Signals, *, parent: int | None = None
) -> Callable[[], None]:
    """What a child calls before exec, so that the kernel ends it with its parent.

    The kernel watches the thread that starts the child, not the whole process. A parent (by
    default: this process) that was gone before the child could ask is noticed by its number.
    """
    expected = parent or os.getpid()

    def ask_the_kernel() -> None:
        _prctl(PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != expected:
            os._exit(1)

    return ask_the_kernel


def _prctl(option: int, value: int) -> None:
    # Only Linux has it; elsewhere a SIGKILL of the supervisor leaves its children.
    if hasattr(_libc, "prctl"):
        _libc.prctl(option, value, 0, 0, 0)


def _become_subreaper() -> None:
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def _stand_in_front(keeper: int, held: _Signals, grace_seconds: float) -> int:
    """Passes ending signals on and outlives the keeper by as long as the tidying takes."""

    def pass_on(number: int, frame: object) -> None:
        with suppress(ProcessLookupError):
            os.kill(keeper, signal.SIGTERM)

    for number in _heeded_signals():
        signal.signal(number, pass_on)
    signal.pthread_sigmask(signal.SIG_SETMASK, held)
    _, status = os.waitpid(keeper, 0)
    _end_descendants(grace_seconds if os.WIFSIGNALED(status) else 0)
    return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 1


def _heeded_signals() -> list[signal.Signals]:
    """The signals that end us: not SIGHUP when nohup asked for that."""
    ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    return [number for number in ENDING_SIGNALS if number is not signal.SIGHUP or not ignored]


def _end_descendants(grace_seconds: float) -> None:
    """Waits for this process's descendants to end, then kills and reaps what is left."""
    deadline = time.monotonic() + grace_seconds
    while _reap() and time.monotonic() < deadline:
        time.sleep(0.05)
    while _reap():
        for pid in _descendants(os.getpid()):
            _kill(pid)
        time.sleep(0.01)


def _reap() -> bool:
    """Collects children that ended; false once there are none at all."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue
    except ChildProcessError:
        return False
    return True


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _parents() -> dict[int, int]:
    """The parent's number of every process there is now (proc(5))."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):
            after_name = (entry / "stat").read_text().rpartition(")")[2]
            parents[int(entry.name)] = int(after_name.split()[1])
    return parents


def _descendants(ancestor: int) -> list[int]:
    """Children, grandchildren and so on, nearest first."""
    parents = _parents()
    found = [ancestor]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found[1:]


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


class _Keeper:
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

    def keep(self, held: _Signals) -> int:
        """Does the whole work of the keeper; 0 after an orderly end."""
        self._listen_to_signals(held)
        while not self._ending_signals:
            self._start_the_next()
            self._listen(0.1 if self._on_ready or not self._all_ready() else 1.0)
            self._notice_deaths()
        self._end()
        return 0

    def _listen_to_signals(self, held: _Signals) -> None:
        woken, waker = socket.socketpair()
        woken.setblocking(False)
        waker.setblocking(False)
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        self._waker = waker  # the number alone would not keep it open
        self._selector.register(woken, selectors.EVENT_READ)
        signal.signal(signal.SIGCHLD, self._count_death)
        for number in _heeded_signals():
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
        for pid, parent in _parents().items():
            if parent == os.getpid() and pid not in kept:
                _kill(pid)
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
        self._listen(0)
        _end_descendants(0)

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
