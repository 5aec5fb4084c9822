"""How long a person needs for what a scripted browser does: reading, typing, clicking.

Seconds are counted, not measured: every page's words at a slow reader's pace, every character
typed, every click. A page that comes again, or a part of it that was read already, costs only what
is new on it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

WORDS_A_MINUTE = 200  # silent reading of plain text; most adults read faster
SECONDS_A_CHARACTER = 0.4  # 30 words a minute, with a thumb on a phone
SECONDS_A_CLICK = 3  # find it, go there, press it
SECONDS_FOR_A_PAGE = 2  # until the next page is there and one knows where one is
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass
class Step:
    """One part of the way, and what it took."""

    name: str
    words: int = 0
    characters: int = 0
    clicks: int = 0
    pages: int = 0
    waited_seconds: float = 0

    @property
    def seconds(self) -> float:
        """Gives the time of this part."""
        return (
            self.words * 60 / WORDS_A_MINUTE
            + self.characters * SECONDS_A_CHARACTER
            + self.clicks * SECONDS_A_CLICK
            + self.pages * SECONDS_FOR_A_PAGE
            + self.waited_seconds
        )


@dataclass
class Effort:
    """Drives a browser for one person and keeps the account, step by step."""

    page: Page
    steps: list[Step] = field(default_factory=list)
    _read: set[str] = field(default_factory=set)

    def step(self, name: str) -> None:
        """Begins the next part of the way."""
        self.steps.append(Step(name))

    def open(self, url: str) -> None:
        """Opens an address that somebody was sent: one click, one page to read."""
        self.page.goto(url)
        self.now.clicks += 1
        self.read()

    def read(self) -> None:
        """Reads what is new on the page, line by line, in the main part and outside of it."""
        self.page.wait_for_load_state()
        lines = [line.strip() for line in self.page.locator("body").inner_text().splitlines()]
        fresh = [line for line in lines if line and line not in self._read]
        self._read.update(fresh)
        self.now.words += sum(len(_WORD.findall(line)) for line in fresh)
        self.now.pages += 1

    def type(self, where: Locator, text: str) -> None:
        """Types into a field, over what stands there."""
        where.fill(text)
        self.now.clicks += 1
        self.now.characters += len(text)

    def choose(self, where: Locator) -> None:
        """Ticks or picks one thing; the page stays."""
        where.check()
        self.now.clicks += 1

    def click(self, where: Locator) -> None:
        """Presses what leads to another page, and reads what is there."""
        where.click()
        self.now.clicks += 1
        self.page.wait_for_timeout(150)  # htmx and redirects have begun by then
        self.read()

    def elsewhere(self, *, seconds: float, words: int = 0) -> None:
        """Counts what happens outside the browser: a mail to wait for, a line in a terminal."""
        self.now.waited_seconds += seconds
        self.now.words += words

    @property
    def now(self) -> Step:
        """Gives the part of the way that is going on."""
        return self.steps[-1]

    @property
    def minutes(self) -> float:
        """Gives the time of the whole way."""
        return sum(step.seconds for step in self.steps) / 60

    def table(self) -> str:
        """Gives the account, a line for each step."""
        head = f"{'step':34}{'words':>7}{'typed':>7}{'clicks':>8}{'pages':>7}{'time':>8}"
        lines = [
            f"{step.name:34}{step.words:7}{step.characters:7}{step.clicks:8}{step.pages:7}"
            f"{step.seconds / 60:6.1f} m"
            for step in self.steps
        ]
        return "\n".join([head, *lines, f"{'together':34}{self.minutes:35.1f} m"])
