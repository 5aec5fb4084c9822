"""The small supervisor of `make demo` and `make run`."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def death_signal_on_parent_exit(death_signal: signal.Signals) -> Callable[[], None]:
    """What a child runs before exec, so that the kernel ends it with its parent (Linux prctl(2)).

    The kernel watches the thread that starts the child, not the whole process. A parent that
    was gone before the child could ask is noticed by its number.
    """
    parent = os.getpid()

    def ask_the_kernel() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask_the_kernel
