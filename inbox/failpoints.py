"""Named places where a process can be told to die, so that recovery is tested and not hoped for."""

import logging
import os
import signal
from dataclasses import dataclass

VARIABLE = "MUSTER_FAILPOINT"

REGISTRY: frozenset[str] = frozenset(
    [
        "raw.before_rename",
        "raw.after_rename",
        "receive.after_listed",
        "receive.after_fetched",
        "receive.after_stored",
        "parse.after_claim",
        "parse.after_child",
        "receive.before_commit",
        "receive.after_commit",
        "triage.after_claim",
        "triage.after_predict",
        "triage.before_commit",
        "triage.after_commit",
        "submit.before_commit",
        "submit.after_commit",
        "review.before_commit",
        "review.after_commit",
        "send.after_claim",
        "send.after_attempt",
        "send.after_connect",
        "send.after_mail",
        "send.after_rcpt",
        "send.after_data",
        "send.before_dot",
        "send.after_dot",
        "send.before_sent",
        "send.after_sent",
        "send.after_append",
        "move.before_commit",
        "move.after_commit",
        "settle.before_commit",
        "settle.after_commit",
    ]
)

log = logging.getLogger(__name__)


@dataclass
class _Armed:
    """The one failpoint that is set, and how many passes it still survives."""

    name: str
    passes_left: int
    problem: str = ""


def _read(setting: str) -> _Armed | None:
    if not setting:
        return None
    name, _, nth = setting.partition(":")
    if name not in REGISTRY:
        return _Armed(name, 0, f"{VARIABLE}={setting} names no failpoint; nothing will happen.")
    if nth and not (nth.isascii() and nth.isdigit() and int(nth) > 0):
        return _Armed(name, 0, f"{VARIABLE}={setting}: after the colon comes a count from 1.")
    return _Armed(name, int(nth or 1))


_armed = _read(os.environ.get(VARIABLE, ""))


def failpoint(name: str) -> None:
    """Kill this process with SIGKILL if `name` is set and this is the pass that was asked for.

    Costs one comparison when nothing is set. The setting is read once, at import.
    """
    if _armed is None or _armed.name != name or _armed.problem:
        return
    _armed.passes_left -= 1
    if _armed.passes_left == 0:
        os.kill(os.getpid(), signal.SIGKILL)


def announce() -> str:
    """Log and return one sentence about the failpoint that is set; "" when none is."""
    if _armed is None:
        return ""
    sentence = _armed.problem or (
        f"Failpoint {_armed.name} is set: this process kills itself on pass {_armed.passes_left}."
    )
    log.warning(sentence)
    return sentence
