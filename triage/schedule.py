"""All steps, and how they run: by a bell, by the sweep, or once to the end."""

import time
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from django.db import close_old_connections
from django.utils import timezone

from inbox.jobs import QUEUE_OF_STEP
from inbox.outbox import send
from inbox.receive import parse
from triage.allhands.jobs import prove
from triage.audit.jobs import seal
from triage.incidents.jobs import recover
from triage.intake import triage
from triage.notices.heads import note_head
from triage.notices.jobs import notify
from triage.notices.unserved import tell_unserved
from triage.notices.viewing import end_calm
from triage.queues import jobs as queues
from triage.queues.bulk import move
from triage.replies.jobs import let_go_unread, settle

log = structlog.get_logger("muster.schedule")

Step = Callable[..., int]


def lapse(*, at: datetime) -> int:
    """Ends what ends by the clock: emails held too long go back, all-hands mode recovers.

    And answers that nobody had the time to read go out.
    """
    return queues.lapse(at=at) + recover(at=at) + let_go_unread(at=at)


def look(*, at: datetime) -> int:
    """Looks at the whole: alerts are told, the quarter's forecast and the day's seal are kept."""
    return (
        tell_unserved(at=at)
        + notify(at=at)
        + queues.note_forecast(at=at)
        + note_head(at=at)
        + end_calm(at=at)
        + prove(at=at)
    )


STEPS: Mapping[str, Step] = {
    "parse": parse,
    "triage": triage,
    "send": send,
    "settle": settle,
    "lapse": lapse,
    "notify": look,
    "move": move,
    "fold": queues.fold,
    "seal": seal,
}
LINES: Mapping[str, tuple[str, ...]] = {
    line: tuple(name for name in STEPS if QUEUE_OF_STEP.get(name, "default") == line)
    for line in ("mail_in", "mail_out", "default")
}
BELL_SECONDS = 60.0


class StepFailed(Exception):
    """A step raised; the text names the step, the error and the place, never any mail."""


def take_turn(name: str) -> int:
    """Does one batch of a step now and says how many rows it was; raises StepFailed."""
    close_old_connections()
    try:
        return STEPS[name](at=_now())
    except Exception as error:  # noqa: BLE001 - whatever it is, the other steps go on
        # The error's own words may hold an address or a line of a mail: its kind and place do not.
        raise StepFailed(f"{name}: {type(error).__name__} at {_place(error)}") from None
    finally:
        close_old_connections()


def run_step(name: str) -> int:
    """Does all due work of a step, for as long as a minute; what a rung bell calls.

    Never raises: what failed is due again and the sweep looks after it.
    """
    done, end = 0, time.monotonic() + BELL_SECONDS
    try:
        while time.monotonic() < end and (batch := take_turn(name)):
            done += batch
    except StepFailed as failure:
        log.error("step failed", step=name, why=str(failure))
    return done


def _now() -> datetime:
    return timezone.now()


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename] or list(frames)
    last = ours[-1]
    return f"{last.filename.rpartition('/')[2]}:{last.lineno}"
