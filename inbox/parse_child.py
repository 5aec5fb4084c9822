"""The limited process that looks inside mail: `python -m inbox.parse_child`.

Length-prefixed JSON (4 bytes, big endian) on stdin and stdout. First it says {"ready": true}. Each
request {"id", "path"[, "seconds"]} gets one answer, in order: {"id", "ok": true, "mail"} or
{"id", "ok": false, "reason"}. It ends with stdin.

Two processes: a keeper, which is exec'd, loads everything once and never sees a byte of a mail, and
its forked worker, which does. A worker that dies or overruns its seconds is killed and replaced in
milliseconds; only the mail it held is answered with a failure.

`--extract PATH PART_INDEX` writes the decoded bytes of one attachment to stdout instead.
"""

import argparse
import ctypes
import gc
import json
import os
import resource
import select
import signal
import struct
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inbox import language, mime, rawstore

MEMORY_BYTES = 512 * 1024 * 1024
SECONDS = 30.0
MAILS_PER_WORKER = 1_000

_LENGTH = struct.Struct(">I")
_LARGEST_FRAME_BYTES = 64 * 1024 * 1024
_LARGE_ANSWER_BYTES = 1024 * 1024
_PR_SET_PDEATHSIG = 1
_FAILURES = 1

DIED = "Reading this email took more memory or time than one email may use."
OVERRAN = "Reading this email took too long."
NOT_STORED = "The stored bytes of this email are missing or damaged."
TOO_LARGE = "This email is larger than 60 MB, too large to open here."
CONFUSED = "This email is built in a way that Muster cannot read yet."


class BrokenPipeInFrameError(Exception):
    """The other side went away in the middle of a frame."""


def read_exactly(source: int, count: int) -> bytes:
    """`count` bytes from a file descriptor; b"" at a clean end. Raises in the middle."""
    pieces = bytearray()
    while len(pieces) < count:
        piece = os.read(source, min(count - len(pieces), 1 << 20))
        if not piece:
            if pieces:
                raise BrokenPipeInFrameError
            return b""
        pieces += piece
    return bytes(pieces)


def read_frame(source: int) -> bytes | None:
    """The next frame, None at the end."""
    prefix = read_exactly(source, _LENGTH.size)
    if not prefix:
        return None
    return read_exactly(source, _LENGTH.unpack(prefix)[0])


def write_frame(target: int, content: bytes) -> None:
    """Write one frame whole."""
    rest = memoryview(_LENGTH.pack(len(content)) + content)
    while rest:
        rest = rest[os.write(target, rest) :]


def to_bytes(answer: dict[str, Any]) -> bytes:
    """A JSON object as UTF-8."""
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def failure(request_id: object, reason: str) -> bytes:
    """The answer for a mail that could not be read."""
    return to_bytes({"id": request_id, "ok": False, "reason": reason})


def _die_with_parent(parent: int) -> None:
    """SIGKILL for this process when the thread that started it ends; Linux only."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(_FAILURES)


def _limit(memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(request: dict[str, Any]) -> bytes:
    """Read and parse the mail that a request names; a failure is an answer too."""
    request_id = request["id"]
    try:
        mail = mime.parse(rawstore.unpack(Path(request["path"])))
        return to_bytes({"id": request_id, "ok": True, "mail": mail.to_json()})
    except mime.Unreadable as error:
        return failure(request_id, str(error))
    except rawstore.RawTooLargeError:
        return failure(request_id, TOO_LARGE)
    except (rawstore.RawError, OSError):
        return failure(request_id, NOT_STORED)
    except MemoryError:
        return failure(request_id, DIED)
    except Exception as error:  # noqa: BLE001 -- one strange mail must not end the line
        # Only the kind of error: its text may quote the mail.
        sys.stderr.write(f"parse_child: {type(error).__name__} for mail {request_id}\n")
        return failure(request_id, CONFUSED)


def _work(requests: int, answers: int) -> None:
    """The worker: answers until its keeper closes the line."""
    while (frame := read_frame(requests)) is not None:
        write_frame(answers, answer(json.loads(frame)))


@dataclass
class _Worker:
    """A forked worker and the two pipes to it."""

    pid: int
    requests: int
    answers: int
    served: int = 0

    def ask(self, frame: bytes, seconds: float) -> bytes | None:
        """The worker's answer; None when it died. Raises TimeoutError when it overruns."""
        write_frame(self.requests, frame)
        until = time.monotonic() + seconds
        received = bytearray()
        expected = _LENGTH.size
        while len(received) < expected:
            piece = self._receive(until)
            if not piece:
                return None
            received += piece
            if expected == _LENGTH.size and len(received) >= expected:
                expected += _LENGTH.unpack_from(received)[0]
                if expected > _LARGEST_FRAME_BYTES:
                    return None
        self.served += 1
        return bytes(received[_LENGTH.size :])

    def _receive(self, until: float) -> bytes:
        left = until - time.monotonic()
        if left <= 0 or not select.select([self.answers], [], [], left)[0]:
            raise TimeoutError
        return os.read(self.answers, 1 << 20)

    def end(self) -> None:
        """Kill the worker with its process group and take its exit."""
        for kill, target in ((os.killpg, self.pid), (os.kill, self.pid)):
            with suppress(ProcessLookupError, PermissionError):
                kill(target, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.requests)
        os.close(self.answers)


def _fork_worker() -> _Worker:
    keeper = os.getpid()
    their_requests, our_requests = os.pipe()
    our_answers, their_answers = os.pipe()
    pid = os.fork()
    if pid:
        os.close(their_requests)
        os.close(their_answers)
        return _Worker(pid, our_requests, our_answers)
    status = _FAILURES
    try:
        os.setpgid(0, 0)
        _die_with_parent(keeper)
        for unused in (our_requests, our_answers, 0, 1):
            os.close(unused)
        _work(their_requests, their_answers)
        status = 0
    finally:
        os._exit(status)


class _Keeper:
    """Hands each request to the worker and keeps its deadline."""

    def __init__(self) -> None:
        self.worker = _fork_worker()

    def answer(self, frame: bytes) -> bytes:
        request = json.loads(frame)
        try:
            found = self.worker.ask(frame, float(request.get("seconds", SECONDS)))
            reason = DIED
        except TimeoutError:
            found, reason = None, OVERRAN
        except OSError:
            found, reason = None, DIED
        used_up = self.worker.served >= MAILS_PER_WORKER
        if found is None or used_up or len(found) > _LARGE_ANSWER_BYTES:
            self.worker.end()
            self.worker = _fork_worker()
        return failure(request["id"], reason) if found is None else found


def _keep() -> None:
    language.load()
    mime.parse(b"Subject: warm up\n\nThese are the words that fill the caches of the parser.\n")
    gc.collect()
    gc.freeze()
    keeper = _Keeper()
    write_frame(1, to_bytes({"ready": True}))
    while (frame := read_frame(0)) is not None:
        write_frame(1, keeper.answer(frame))
    keeper.worker.end()


def _extract(path: Path, part_index: int) -> int:
    try:
        content = mime.extract(rawstore.unpack(path), part_index)
    except (mime.Unreadable, rawstore.RawError, MemoryError) as error:
        sys.stderr.write(f"{error}\n")
        return _FAILURES
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Run one of the two modes; the exit status."""
    options = argparse.ArgumentParser(prog="inbox.parse_child")
    options.add_argument("--extract", nargs=2, metavar=("PATH", "PART_INDEX"))
    options.add_argument("--memory", type=int, default=MEMORY_BYTES, help="bytes of address space")
    options.add_argument("--parent", type=int, default=os.getppid(), help="ends when this one does")
    chosen = options.parse_args(arguments)
    _die_with_parent(chosen.parent)
    _limit(chosen.memory)
    if chosen.extract:
        return _extract(Path(chosen.extract[0]), int(chosen.extract[1]))
    with suppress(BrokenPipeError, BrokenPipeInFrameError):
        _keep()
    return 0


if __name__ == "__main__":
    sys.exit(main())
