"""A helper never sees a list, a search, another's email or an export: only what they hold now."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from inbox.models import Attachment
from tests.factories import answers, desk, people
from triage.queues.actions import claim_next
from triage.queues.models import PassedOn, Question, Ticket
from triage.replies.models import Reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(client: Client) -> Client:
    """Ann, who helps today; Bob holds another email."""
    at = timezone.now()
    answers.approved()
    user = people.person("ann", at=at)
    people.helper(user, people.incident(at=at), at=at)
    client.force_login(user)
    return client


@pytest.fixture
def bobs() -> Ticket:
    ticket = desk.ticket()
    ticket.conversation.messages.update(subject="Only for Bob", new_text="A secret of Bob's")
    held = claim_next(by=desk.actor("Bob", at=timezone.now()), at=timezone.now())
    assert held == ticket
    return ticket


@pytest.mark.parametrize(
    "path",
    [
        *("/inbox/", "/board/", "/board/live/", "/board/rebalance/", "/ledger/", "/audit/"),
        *("/mailboxes/", "/set-aside/", "/responses/", "/all-hands/"),
    ],
)
def test_lists_and_records_are_closed_to_helpers(ann: Client, path: str) -> None:
    assert ann.get(path).status_code == 403


def test_the_desk_leads_a_helper_nowhere_else(ann: Client) -> None:
    desk.ticket()
    pages = [ann.get("/desk/"), ann.post("/desk/next/", follow=True), ann.get("/desk/sent/")]
    for page in pages:
        text = page.content.decode()
        links = set(re.findall(r'(?:href|action|formaction)="(/[^"]*)"', text))
        inside = ("/desk/", "/static/", "/incident/", "/briefing/", "/account/", "/logout/", "/")
        assert [link for link in links if not link.startswith(inside[:-1]) and link != "/"] == []
        assert 'type="search"' not in text


def test_anothers_email_is_never_on_the_page(ann: Client, bobs: Ticket) -> None:
    desk.ticket()
    for page in (ann.get("/desk/"), ann.post("/desk/next/", follow=True)):
        assert "Only for Bob" not in page.content.decode()
        assert "A secret of Bob" not in page.content.decode()


def test_nothing_can_be_done_to_anothers_email(ann: Client, bobs: Ticket) -> None:
    form = {"email": str(bobs.pk), "slot-own line": "Mine now", "text": "?", "reason": "too_hard"}
    for path in ("draft", "here", "send", "ask", "pass-on", "danger", "label", "done"):
        given = ann.post(f"/desk/{path}/", form, follow=True)
        assert "A secret of Bob" not in given.content.decode(), path
    bobs.refresh_from_db()
    assert bobs.holder is not None
    assert (Question.objects.count(), PassedOn.objects.count(), Reply.objects.count()) == (0, 0, 0)


def test_the_parts_of_anothers_email_are_closed_by_number_too(ann: Client, bobs: Ticket) -> None:
    message = bobs.conversation.messages.get()
    file = Attachment.objects.create(
        message=message, part_index=1, filename="a.pdf", content_type="application/pdf",
        size=7, sha256="0" * 64,
    )  # fmt: skip
    for path in (
        f"/inbox/{bobs.conversation_id}/",
        f"/inbox/email/{message.pk}/html/",
        f"/inbox/attachment/{file.pk}/",
    ):
        assert ann.get(path).status_code in {403, 404}, path


def test_what_left_the_hands_is_closed_at_once(ann: Client) -> None:
    ticket = desk.ticket()
    ann.post("/desk/next/")
    conversation = f"/inbox/{ticket.conversation_id}/"
    ann.post("/desk/pass-on/", {"email": ticket.pk, "reason": "know_person"})
    assert ann.get(conversation).status_code == 403
    assert "Did they get my card number?" not in ann.get("/desk/").content.decode()


def test_when_the_level_is_lowered_the_email_leaves_the_screen(ann: Client) -> None:
    desk.ticket()
    ann.post("/desk/next/")
    people.Incident.objects.update(level="watch", recovery_at=None)
    page = ann.get("/desk/")
    assert page.status_code == 200
    assert "Did they get my card number?" not in page.content.decode()
