"""The morning of the demo: prepares the installation once, then lets the storm drip in.

`python -m triage.demo.drip --folder DIR --port N` looks at what lies in the mailbox already, so
that each mail comes once, however often the demo is stopped or killed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from pathlib import Path

from triage.demo import imap_server, place, storm
from triage.demo.cast import MAILBOX_USER
from triage.demo.place import CHECKOUT, LOOPBACK, Place, Prepared

AT_ONCE = 60
SPREAD_OVER = timedelta(hours=2, minutes=30)
EVERY_SECONDS = 4.0
_HEADER_BYTES = 16 * 1024


def prepare(where: Place) -> None:
    """Brings the database up to date and fills it, unless this very code did so before."""
    if where.prepared():
        return
    for port in (where.imap_port, where.smtp_port):
        _wait_for(port)
    _manage("migrate", "--verbosity", "0")
    said = _manage(
        "seed_demo",
        "--json",
        *("--imap", f"imap://{MAILBOX_USER}@{LOOPBACK}:{where.imap_port}"),
        *("--smtp", f"smtp://{MAILBOX_USER}@{LOOPBACK}:{where.smtp_port}"),
    )
    seeded = json.loads(said)
    where.keep_prepared(
        Prepared(made_of=place.made_of(), logins=seeded["logins"], join_path=seeded["join_path"])
    )


def coming(where: Place) -> list[storm.StormMail]:
    """The mails that have not come yet, in their order."""
    here = {_message_id(path) for path in imap_server.delivered(where.mail, username=MAILBOX_USER)}
    return [mail for mail in storm.load_storm() if storm.message_id(mail) not in here]


def drip(where: Place, *, every_seconds: float) -> None:
    """Delivers what has not come yet: on the first morning many at once, then one by one."""
    mails = coming(where)
    gone = len(storm.load_storm()) - len(mails)
    first, later = mails[: max(0, AT_ONCE - gone)], mails[max(0, AT_ONCE - gone) :]
    now = datetime.now(UTC)  # noqa: TID251 - the edge: no Django here
    for number, mail in enumerate(first):
        _deliver(where, mail, at=now - SPREAD_OVER * (1 - (number + 1) / len(first)))
    for mail in later:
        time.sleep(every_seconds)
        _deliver(where, mail, at=datetime.now(UTC))  # noqa: TID251 - the edge: no Django here


def _deliver(where: Place, mail: storm.StormMail, *, at: datetime) -> None:
    content = storm.build(mail, to=storm.SHOP_ADDRESS, at=at)
    imap_server.deliver(where.mail, content, username=MAILBOX_USER, at=at)


def _message_id(path: Path) -> str:
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER_BYTES)
    except FileNotFoundError:
        # The server has just moved it from new to cur.
        return _message_id(next(path.parent.parent.glob(f"cur/{path.name.partition(':')[0]}*")))
    return str(BytesHeaderParser().parsebytes(head)["Message-ID"])


def _manage(*arguments: str) -> str:
    return subprocess.run(  # noqa: S603 - our own commands
        [sys.executable, "manage.py", *arguments],
        cwd=CHECKOUT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def _wait_for(port: int) -> None:
    while not place.answers(port):
        time.sleep(0.1)


def main(argv: Sequence[str]) -> int:
    """Prepares, drips, and then stays, because a child that ends is started again."""
    parser = argparse.ArgumentParser(prog="python -m triage.demo.drip")
    parser.add_argument("--folder", type=Path, required=True, help="the demo's data folder")
    parser.add_argument("--port", type=int, required=True, help="port of its pages")
    parser.add_argument("--every", type=float, default=EVERY_SECONDS, help="seconds between mails")
    options = parser.parse_args(argv)
    where = place.known(options.folder, port=options.port)
    try:
        prepare(where)
    except subprocess.CalledProcessError as failure:
        sys.stderr.write(f"{failure.cmd[2]} failed, see above\n")
        return 1
    drip(where, every_seconds=options.every)
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
