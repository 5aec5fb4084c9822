"""`make demo` for real: it comes up by itself, emails drip in, and a kill leaves nothing of it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest
from imapclient import IMAPClient
from playwright.sync_api import Page

from tests.browser.looking import assert_accessible
from triage.benchmarks.servers.ports import LOOPBACK, free_port
from triage.demo import place
from triage.demo.cast import MAILBOX_USER, PASSWORD

pytestmark = [pytest.mark.live, pytest.mark.timeout(400)]
CHECKOUT = Path(__file__).parents[2]


class Demo:
    """One demo in a folder of its own, started, killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://{LOOPBACK}:{self.port}"
        self.log = folder.with_suffix(".log")
        self.family: set[int] = set()

    @property
    def environment(self) -> dict[str, str]:
        """What would send the demo elsewhere, if it heeded that."""
        elsewhere = {
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "MUSTER_ALERT_WEBHOOK": "http://127.0.0.1:1/",
        }
        own = {"PORT": str(self.port), "MUSTER_DATA_DIR": str(self.folder)}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
        return {**kept, **elsewhere, **own}

    def start(self) -> None:
        """Starts it and waits until it has said where it is."""
        self.log.write_text("")
        with self.log.open("ab") as output:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "triage.demo"],
                cwd=CHECKOUT,
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        assert wait_until(lambda: "Try this first" in self.said(), seconds=180), self.said()

    def said(self) -> str:
        return self.log.read_text()

    def end(self, number: int) -> bool:
        """Sends the signal to the process people know; whether its whole family is gone soon."""
        self.family = {self.popen.pid, *descendants(self.popen.pid)}
        self.popen.send_signal(number)
        self.popen.wait(30)
        return wait_until(lambda: not any(map(lives, self.family)), seconds=20)

    def close(self) -> None:
        for pid in self.family | {self.popen.pid, *descendants(self.popen.pid)}:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.popen.wait()

    def ledger(self) -> dict[str, dict[str, int]]:
        own = {"MUSTER_DATA_DIR": str(self.folder), "MUSTER_DEMO": "1"}
        told = subprocess.run(
            [sys.executable, "manage.py", "ledger", "--json"],
            cwd=CHECKOUT,
            env={"PATH": os.environ["PATH"], **own},
            stdout=subprocess.PIPE,
            check=True,
        )
        answer: dict[str, dict[str, int]] = json.loads(told.stdout)
        return answer

    def received(self) -> int:
        return self.ledger()["messages"]["received"]

    def uidvalidity(self) -> int:
        where = place.known(self.folder, port=self.port)
        with IMAPClient(LOOPBACK, where.imap_port, ssl=False, timeout=10) as client:
            client.login(MAILBOX_USER, PASSWORD)
            return int(client.select_folder("INBOX", readonly=True)[b"UIDVALIDITY"])


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.2)
    return condition()


def lives(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def descendants(ancestor: int) -> list[int]:
    """Children, grandchildren and so on, parse children included (proc(5))."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            parents[int(entry.name)] = int(fields[1])
    found = [ancestor]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found[1:]


def logged_in(demo: Demo, email: str) -> OpenerDirector:
    """A browser's worth of cookies for somebody the demo has printed."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    page = browser.open(f"{demo.url}/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    fields = {"csrfmiddlewaretoken": token[1], "login": email, "password": PASSWORD}
    browser.open(f"{demo.url}/login/", urlencode(fields).encode())
    return browser


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo on its first morning."""
    running = Demo(tmp_path_factory.mktemp("demo") / "data")
    running.start()
    yield running
    running.close()


def test_every_printed_login_opens_its_first_page(demo: Demo) -> None:
    printed = re.findall(r"^(\w+) (\S+@\S+) (\S+)$", demo.said(), re.MULTILINE)
    assert {role for role, _, _ in printed} == {
        *("admin", "supervisor", "approver", "support", "auditor", "volunteer")
    }
    assert {password for _, _, password in printed} == {PASSWORD}
    with logged_in(demo, "sam@fernhill.example").open(f"{demo.url}/") as page:
        assert page.url == f"{demo.url}/board/"


def test_the_printed_join_link_and_outbox_are_open_to_strangers(demo: Demo) -> None:
    addresses = re.findall(rf"{demo.url}/\S+", demo.said())
    assert len(addresses) == 2
    for address in addresses:
        with build_opener().open(address) as page:
            assert page.status == 200


def test_a_newcomer_finds_the_mailed_code_in_the_outbox(demo: Demo, page: Page) -> None:
    page.goto(re.findall(rf"{demo.url}/join/\S+", demo.said())[0])
    page.get_by_label("Your name").fill("Nina Berger")
    page.get_by_label("Your email address").fill("nina@fernhill.example")
    page.get_by_role("button", name="Join").click()
    with page.expect_popup() as opened:
        page.get_by_role("paragraph").get_by_role("link", name="Outbox").click()
    outbox = opened.value
    row = outbox.get_by_role("row", name="nina@fernhill.example")
    row.wait_for(timeout=60_000)
    assert_accessible(outbox)
    row.get_by_role("link").click()
    outbox.get_by_role("heading", name="Headers").wait_for()
    assert_accessible(outbox)


def test_it_listens_on_this_machine_only(demo: Demo) -> None:
    inodes = {
        fields[9]: fields[1]
        for fields in map(str.split, Path("/proc/net/tcp").read_text().splitlines()[1:])
        if fields[3] == "0A"
    }
    own = set()
    for pid in descendants(demo.popen.pid):
        with suppress(OSError):
            for entry in Path(f"/proc/{pid}/fd").iterdir():
                with suppress(OSError):
                    own.add(str(entry.readlink()))
    listening = [place for inode, place in inodes.items() if f"socket:[{inode}]" in own]
    assert len(listening) == 3
    assert all(address.startswith("0100007F:") for address in listening)


def test_emails_come_in_and_survive_a_kill(demo: Demo) -> None:
    assert wait_until(lambda: demo.received() >= 60, seconds=120), demo.said()
    uidvalidity = demo.uidvalidity()

    assert demo.end(signal.SIGKILL), "a process outlived the demo"

    before = demo.received()
    demo.start()
    assert demo.uidvalidity() == uidvalidity
    assert wait_until(lambda: demo.received() > before, seconds=120), "the storm goes on"
    assert demo.ledger()["unexplained"] == 0


def test_an_ending_signal_leaves_nothing(demo: Demo) -> None:
    assert demo.end(signal.SIGTERM)
    assert demo.popen.returncode == 0


def test_a_taken_port_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        port = str(other.getsockname()[1])
        told = subprocess.run(
            [sys.executable, "-m", "triage.demo"],
            cwd=CHECKOUT,
            env={**os.environ, "PORT": port, "MUSTER_DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert told.returncode == 1
    assert re.fullmatch(rf"Port {port} is taken .*\n", told.stderr)
