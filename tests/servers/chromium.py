"""The system's Chromium, driven by Playwright; no browser is downloaded."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserType, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
QUIET_FLAGS = (
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",  # containers often have little
)
# A page of a hostile mail must not reach the world even when our own guards fail.
ONLY_LOOPBACK = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"


def binary() -> str | None:
    """The installed Chromium or Chrome; none when missing."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def flags() -> list[str]:
    """The command line that keeps Chromium silent; Chromium as root runs without its sandbox."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return [*QUIET_FLAGS, ONLY_LOOPBACK, *sandbox]


def launch(playwright: Playwright) -> Browser:
    """A running headless browser; each test opens its own context in it."""
    return launch_another(playwright.chromium)


def launch_another(kind: BrowserType) -> Browser:
    """One more of the kind of a running browser (`browser.browser_type`): its own process."""
    program = binary()
    if program is None:
        raise FileNotFoundError("Chromium is not installed")
    return kind.launch(executable_path=program, args=flags())
