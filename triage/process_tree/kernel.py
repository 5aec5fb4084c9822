"""What the kernel knows of processes: whose child is whose, and who follows whom into the end.

Linux only in part: elsewhere there is no prctl(2) and no proc(5), and a SIGKILL of the
supervisor leaves its children.
"""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True)


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


def become_subreaper() -> None:
    """Makes this process the parent of every descendant whose own parent dies."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, value: int) -> None:
    if hasattr(_libc, "prctl"):
        _libc.prctl(option, value, 0, 0, 0)


def end_descendants(grace_seconds: float) -> None:
    """Waits for this process's descendants to end, then kills and reaps what is left."""
    deadline = time.monotonic() + grace_seconds
    while _reap() and time.monotonic() < deadline:
        time.sleep(0.05)
    while _reap():
        for pid in _descendants(os.getpid()):
            kill(pid)
        time.sleep(0.01)


def _reap() -> bool:
    """Collects children that ended; false once there are none at all."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue
    except ChildProcessError:
        return False
    return True


def kill(pid: int) -> None:
    """Kills a process, unless it is gone already."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def parents() -> dict[int, int]:
    """The parent's number of every process there is now (proc(5))."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):
            after_name = (entry / "stat").read_text().rpartition(")")[2]
            found[int(entry.name)] = int(after_name.split()[1])
    return found


def _descendants(ancestor: int) -> list[int]:
    """Children, grandchildren and so on, nearest first."""
    parent_of = parents()
    found = [ancestor]
    for pid in found:
        found += [child for child, parent in parent_of.items() if parent == pid]
    return found[1:]
