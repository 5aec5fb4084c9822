"""Free loopback ports, below the range from which the kernel hands out its own."""

from __future__ import annotations

import random
import socket
import time

LOOPBACK = "127.0.0.1"
FIRST_PORT = 18_000
LAST_PORT = 32_000


def free_port() -> int:
    """A port of 127.0.0.1 on which nothing listens now; another process may still take it."""
    choice = random.SystemRandom()
    for _ in range(200):
        port = choice.randint(FIRST_PORT, LAST_PORT)
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as candidate:
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                candidate.bind((LOOPBACK, port))
            except OSError:
                continue
            return port
    raise OSError(f"no free port between {FIRST_PORT} and {LAST_PORT} on {LOOPBACK}")


def answers(port: int) -> bool:
    """Whether something accepts a connection on this loopback port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def wait_until_answers(port: int, *, seconds: float = 20) -> bool:
    """Waits until the port accepts a connection; false when it did not within `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answers(port):
            return True
        time.sleep(0.02)
    return False
