"""A whole office joins from one address in ten minutes, while somebody there guesses.

Everybody comes through the real pages of a running server; the limits are counted in the
database's cache, and in Redis. 40 people here, 500 with MUSTER_SOAK=1.
"""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
import requests

from tests.installation import Installation
from tests.running import running

PEOPLE = 500 if os.environ.get("MUSTER_SOAK") else 40
AT_ONCE = 8
MANY = 28  # seven guesses of each kind; five are allowed
LIMIT_SECONDS = 600
pytestmark = [pytest.mark.live, pytest.mark.timeout(900)]

_PREPARE = """
from datetime import timedelta
from django.utils import timezone
from triage.accounts.actions import create_user, grant_role
from triage.audit.actions import Step
from triage.incidents.actions import open_incident
from triage.volunteers.actions import make_link, make_sheet, secret_of as code_of
from triage.volunteers import links, printed
import json
at, by = timezone.now(), Step("prepare")
ada = create_user(email="ada@example.com", name="Ada", password=PASSWORD, by=by, at=at)
grant_role(user_id=ada.pk, role="admin", by=by, at=at)
incident = open_incident(name="The breach", by=by, at=at)
wishes = {"incident_id": incident.pk, "expires_at": at + timedelta(days=1)}
link = make_link(max_uses=PEOPLE, user_id=ada.pk, by=by, at=at, **wishes)
sheet = make_sheet(count=2, user_id=ada.pk, by=by, at=at, **wishes)
codes = [printed.shown(row.serial, code_of(sheet, row.serial)) for row in sheet.codes.all()]
print(json.dumps({"secret": links.secret_of(link), "codes": codes}))
"""
_CODES = """
import email, email.policy, json, re
from inbox.models import OutboundMessage
found = {}
mails = OutboundMessage.objects.order_by("pk")
for recipient, content in mails.values_list("recipient", "content"):
    text = email.message_from_bytes(bytes(content), policy=email.policy.default).get_content()
    code = re.search(r"^\\s*([A-Z0-9-]{6,9})\\s*$", text, re.MULTILINE)
    if code:
        found[recipient] = code[1]
print(json.dumps(found))
"""
_STATES = """
import json
from collections import Counter
from triage.volunteers.models import Enlistment
print(json.dumps(Counter(Enlistment.objects.values_list("state", flat=True))))
"""
PASSWORD = "correct horse battery"


@dataclass
class Visitor:
    """One browser of the office: it keeps its cookies and sends each form's token along."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)

    def post(self, path: str, form_at: str = "", **words: str) -> requests.Response:
        """Opens a page, fills in its form and sends it."""
        page = self.session.get(self.url + (form_at or path), timeout=60)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token, page.text[:500]
        words = {"csrfmiddlewaretoken": token[1], **words}
        return self.session.post(self.url + path, words, headers={"Referer": self.url}, timeout=60)


@dataclass
class Guesser:
    """One who tries passwords, mailed codes and printed codes until told to stop."""

    url: str
    printed: str
    tries: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def guess(self) -> None:
        """Goes on guessing, a new browser each round, past every limit there is for one account."""
        while not self.stop.is_set() or self.tries < MANY:
            visitor = Visitor(self.url)
            visitor.post("/login/", login="ada@example.com", password=f"wrong {self.tries}")
            visitor.post("/code/", code=f"{self.printed[:5]}AAAA-AAAA", name="Mallory")
            visitor.post("/login/code/", email="ada@example.com")
            visitor.post("/login/code/confirm/", code="AAA-AAA")
            self.tries += 4


def email_of(number: int) -> str:
    return f"colleague{number}@example.com"


def all_at_once(work: Callable[[int], None]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(work, range(PEOPLE)))


@pytest.fixture(params=["sqlite", "postgresql with redis"])
def office(request: pytest.FixtureRequest) -> Iterator[Installation]:
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_installation")
        return
    muster = request.getfixturevalue("postgres_installation")
    muster.environment["REDIS_URL"] = request.getfixturevalue("redis_url")
    yield muster


def test_an_office_behind_one_address_is_in_while_a_guesser_is_stopped(
    office: Installation,
) -> None:
    names = f"PEOPLE, PASSWORD = {PEOPLE}, {PASSWORD!r}"
    ready = json.loads(office.manage("shell", "--no-imports", "-c", names + _PREPARE))
    with running(office, watch=False) as app:
        guesser = Guesser(app.url, ready["codes"][0])
        thread = threading.Thread(target=guesser.guess)
        thread.start()
        begun = time.monotonic()
        try:
            everybody_joins(office, app.url, ready["secret"])
        finally:
            seconds = time.monotonic() - begun
            guesser.stop.set()
            thread.join()
        the_guesser_is_stopped(app.url, ready["codes"])
    states = json.loads(office.manage("shell", "--no-imports", "-c", _STATES))
    sys.stdout.write(f"{PEOPLE} people in {seconds:.0f} s beside {guesser.tries} guesses\n")
    assert states.pop("briefing") == PEOPLE + 1  # and the one with a printed code
    assert states == {}
    assert seconds < LIMIT_SECONDS


def everybody_joins(office: Installation, url: str, secret: str) -> None:
    visitors = [Visitor(url) for _ in range(PEOPLE)]

    def ask(number: int) -> None:
        words = {"name": f"Colleague {number}", "email": email_of(number)}
        answer = visitors[number].post(f"/join/{secret}/", **words)
        assert "Look into your mail" in answer.text, answer.text[-1500:]

    all_at_once(ask)
    codes = json.loads(office.manage("shell", "--no-imports", "-c", _CODES))

    def confirm(number: int) -> None:
        code, page = codes[email_of(number)], "/login/code/confirm/"
        answer = visitors[number].post(page, f"{page}?next=/joined/", code=code, next="/joined/")
        assert answer.url == f"{url}/briefing/", answer.text[-1500:]

    all_at_once(confirm)


def the_guesser_is_stopped(url: str, codes: list[str]) -> None:
    """Even the right password and the right code do not help there now; next to it all is well."""
    right = Visitor(url).post("/login/", login="ada@example.com", password=PASSWORD)
    assert "tried too often" in right.text
    assert "tried too often" in Visitor(url).post("/code/", code=codes[0], name="Mallory").text
    beside = Visitor(url).post("/code/", code=codes[1], name="Nina")
    assert beside.url == f"{url}/briefing/"
