"""The real servers that tests ask for; Django's own fixtures live in the folders below."""

from __future__ import annotations

import os
import subprocess
import tempfile
import uuid
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.append_only import let_tests_flush
from tests.installation import (  # noqa: F401
    django_db_modify_db_settings,
    installation,
    postgres_installation,
    shared_folder,
    sqlite_installation,
)
from tests.servers import chromium, install, keeper, redis, smtp_sink
from tests.servers.dovecot import DovecotAddress, DovecotServer, ImapUser
from tests.servers.dovecot import start as start_dovecot
from triage.benchmarks.servers import postgres

_keeper = pytest.StashKey[subprocess.Popen[bytes]]()


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    let_tests_flush()
    if _is_worker(config):
        return
    absent = install.missing()
    if absent and install.nothing_may_be_skipped():
        cures = "\n".join(f"{program.name} is missing: {program.cure}" for program in absent)
        raise pytest.UsageError(f"With CI=true no test may be skipped.\n{cures}")
    config.stash[_keeper] = keeper.start_keeper()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _keeper in config.stash:
        keeper.stop_keeper(config.stash[_keeper])


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and install.nothing_may_be_skipped():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Names every skipped test under what would let it run."""
    skipped: dict[str, list[str]] = defaultdict(list)
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        skipped[reason.removeprefix("Skipped: ")].append(report.nodeid)
    for reason, tests in skipped.items():
        terminalreporter.section(reason)
        for test in tests:
            terminalreporter.line(test)


def _need(name: str) -> None:
    program = install.PROGRAMS[name]
    if program.is_missing:
        pytest.skip(f"{program.name} is missing. This installs it: {program.cure}")


@pytest.fixture(scope="session")
def postgres_server() -> postgres.PostgresAddress:
    """The PostgreSQL of this run, shared by all workers."""
    _need("postgres")
    return postgres.PostgresAddress(int(keeper.ask("postgres")["port"]))


@pytest.fixture
def postgres_url(postgres_server: postgres.PostgresAddress) -> Iterator[str]:
    """DATABASE_URL of an empty PostgreSQL database that only this test has."""
    name = f"test_{uuid.uuid4().hex[:16]}"
    yield postgres_server.create_database(name)
    postgres_server.drop_database(name)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A temporary folder that the users of servers may enter, as they may not enter tmp_path."""
    with tempfile.TemporaryDirectory(prefix="muster-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture
def own_postgres(open_folder: Path) -> Iterator[postgres.PostgresServer]:
    """A PostgreSQL with fsync on that this test may stop, kill and restart."""
    _need("postgres")
    server = postgres.start(open_folder / "postgres", durable=True)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def redis_server() -> redis.RedisAddress:
    """The Redis of this run, shared by all workers; never flush all of it."""
    _need("redis")
    return redis.RedisAddress(int(keeper.ask("redis")["port"]))


@pytest.fixture
def redis_url(redis_server: redis.RedisAddress) -> str:
    """REDIS_URL of an empty numbered database that only this test has."""
    return redis_server.url(int(keeper.ask("number")["number"]) % redis.DATABASES)


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[redis.RedisServer]:
    """A Redis that this test may flush, stop, kill and restart."""
    _need("redis")
    server = redis.start(tmp_path / "redis")
    yield server
    server.stop()


@pytest.fixture(scope="session", name="dovecot")
def dovecot_server() -> DovecotAddress:
    """The Dovecot of this run, shared by all workers; `create_user` makes a mailbox."""
    _need("dovecot")
    answer = keeper.ask("dovecot")
    return DovecotAddress(int(answer["port"]), Path(answer["folder"]))


@pytest.fixture
def own_dovecot(open_folder: Path) -> Iterator[DovecotServer]:
    """A Dovecot that this test may stop, kill and restart."""
    _need("dovecot")
    server = start_dovecot(open_folder / "dovecot")
    yield server
    server.stop()


@pytest.fixture
def imap_user(dovecot: DovecotAddress) -> ImapUser:
    """A mailbox on a real Dovecot that only this test has, with INBOX and Sent."""
    return dovecot.create_user()


@pytest.fixture
def smtp_server() -> Iterator[smtp_sink.RecordingSmtpServer]:
    """A recording SMTP server on loopback that can be told to misbehave at any stage."""
    with smtp_sink.RecordingSmtpServer() as server:
        yield server


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The installed Chromium."""
    _need("chromium")
    path = chromium.binary()
    assert path is not None
    return path


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """A headless Chromium for the tests of one module.

    Not for the session: while Playwright runs, its event loop runs in the test's thread, where
    asyncio.run refuses to start and Django takes every query for an async one.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        running = chromium.launch(playwright)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page without cookies, in a window of 1280 by 800."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()
