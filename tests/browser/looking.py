"""How the tests look at pages: axe's rules, and what a page asked of the network."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.prepared import PASSWORD


def assert_accessible(page: Page, what: str = "") -> None:
    """Fails with axe's findings; none is tolerated."""
    found = Axe().run(page).response["violations"]
    told = [
        f"{rule['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for rule in found
        for node in rule["nodes"]
    ]
    assert not told, f"{what or page.url}\n" + "\n".join(told)


def assert_fits(page: Page) -> None:
    """Fails when the page is wider than its window."""
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


def log_in(page: Page, url: str, name: str) -> None:
    """Logs a person of the cast in with their password."""
    page.goto(f"{url}/login/")
    page.get_by_label("Email").fill(f"{name}@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda address: "/login" not in address)
