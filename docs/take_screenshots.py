"""Takes the README's screenshots: goes through the tour in a demo of its own.

    .venv/bin/python docs/take_screenshots.py [--chromium /usr/bin/chromium]

Needs the dev extras and a Chromium. Writes docs/screenshots/*.png.
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from triage.volunteers.practice import shipped

CHECKOUT = Path(__file__).resolve().parents[1]
SHOTS = CHECKOUT / "docs" / "screenshots"
INCIDENT = "Unauthorised access to customer data"
NEWCOMER = "nina@fernhill.example"
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
LARGEST_BYTES = 200_000


@dataclass(frozen=True)
class Demo:
    """A running demo: where it is, how to join, and who has which password."""

    url: str
    join_url: str
    password: str


@contextmanager
def running_demo(folder: str) -> Iterator[Demo]:
    """A fresh demo in this folder, with the first emails in."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    log = Path(folder) / "demo.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "triage.demo"],
            cwd=CHECKOUT,
            env={**os.environ, "PORT": port, "MUSTER_DATA_DIR": str(Path(folder) / "data")},
            stdout=output,
            stderr=output,
        )
    try:
        yield read_greeting(process, log)
    finally:
        process.terminate()
        process.wait()
        sys.stderr.write(log.read_text())


def read_greeting(process: subprocess.Popen[bytes], log: Path) -> Demo:
    """What the demo prints once it is ready."""
    while "To begin anew" not in (told := log.read_text()) and process.poll() is None:
        time.sleep(0.5)
    url = re.findall(r"http://[\d.:]+", told)[0]
    join_url = re.findall(r"http://\S+/join/\S+", told)[0]
    return Demo(url, join_url, re.findall(r"^admin \S+ (\S+)$", told, re.MULTILINE)[0])


def new_page(browser: Browser, *, phone: bool = False) -> Page:
    """A window of somebody's own."""
    context = browser.new_context(
        viewport=PHONE if phone else WIDE, color_scheme="dark" if phone else "light"
    )
    return context.new_page()


def shoot(page: Page, name: str) -> None:
    """Keeps what the window shows, from the top of the page."""
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    path = SHOTS / f"{name}.png"
    page.screenshot(path=path)
    assert path.stat().st_size < LARGEST_BYTES, f"{path} is too large"


def log_in(page: Page, demo: Demo, first_name: str) -> None:
    """Logs in one of the printed people."""
    page.goto(f"{demo.url}/login/")
    page.get_by_label("Email").fill(f"{first_name}@fernhill.example")
    page.get_by_label("Password").fill(demo.password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda address: "/login" not in address)


def switch_on(ada: Page, demo: Demo) -> None:
    """All-hands mode, from the steps to the switch."""
    log_in(ada, demo, "ada")
    ada.goto(f"{demo.url}/all-hands/")
    shoot(ada, "all-hands")
    ada.get_by_label(re.compile("type the", re.IGNORECASE)).fill(INCIDENT)
    ada.get_by_role("button", name="Switch on all-hands mode").click()
    ada.get_by_role("heading", name="All-hands mode is on").wait_for()


def join(nina: Page, demo: Demo) -> None:
    """A newcomer comes by the link, reads the briefing, promises and practises."""
    nina.goto(demo.join_url)
    nina.get_by_label("Your name").fill("Nina Berger")
    nina.get_by_label("Your email address").fill(NEWCOMER)
    nina.get_by_role("button", name="Join").click()
    nina.get_by_label("Code").fill(mailed_code(nina, demo))
    nina.get_by_role("button", name="Go on").click()
    nina.get_by_role("heading", name="Read this first").wait_for()
    shoot(nina, "briefing")
    nina.get_by_role("button", name="I have read this").click()
    nina.get_by_label("I promise").check()
    nina.get_by_role("button", name="I promise").click()
    nina.get_by_role("button", name="Begin").click()
    for number in range(1, 6):
        nina.get_by_label(right_choice(nina.get_by_role("heading", level=1).inner_text())).check()
        if number == 1:
            shoot(nina, "practice")
        nina.get_by_role("button", name="This is what I would do").click()
        nina.get_by_role("link", name="See how it went" if number == 5 else "Next email").click()
    nina.get_by_role("link", name="Go to the first person").click()


def right_choice(subject: str) -> str:
    """What would be right for the shipped practice mail of this subject."""
    (mail,) = (mail for mail in shipped().values() if mail.subject == subject)
    return next(choice.text for choice in mail.choices if choice.is_right)


def mailed_code(nina: Page, demo: Demo) -> str:
    """The code, as the Outbox shows it."""
    outbox = nina.context.new_page()
    outbox.goto(f"{demo.url}/outbox/")
    row = outbox.get_by_role("row", name=NEWCOMER)
    row.first.wait_for(timeout=30_000)
    code = re.search(r"code[^A-Z0-9]+([A-Z0-9-]{4,12})", row.first.inner_text())
    assert code is not None
    outbox.close()
    return code[1]


def answer(helper: Page, line: str) -> None:
    """Takes the next person and writes to them."""
    helper.get_by_role("button", name="Help the next person").click()
    helper.get_by_label("Your own line").fill(line)
    expect(helper.locator("#saved")).to_contain_text("Draft saved")


def tour(browser: Browser, demo: Demo) -> None:
    """The README's ten minutes."""
    ada, nina, sam, edda = (new_page(browser) for _ in range(4))
    phone = new_page(browser, phone=True)
    switch_on(ada, demo)
    join(nina, demo)
    for page, name in ((phone, "cleo"), (edda, "edda")):
        log_in(page, demo, name)
        answer(page, "Please write again whenever you need us.")
    shoot(phone, "phone")
    log_in(sam, demo, "sam")
    move(sam, "Nina Berger", to="Data concern")
    answer(nina, "It was right to ask us. Please take good care of yourself.")
    shoot(nina, "answer")
    nina.get_by_role("button", name="Send").click()
    nina.get_by_role("button", name="Undo").wait_for()
    time.sleep(25)  # until the answer can no longer be undone and has left
    look_at_the_books(sam, demo)
    ada.get_by_role("button", name="Stand down").click()
    ada.get_by_role("heading", name="Recovery").wait_for()
    edda.get_by_role("button", name="Send").click()
    edda.get_by_text("Your helping time has ended").wait_for()
    edda.set_viewport_size({"width": 1280, "height": 380})
    shoot(edda, "thanks")


def move(sam: Page, name: str, *, to: str) -> None:
    """The supervisor lets somebody serve one queue."""
    sam.get_by_role("button", name="Rebalance").click()
    boxes = sam.get_by_role("group", name=name).get_by_role("checkbox")
    for box in boxes.all():
        box.uncheck()
    sam.get_by_role("group", name=name).get_by_label(re.compile(to)).check()
    sam.get_by_role("button", name="Apply").click()
    sam.get_by_role("button", name="Undo").wait_for()


def look_at_the_books(sam: Page, demo: Demo) -> None:
    """What the customer got, the board, and that everything adds up."""
    sam.goto(f"{demo.url}/outbox/")
    sam.get_by_role("link", name=re.compile("^Re: ")).first.click()
    sam.get_by_role("heading", name="Headers").wait_for()
    shoot(sam, "outbox")
    sam.set_viewport_size({"width": 1280, "height": 1180})
    sam.goto(f"{demo.url}/board/")
    shoot(sam, "board")
    sam.set_viewport_size(WIDE)
    sam.goto(f"{demo.url}/ledger/")
    shoot(sam, "ledger")


def main() -> None:
    """Starts the demo and the browser, and goes through the tour."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    SHOTS.mkdir(exist_ok=True)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with (
        tempfile.TemporaryDirectory() as folder,
        running_demo(folder) as demo,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=options.chromium, args=arguments)
        time.sleep(30)  # until the first sixty emails are sorted
        tour(browser, demo)
        browser.close()


if __name__ == "__main__":
    main()
