"""Starts Muster's processes and ends them: the small supervisor of `make demo` and `make run`.

`run` splits in two. The front stays the process that people and `make` know; the keeper, in a
session of its own, starts the children, restarts the dead and prints what they say. Whichever
dies first, even by SIGKILL, the other ends what is left: the kernel tells the keeper of the
front's death, and hands the keeper's orphans to the front (prctl(2), Linux).
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from triage.process_tree.keeper import ENDING_SIGNALS, Child, Keeper, Signals, heeded_signals
from triage.process_tree.kernel import (
    become_subreaper,
    death_signal_on_parent_exit,
    end_descendants,
)

__all__ = ["Child", "death_signal_on_parent_exit", "run"]

MAKE_VARIABLE = "MUSTER_MAKE_PID"
"""The number of the `make` that started us: when it ends, or hears SIGINT alone, so do we."""
GRACE_SECONDS = 10.0


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
    become_subreaper()
    make = int(os.environ.pop(MAKE_VARIABLE, "0"))
    if make:
        death_signal_on_parent_exit(signal.SIGTERM, parent=make)()
    sys.stdout.flush()
    front = os.getpid()
    # Held back until both sides have their handlers.
    held = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING_SIGNALS)
    keeper = os.fork()
    if keeper:
        return _stand_in_front(keeper, make, held, grace_seconds)
    status = 1
    try:
        os.setsid()
        death_signal_on_parent_exit(signal.SIGTERM, parent=front)()
        become_subreaper()
        status = Keeper(children, on_ready, grace_seconds).keep(held)
    except Exception:
        logging.getLogger(__name__).exception("The supervisor failed")
    finally:
        # Never back into the caller, which the front already is.
        os._exit(status)


def _stand_in_front(keeper: int, make: int, held: Signals, grace_seconds: float) -> int:
    """Passes ending signals on and outlives the keeper by as long as the tidying takes."""

    def pass_on(number: int, frame: object) -> None:
        with suppress(ProcessLookupError):
            os.kill(keeper, signal.SIGTERM)

    def look_at_make(number: int, frame: object) -> None:
        if _has_given_up(make):
            signal.setitimer(signal.ITIMER_REAL, 0)
            pass_on(number, frame)

    for number in heeded_signals():
        signal.signal(number, pass_on)
    if make:
        signal.signal(signal.SIGALRM, look_at_make)
        signal.setitimer(signal.ITIMER_REAL, 0.5, 0.5)
    signal.pthread_sigmask(signal.SIG_SETMASK, held)
    _, status = os.waitpid(keeper, 0)
    end_descendants(grace_seconds if os.WIFSIGNALED(status) else 0)
    return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 1


def _has_given_up(make: int) -> bool:
    """Whether make heard SIGINT, which it then neither passes on nor catches again (proc(5)).

    A make that a script put into the background ignores SIGINT from the start: that is no end.
    """
    with suppress(OSError):
        status = Path(f"/proc/{make}/status").read_text().splitlines()
        masks = dict(line.split(":\t", 1) for line in status if line.startswith("Sig"))
        minded = int(masks["SigCgt"], 16) | int(masks["SigIgn"], 16)
        return not minded & (1 << (signal.SIGINT - 1))
    return False
