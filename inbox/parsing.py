"""The pool of limited processes that parse mail; what runs here never looks inside a mail itself.

A mail that hangs, crashes or eats memory fails alone: its worker is killed, the others' answers and
the rest of its own line are not touched. A mail on its second try or later ("heavy") gets more time
and never the last child, so that first tries always move.
"""

import json
import math
import os
import select
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from inbox import parse_child
from inbox.mime import ParsedMail

FIRST_TRY_SECONDS = 1.0
LATER_TRY_SECONDS = 30.0
FEWEST_CHILDREN = 2

_START_SECONDS = 60.0
_GRACE_SECONDS = 5.0
_MOST_FAILED_STARTS = 3
_AHEAD = 2
_PACKAGE_FOLDER = str(Path(__file__).resolve().parent.parent)


class ParsingUnavailableError(Exception):
    """The parse child does not start at all: an installation problem, no mail is to blame."""


class ExtractionError(Exception):
    """An attachment could not be taken out of its mail; the message is fit for the screen."""


@dataclass(frozen=True, slots=True)
class ParseRequest:
    """One stored mail to parse; `attempt` counts from 1."""

    id: int
    path: Path
    attempt: int = 1

    @property
    def is_heavy(self) -> bool:
        return self.attempt > 1

    @property
    def seconds(self) -> float:
        return LATER_TRY_SECONDS if self.is_heavy else FIRST_TRY_SECONDS


@dataclass(frozen=True, slots=True)
class ParseResult:
    """What became of one request: a mail, or a reason that a supervisor understands."""

    id: int
    mail: ParsedMail | None
    reason: str
    outcome: Literal["parsed", "failed"]


def _environment() -> dict[str, str]:
    """As little as the child needs: no keys, no database address, one thread of arithmetic."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return kept | {
        "PYTHONPATH": _PACKAGE_FOLDER,
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _command(*options: str) -> list[str]:
    parent = ("--parent", str(os.getpid()))
    return [sys.executable, "-m", "inbox.parse_child", *parent, *options]


@dataclass
class _Child:
    """One running parse child, and the requests it has not answered yet."""

    process: "subprocess.Popen[bytes]"
    waiting: deque[ParseRequest] = field(default_factory=deque)
    received: bytearray = field(default_factory=bytearray)
    is_ready: bool = False
    heard_at: float = field(default_factory=time.monotonic)

    def fileno(self) -> int:
        assert self.process.stdout is not None
        return self.process.stdout.fileno()

    def send(self, request: ParseRequest) -> bool:
        """Hand one request over; False when the child is gone."""
        assert self.process.stdin is not None
        asked = {"id": request.id, "path": str(request.path), "seconds": request.seconds}
        try:
            parse_child.write_frame(self.process.stdin.fileno(), parse_child.to_bytes(asked))
        except BrokenPipeError:
            return False
        if not self.waiting:
            self.heard_at = time.monotonic()
        self.waiting.append(request)
        return True

    def receive(self) -> list[dict[str, Any]] | None:
        """The answers that are there; None when the child has ended."""
        piece = os.read(self.fileno(), 1 << 20)
        if not piece:
            return None
        self.received += piece
        answers: list[dict[str, Any]] = []
        while len(self.received) >= 4:
            end = 4 + int.from_bytes(self.received[:4], "big")
            if len(self.received) < end:
                break
            answers.append(json.loads(self.received[4:end]))
            del self.received[:end]
            self.heard_at = time.monotonic()
        return answers

    def silent_at(self) -> float:
        """When to give this child up, though it should itself have kept the deadline by then."""
        if not self.is_ready:
            return self.heard_at + _START_SECONDS
        if not self.waiting:
            return math.inf
        return self.heard_at + self.waiting[0].seconds + _GRACE_SECONDS

    def kill(self) -> None:
        """End the child with its whole session; its worker dies with it."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


class ParsePool:
    """At least two parse children, started at first use and replaced when they die.

    Use it from the thread that made it, and as a context manager or with `close()`. The children
    end with that thread.
    """

    def __init__(self, children: int = 2, *, memory_bytes: int = parse_child.MEMORY_BYTES) -> None:
        self._size = max(FEWEST_CHILDREN, children)
        self._memory_bytes = memory_bytes
        self._children: list[_Child] = []
        self._light: deque[ParseRequest] = deque()
        self._heavy: deque[ParseRequest] = deque()
        self._failed_starts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kill the children; requests in work are forgotten."""
        for child in self._children:
            child.kill()
        self._children.clear()
        self._light.clear()
        self._heavy.clear()

    def pids(self) -> list[int]:
        """Process ids of the children that run now."""
        return [child.process.pid for child in self._children]

    @property
    def in_work(self) -> int:
        """How many submitted requests have no result yet."""
        return len(self._light) + len(self._heavy) + sum(len(c.waiting) for c in self._children)

    def parse(self, batch: Sequence[ParseRequest]) -> Iterator[ParseResult]:
        """Results of the batch as they come; first tries never wait for later ones.

        Every request gets exactly one result. Raises ParsingUnavailableError.
        """
        self.submit(batch)
        mine = {request.id for request in batch}
        while mine:
            for result in self.finished(timeout_seconds=60.0):
                mine.discard(result.id)
                yield result

    def submit(self, requests: Sequence[ParseRequest]) -> None:
        """Put requests in line without waiting; `finished` hands the results out."""
        for request in requests:
            (self._heavy if request.is_heavy else self._light).append(request)
        self._hand_out()

    def finished(self, timeout_seconds: float) -> list[ParseResult]:
        """Results that have come in, waiting up to `timeout_seconds` for the first.

        Empty when nothing is in work or the time is over. Raises ParsingUnavailableError.
        """
        until = time.monotonic() + timeout_seconds
        results: list[ParseResult] = []
        while self.in_work and not results:
            self._hand_out()
            wake_at = min([until, *(child.silent_at() for child in self._children)])
            seconds = max(0.0, wake_at - time.monotonic())
            for child in select.select(self._children, [], [], seconds)[0]:
                results += self._take(child)
            results += self._replace_silent()
            if time.monotonic() >= until:
                break
        self._hand_out()
        return results

    def _hand_out(self) -> None:
        if not self._light and not self._heavy:
            return
        while len(self._children) < self._size:
            self._children.append(self._start())
        for ahead in range(1, _AHEAD + 1):
            for child in self._children:
                request = self._next_for(child) if len(child.waiting) < ahead else None
                if request and not child.send(request):
                    # Gone: `finished` will read its end and replace it.
                    self._put_back([request])

    def _next_for(self, child: _Child) -> ParseRequest | None:
        """First tries before later ones; nothing is put in line behind a later try."""
        if any(request.is_heavy for request in child.waiting):
            return None
        if self._light:
            return self._light.popleft()
        heavy_elsewhere = sum(
            any(request.is_heavy for request in other.waiting) for other in self._children
        )
        if self._heavy and heavy_elsewhere < self._size - 1:
            return self._heavy.popleft()
        return None

    def _start(self) -> _Child:
        process = subprocess.Popen(  # noqa: S603 -- our own interpreter and module
            _command("--memory", str(self._memory_bytes)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
            start_new_session=True,
        )
        return _Child(process)

    def _take(self, child: _Child) -> list[ParseResult]:
        answers = child.receive()
        if answers is None:
            return self._bury(child)
        return [result for answer in answers if (result := self._result(child, answer))]

    def _result(self, child: _Child, answer: dict[str, Any]) -> ParseResult | None:
        if answer.get("ready"):
            child.is_ready = True
            self._failed_starts = 0
            return None
        request = child.waiting.popleft()
        if answer["ok"]:
            return ParseResult(request.id, ParsedMail.from_json(answer["mail"]), "", "parsed")
        return ParseResult(request.id, None, str(answer["reason"]), "failed")

    def _replace_silent(self) -> list[ParseResult]:
        now = time.monotonic()
        silent = [child for child in self._children if child.silent_at() <= now]
        return [result for child in silent for result in self._bury(child)]

    def _put_back(self, requests: Collection[ParseRequest]) -> None:
        for request in reversed(list(requests)):
            (self._heavy if request.is_heavy else self._light).appendleft(request)

    def _bury(self, child: _Child) -> list[ParseResult]:
        """Kill a child that ended or fell silent: the mail it was at fails, the rest is redone."""
        child.kill()
        self._children.remove(child)
        waiting = child.waiting
        failed: list[ParseResult] = []
        if child.is_ready and waiting:
            failed.append(ParseResult(waiting.popleft().id, None, parse_child.DIED, "failed"))
        self._put_back(waiting)
        if not child.is_ready:
            self._failed_starts += 1
            if self._failed_starts >= _MOST_FAILED_STARTS:
                raise ParsingUnavailableError("The process that reads emails does not start.")
        return failed


def extract_attachment(path: Path, part_index: int, limit_seconds: float = 10) -> bytes:
    """The decoded bytes of one attachment of the stored mail at `path`.

    Done in a process of its own under the same limits. Raises ExtractionError.
    """
    process = subprocess.Popen(  # noqa: S603 -- our own interpreter and module
        _command("--extract", str(path), str(part_index)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        start_new_session=True,
    )
    try:
        content, _ = process.communicate(timeout=limit_seconds)
    except subprocess.TimeoutExpired as error:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise ExtractionError("Opening this attachment took too long.") from error
    if process.returncode != 0:
        raise ExtractionError("This attachment cannot be opened.")
    return content
