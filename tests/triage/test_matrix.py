"""Every page, every role, GET and POST: one table says who gets past the door.

The pages are generated from the resolver, so that a page nobody listed here fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from inbox import receive
from inbox.books import raw_store
from inbox.models import Arrival, Attachment, Conversation
from tests.factories import desk, mail, outbox, people
from triage.accounts.models import User
from triage.notices.models import Alert
from triage.queues.models import Question, QueueMembership, Ticket
from triage.replies.models import Reply

pytestmark = pytest.mark.django_db

STRANGER = "stranger"
HELPER = "volunteer in all-hands"
WATCHING = "volunteer while the level is watch"
ENDED = "volunteer whose time has ended"
STANDING = ("support", "supervisor", "approver", "admin", "auditor")
CAST = (STRANGER, HELPER, WATCHING, ENDED, *STANDING)
NAMES = dict(zip(STANDING, ("sue", "sam", "leo", "ada", "max"), strict=True))

Allowed = frozenset[str]
EVERYBODY: Allowed = frozenset(CAST)
KNOWN: Allowed = EVERYBODY - {STRANGER}
NOBODY: Allowed = frozenset()
NO_WAY: Allowed = frozenset({"no such method"})


def only(*roles: str) -> Allowed:
    assert set(roles) <= set(CAST)
    return frozenset(roles)


DESK = only("support", HELPER, WATCHING)
MAILBOXES = only("supervisor", "admin", "auditor")
ANSWERS = only("support", "supervisor", "approver", "admin")
WRITERS = only("support", "supervisor", "approver")
STEERING = only("supervisor")
ADMIN = only("admin")
APPROVER = only("approver")
WATCHFUL = only("supervisor", "admin")
INBOX = only("support", "supervisor")

# url name: (who may GET, who may POST)
TABLE: dict[str, tuple[Allowed, Allowed]] = {
    "accounts:front": (KNOWN, KNOWN),
    "account_login": (EVERYBODY, EVERYBODY),
    "account_request_login_code": (EVERYBODY, EVERYBODY),
    "account_confirm_login_code": (EVERYBODY, EVERYBODY),
    "mfa_authenticate": (KNOWN, KNOWN),
    "account_inactive": (EVERYBODY, NO_WAY),
    "account_logout": (EVERYBODY, EVERYBODY),
    "account_reauthenticate": (KNOWN, KNOWN),
    "mfa_reauthenticate": (KNOWN, KNOWN),
    "account_change_password": (KNOWN, KNOWN),
    "account_set_password": (KNOWN, KNOWN),
    "mfa_index": (KNOWN, NO_WAY),
    "mfa_activate_totp": (KNOWN, KNOWN),
    "mfa_deactivate_totp": (KNOWN, KNOWN),
    "mfa_view_recovery_codes": (KNOWN, NO_WAY),
    "mfa_generate_recovery_codes": (KNOWN, KNOWN),
    "mfa_download_recovery_codes": (KNOWN, KNOWN),
    "volunteers:join": (EVERYBODY, EVERYBODY),
    "volunteers:joined": (KNOWN, KNOWN),
    "volunteers:briefing": (KNOWN - {ENDED}, KNOWN - {ENDED}),
    "desk:show": (DESK, NO_WAY),
    "desk:next": (NO_WAY, DESK - {WATCHING}),
    "desk:draft": (NO_WAY, DESK),
    "desk:send": (NO_WAY, DESK),
    "desk:undo": (NO_WAY, NOBODY),  # the answer is somebody else's
    "desk:pass_on": (NO_WAY, DESK),
    "desk:ask": (NO_WAY, DESK),
    "desk:label": (NO_WAY, DESK),
    "desk:no_answer": (NO_WAY, INBOX),
    "desk:done": (NO_WAY, DESK),
    "desk:sent": (DESK, NO_WAY),
    "board:show": (WATCHFUL, NO_WAY),
    "board:live": (WATCHFUL, NO_WAY),
    "board:rebalance": (STEERING, STEERING),
    "board:undo": (NO_WAY, STEERING),
    "board:release": (NO_WAY, STEERING),
    "board:question": (STEERING, STEERING),
    "board:decide": (NO_WAY, STEERING),
    "notices:seen": (NO_WAY, WATCHFUL),
    "responses:library": (ANSWERS, NO_WAY),
    "responses:new": (WRITERS, WRITERS),
    "responses:starters": (NO_WAY, WRITERS),
    "responses:answer": (ANSWERS, NO_WAY),
    "responses:write": (WRITERS, WRITERS),
    "responses:version": (ANSWERS, NO_WAY),
    "responses:submit": (NO_WAY, WRITERS),
    "responses:approve": (NO_WAY, APPROVER),
    "responses:send_back": (NO_WAY, APPROVER),
    "responses:retire": (NO_WAY, APPROVER),
    "allhands:show": (ADMIN, ADMIN),
    "allhands:open": (NO_WAY, ADMIN),
    "allhands:on": (NO_WAY, ADMIN),
    "allhands:stand_down": (NO_WAY, ADMIN),
    "allhands:close": (NO_WAY, ADMIN),
    "allhands:briefing": (ADMIN, ADMIN),
    "allhands:update": (NO_WAY, ADMIN),
    "allhands:new_link": (NO_WAY, ADMIN),
    "allhands:link": (ADMIN, ADMIN),
    "allhands:withdraw": (NO_WAY, ADMIN),
    "conversations:inbox": (INBOX, NO_WAY),
    "conversations:show": (INBOX, NO_WAY),
    "conversations:html": (INBOX, NO_WAY),
    "conversations:attachment": (INBOX, NO_WAY),
    "mailboxes:index": (MAILBOXES, NO_WAY),
    "mailboxes:add": (ADMIN, ADMIN),
    "mailboxes:password": (ADMIN, ADMIN),
    "mailboxes:watch": (NO_WAY, ADMIN),
    "mailboxes:set_aside": (WATCHFUL, NO_WAY),
    "mailboxes:raw": (WATCHFUL, NO_WAY),
    "mailboxes:replay": (NO_WAY, WATCHFUL),
    "mailboxes:discard": (NO_WAY, WATCHFUL),
    "audit:record": (only("auditor"), only("auditor")),
    "public:incident": (EVERYBODY, EVERYBODY),
    "reports:ledger": (MAILBOXES, NO_WAY),
    "reports:healthz": (EVERYBODY, NO_WAY),
    "reports:readyz": (EVERYBODY, NO_WAY),
}


def names(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every page's full name with its pattern."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from names(entry, inner)
        else:
            yield f"{space}{entry.name}", entry


@dataclass
class Place:
    """One installation with one of everything that an address can name."""

    numbers: dict[str, Any] = field(default_factory=dict)
    posted: dict[str, str] = field(default_factory=dict)

    def address(self, name: str, pattern: URLPattern) -> str:
        wanted = pattern.pattern.converters
        return reverse(name, kwargs={key: self.numbers[key] for key in wanted})


def a_mail_with_a_file() -> Attachment:
    name = raw_store().put(mail.raw_mail(attachment=("bill.pdf", b"%PDF-1.4 nothing")))
    mail.arrival(state=Arrival.State.STORED, raw_sha256=name)
    while receive.parse(at=mail.NOON):
        pass
    return Attachment.objects.get()


def queued(conversation: Conversation, key: str = "other") -> Ticket:
    at = timezone.now()
    return Ticket.objects.create(
        conversation=conversation, queue=desk.queue(key), promise_at=at, opened_at=at
    )


@pytest.fixture
def place() -> Place:
    at = timezone.now()
    incident = people.incident(at=at)
    ada = people.person("ada", at=at)
    link, secret = people.link(incident, ada)
    attached = a_mail_with_a_file()
    ticket = queued(attached.message.conversation)
    version = desk.version()
    aside = mail.arrival(
        state=Arrival.State.QUARANTINED,
        raw_sha256=raw_store().put(b"nothing of a mail"),
        reason="It cannot be read.",
    )
    alert = Alert.objects.create(cause="test", text="Please look.", raised_at=at)
    numbers = {
        "token": secret,
        "link_id": link.pk,
        "slug": incident.slug,
        "conversation_id": ticket.conversation_id,
        "message_id": attached.message_id,
        "attachment_id": attached.pk,
        "ticket_id": ticket.pk,
        "response_id": version.response_id,
        "version_id": version.pk,
        "arrival_id": aside.pk,
        "mailbox_id": aside.folder.mailbox_id,
        "alert_id": alert.pk,
        "question_id": a_question(ticket),
        "reply_id": an_answer(ticket, ada).pk,
    }
    return Place(numbers, {"email": str(ticket.pk), "version": str(incident.version)})


def a_question(ticket: Ticket) -> int:
    asked = Question.objects.create(
        ticket=ticket, asked_by=desk.user("Eve"), text="May I say this?", asked_at=timezone.now()
    )
    return asked.pk


def an_answer(ticket: Ticket, author: User) -> Reply:
    """One that is on its way and can still be taken back."""
    at = timezone.now()
    return Reply.objects.create(
        ticket=ticket,
        author=author,
        version=desk.version(),
        seen_message=ticket.conversation.messages.first(),
        state=Reply.State.RELEASED,
        outbound=outbox.answer(ticket.conversation.mailbox, due_at=at + timedelta(minutes=5)),
        created_at=at,
        saved_at=at,
        released_at=at,
    )


def login_of(role: str) -> User | None:
    """Somebody who is just this, and has already logged in."""
    at = timezone.now()
    if role == STRANGER:
        return None
    if role in NAMES:
        found = User.objects.filter(email=f"{NAMES[role]}@example.com").first()
        return found or people.person(NAMES[role], at=at)
    incident = people.Incident.objects.get()
    if role == WATCHING:
        people.Incident.objects.update(level="watch", recovery_at=None)
    ann = people.person("ann", at=at)
    people.helper(ann, incident, state="ended" if role == ENDED else "ready", at=at)
    return ann


def answer(user: User | None, method: str, address: str, posted: dict[str, str]) -> HttpResponse:
    """What this person gets; whatever it changed is undone, so that no page spoils the next."""
    client = Client(raise_request_exception=False)
    with transaction.atomic():
        if user is not None:
            client.force_login(user)
        given = client.get(address) if method == "GET" else client.post(address, posted)
        transaction.set_rollback(True)
    return given


def verdict(given: HttpResponse) -> str:
    if given.status_code == 405:
        return "wrong method"
    if given.status_code == 403:
        return "refused"
    if given.status_code == 302 and given.headers["Location"].partition("?")[0] == "/login/":
        return "asked to log in"
    return "broken" if given.status_code >= 500 else "let in"


def expected(role: str, allowed: Allowed, name: str) -> set[str]:
    if name == "account_logout":
        return {"let in", "asked to log in"}  # logging out leads to the login page
    if role in allowed:
        return {"let in"}
    outside = {"asked to log in"} if role == STRANGER else {"refused"}
    return outside | {"wrong method"} if allowed is NO_WAY else outside


def test_every_page_stands_in_the_table_and_nothing_else_does() -> None:
    pages = {name for name, _ in names(get_resolver())}
    assert pages - set(TABLE) == set(), "say in TABLE who may see these"
    assert set(TABLE) - pages == set(), "these pages are gone"


@pytest.mark.parametrize("role", CAST)
def test_each_role_gets_exactly_the_pages_of_the_table(place: Place, role: str) -> None:
    user = login_of(role)
    wrong = {}
    for name, pattern in names(get_resolver()):
        for method, allowed in zip(("GET", "POST"), TABLE[name], strict=True):
            given = verdict(answer(user, method, place.address(name, pattern), place.posted))
            if given not in expected(role, allowed, name):
                wrong[f"{method} {name}"] = given
    assert wrong == {}


ABSENT = 9_000_000
HUGE = 10**30  # no database has such a number


@pytest.mark.parametrize("number", [ABSENT, HUGE])
def test_a_number_of_nothing_is_no_error(place: Place, number: int) -> None:
    user = people.person("pat", *STANDING, at=timezone.now())
    place.numbers = {
        key: number if isinstance(value, int) else f"{value}x"
        for key, value in place.numbers.items()
    }
    posted = {"email": str(number), "version": str(number), "answer": str(number)}
    broken = [
        f"{method} {name}"
        for name, pattern in names(get_resolver())
        if pattern.pattern.converters
        for method in ("GET", "POST")
        if verdict(answer(user, method, place.address(name, pattern), posted)) == "broken"
    ]
    assert broken == []


FIELDS = (
    *("before", "from", "show", "name", "older_than", "next", "email", "answer", "seen", "version"),
    *("submit_key", "slot-own line", "reason", "text", "person", "topic", "tone", "went_out"),
    *("body", "key", "language", "label", "domains", "note", "max_uses", "hours", "address"),
    *("imap_url", "smtp_url", "password", "watched", "login", "code", "shown_name", "start"),
    *("happened", "known", "unknown", "never_say", "to_do", "recovery_at", "actor", "action"),
)


@pytest.mark.parametrize("words", ["\0", "²", "-1", "9" * 30], ids=ascii)
def test_strange_words_in_any_field_are_no_error(place: Place, words: str) -> None:
    user = people.person("pat", *STANDING, at=timezone.now())
    strange = dict.fromkeys(FIELDS, words)
    known = {**strange, "email": place.posted["email"], "answer": "1", "seen": "1"}
    broken = []
    for name, pattern in names(get_resolver()):
        address = place.address(name, pattern)
        tries = [("GET", f"{address}?{urlencode(strange)}", {})]
        tries += [("POST", address, strange), ("POST", address, known)]
        broken += [
            f"{method} {name}"
            for method, where, posted in tries
            if verdict(answer(user, method, where, posted)) == "broken"
        ]
    assert broken == []


STATES = (
    "in their hands",
    "in their hands, time run out",
    "in other hands",
    "in nobody's hands",
    "just answered by them",
    "closed",
    "not sorted yet",
    "in a lane of others",
    "in their lane",
)
EMAIL_PAGES = ("conversations:show", "conversations:html", "conversations:attachment")
READERS: dict[str, set[str]] = {
    HELPER: {"in their hands"},
    WATCHING: set(),
    ENDED: set(),
    "support": set(STATES) - {"in a lane of others"},
    "supervisor": set(STATES),
    "approver": set(),
    "admin": set(),
    "auditor": set(),
}


def bring_into(state: str, ticket: Ticket, user: User) -> None:
    """Puts the email where this test wants it."""
    at = timezone.now()
    hold = {"held_since": at - timedelta(minutes=30), "held_until": at + timedelta(minutes=10)}
    found = Ticket.objects.filter(pk=ticket.pk)
    match state:
        case "in their hands":
            found.update(holder=user, **hold)
        case "in their hands, time run out":
            found.update(holder=user, **{**hold, "held_until": at - timedelta(seconds=2)})
        case "in other hands":
            found.update(holder=desk.user("Eve"), **hold)
        case "just answered by them":
            an_answer(ticket, user)
            found.update(state=Ticket.State.ANSWERING)
        case "closed":
            found.update(state=Ticket.State.CLOSED, closed_at=at)
        case "not sorted yet":
            Question.objects.filter(ticket=ticket).delete()
            Reply.objects.filter(ticket=ticket).delete()
            found.delete()
        case "in a lane of others" | "in their lane":
            lane = desk.queue("legal")
            member = user if state == "in their lane" else desk.user("Eve", "support")
            QueueMembership.objects.create(user=member, queue=lane)
            found.update(queue=lane)


def may_read(user: User, place: Place) -> dict[str, bool]:
    pages = {name: entry for name, entry in names(get_resolver()) if name in EMAIL_PAGES}
    return {
        name: verdict(answer(user, "GET", place.address(name, pages[name]), {})) == "let in"
        for name in EMAIL_PAGES
    }


@pytest.mark.parametrize("role", READERS)
def test_an_email_and_its_parts_are_read_by_those_it_is_for(place: Place, role: str) -> None:
    user = login_of(role)
    assert user is not None
    ticket = Ticket.objects.get(pk=place.numbers["ticket_id"])
    wrong = {}
    for state in STATES:
        with transaction.atomic():
            bring_into(state, ticket, user)
            seen = may_read(user, place)
            transaction.set_rollback(True)
        if seen != dict.fromkeys(EMAIL_PAGES, state in READERS[role]):
            wrong[state] = seen
    assert wrong == {}
