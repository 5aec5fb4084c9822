"""Five people through a whole day, in three real browsers: one vanishes, one is stopped."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looking import log_in
from tests.browser.test_the_day import answers, join, mail, open_the_doors, switch_on
from tests.installation import Installation
from tests.prepared import prepare
from tests.running import running, wait_until
from tests.servers import chromium
from tests.servers.dovecot import ImapUser
from tests.servers.smtp_sink import RecordingSmtpServer

pytestmark = [pytest.mark.live, pytest.mark.browser, pytest.mark.timeout(900)]
HELPERS = ("Nina", "Omar", "Pia", "Quentin", "Rosa")
EMAILS = 6
VANISHED, STOPPED = "I had just begun to write this.", "This sentence is not fin"

# Ends Pia's twenty minutes now: the clock of a real day, without waiting for it.
_TIME_IS_UP = """
from datetime import timedelta
from django.utils import timezone
from triage.queues.models import Ticket
held = Ticket.objects.filter(holder__email="pia@example.com")
print(held.update(held_until=timezone.now() - timedelta(seconds=1)))
"""
_RIGHTS_LEFT = """
from triage.accounts.models import RoleGrant, Session, User
from triage.queues.models import Ticket
from triage.volunteers.models import Enlistment, EnlistmentLink
helpers = User.objects.filter(enlistments__isnull=False).values("pk")
print(helpers.count(), Enlistment.objects.exclude(state="ended").count(),
      EnlistmentLink.objects.filter(withdrawn_at=None).count(),
      Session.objects.filter(user_id__in=helpers).count(),
      RoleGrant.objects.filter(user_id__in=helpers).count(),
      Ticket.objects.filter(holder__in=helpers).count())
"""


@pytest.fixture
def browsers(browser: Browser) -> Iterator[tuple[Browser, Browser, Browser]]:
    """Three Chromium processes: the admin's, the supervisor's, and the helpers'."""
    second, third = (chromium.launch_another(browser.browser_type) for _ in range(2))
    yield browser, second, third
    for one in (second, third):
        one.close()


def test_five_people_help_for_a_day_and_nothing_of_it_is_left_open(
    sqlite_installation: Installation,
    imap_user: ImapUser,
    smtp_server: RecordingSmtpServer,
    browsers: tuple[Browser, Browser, Browser],
) -> None:
    muster = sqlite_installation
    prepare(muster, imap_user=imap_user, smtp_url=smtp_server.url)
    for number in range(EMAILS):
        imap_user.deliver(mail(number))
    with running(muster) as app:
        ada, sam = (one.new_context().new_page() for one in browsers[:2])
        helpers = {name: browsers[2].new_context().new_page() for name in HELPERS}
        link = open_the_doors(ada, app.url)
        for name, page in helpers.items():
            join(page, link, smtp_server, f"{name} Newcomer")
        switch_on(ada)
        wait_until(lambda: state(muster, "open") == EMAILS, "all emails are in their queues")
        log_in(sam, app.url, "sam")

        for name in ("Nina", "Omar"):
            answer_as_approved(helpers[name])
        wait_until(lambda: len(answers(smtp_server)) == 2, "two answers have left")

        begin(helpers["Pia"], VANISHED)
        helpers.pop("Pia").context.close()  # and never comes back
        assert muster.manage("shell", "--no-imports", "-c", _TIME_IS_UP).strip() == "1"
        wait_until(lambda: held_by(muster, "pia") == 0, "the email Pia left goes back")

        assert begin(helpers["Quentin"], STOPPED) == VANISHED, "who comes next finds what was begun"
        stop(sam, app.url, "Quentin")
        refused_kindly(helpers.pop("Quentin"), app.url)

        rebalance(sam, app.url, "Rosa")
        left = {answer_as_approved(helpers["Rosa"])}

        stand_down(ada, app.url)
        everybody_is_thanked(helpers)
        left |= support_answers_the_rest(browsers[1], app.url, muster)
        assert STOPPED in left, "and so on, the latest words first"
        close_it(ada, app.url)

        told = muster.manage_json("ledger")
        assert told["unexplained"] == 0
        assert told["messages"]["answered"] == EMAILS
        assert told["replies"]["draft"] >= 2
        assert rights_left(muster) == [len(HELPERS), 0, 0, 0, 0, 0]
    texts = [left.content.decode() for left in answers(smtp_server)]
    assert len(texts) == EMAILS
    assert not [text for text in texts if VANISHED in text or STOPPED in text]


def state(muster: Installation, name: str) -> int:
    return int(muster.manage_json("ledger")["messages"][name])


def held_by(muster: Installation, name: str) -> int:
    told = muster.manage(
        *("shell", "--no-imports", "-c"),
        "from triage.queues.models import Ticket;"
        f"print(Ticket.objects.filter(holder__email='{name}@example.com').count())",
    )
    return int(told.strip())


def rights_left(muster: Installation) -> list[int]:
    """Helpers; and of theirs: helping times, links, logins, roles, emails in hand."""
    return [int(n) for n in muster.manage("shell", "--no-imports", "-c", _RIGHTS_LEFT).split()]


def take_next(page: Page, url: str = "") -> None:
    page.goto(f"{url}/desk/") if url else page.reload()
    page.get_by_role("button", name="Help the next person").click()
    page.get_by_role("radiogroup", name="Approved answers").wait_for()


def choose(page: Page) -> None:
    """The first approved answer, unless the best one is there already."""
    options = page.get_by_role("radiogroup", name="Approved answers").get_by_role("radio")
    if not any(option.is_checked() for option in options.all()):
        options.first.check()
    expect(page.get_by_text("Approved, version")).to_be_visible()


def answer_as_approved(page: Page, url: str = "") -> str:
    """Approved words alone: nobody reads those first. Gives the own line that somebody left."""
    take_next(page, url)
    choose(page)
    left = page.get_by_label("Your own line").input_value()
    page.get_by_label("Your own line").fill("")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("button", name="Undo").first).to_be_visible()
    return left


def begin(page: Page, words: str) -> str:
    """Writes a line that is kept, and sends nothing; gives the line that stood there."""
    take_next(page)
    choose(page)
    line = page.get_by_label("Your own line")
    left = line.input_value()
    line.fill("")
    with page.expect_response(re.compile("/desk/draft/")) as kept:
        line.press_sequentially(words, delay=20)
    assert kept.value.ok
    return left


def stop(sam: Page, url: str, name: str) -> None:
    """The supervisor stops one person, who is in mid-sentence."""
    sam.goto(f"{url}/board/people/?name={name}")
    sam.get_by_role("button", name=f"Stop {name} Newcomer at once").click()
    expect(sam.get_by_text(f"{name} Newcomer is stopped.")).to_be_visible()


def refused_kindly(page: Page, url: str) -> None:
    """The open page may have found out by itself already; the next request says it in any case."""
    page.goto(f"{url}/desk/")
    expect(page.get_by_text("Please have a word with Sam. What you wrote is kept.")).to_be_visible()


def rebalance(sam: Page, url: str, name: str) -> None:
    sam.goto(f"{url}/board/")
    sam.get_by_role("button", name="Rebalance").click()
    group = sam.get_by_role("group", name=f"{name} Newcomer")
    for box in group.get_by_role("checkbox").all():
        box.uncheck()
    group.get_by_role("checkbox", name=re.compile("Data concern|Not sure yet")).first.check()
    sam.get_by_role("button", name="Apply").click()
    sam.get_by_role("button", name="Undo").wait_for()


def stand_down(ada: Page, url: str) -> None:
    ada.goto(f"{url}/all-hands/")
    ada.get_by_role("button", name="Stand down").click()
    ada.get_by_role("heading", name="Recovery").wait_for()


def everybody_is_thanked(helpers: dict[str, Page]) -> None:
    for page in helpers.values():
        page.reload()
        expect(page.get_by_text("Your helping time has ended. Thank you.")).to_be_visible()


def support_answers_the_rest(browser: Browser, url: str, muster: Installation) -> set[str]:
    """The steady team goes on; gives the words that it found begun."""
    sue = browser.new_context().new_page()
    log_in(sue, url, "sue")
    wait_until(lambda: state(muster, "answered") == 3, "the helpers' answers are in the books")
    left = {answer_as_approved(sue, url) for _ in range(state(muster, "open"))}
    wait_until(lambda: state(muster, "answered") == EMAILS, "every email has its answer")
    return left


def close_it(ada: Page, url: str) -> None:
    ada.goto(f"{url}/all-hands/close/")
    expect(ada.get_by_text("Nothing is left")).to_be_visible()
    ada.get_by_role("button", name="Close it").click()
    expect(ada.get_by_role("heading", name="A calm day")).to_be_visible()
