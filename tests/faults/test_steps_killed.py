"""SIGKILL between an email that was stored and its ticket, and between Send and the outbox."""

import json
import os

import pytest

from tests.installation import Installation

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]

ARRANGE = """
from tests.factories import desk
desk.version()
desk.message(due_at=desk.NOON.replace(year=2020))
desk.message(kind="bounce", due_at=desk.NOON.replace(year=2020))
"""
TRIAGE = """
from django.core.management import call_command
call_command("work", once=True, steps=["triage"])
"""
SETTLE = TRIAGE.replace("triage", "settle")
# Whatever a dead process had claimed is due again some minutes later; here those pass at once.
MINUTES_PASS = """
from inbox.models import Message, OutboundMessage
from tests.factories import desk
Message.objects.filter(due_at__isnull=False).update(due_at=desk.NOON)
"""
SEND = """
from tests.factories import desk
from triage.queues.actions import claim_next
from triage.replies.actions import submit
from triage.replies.models import Reply
from triage.responses.models import ResponseVersion
from inbox.models import Message, OutboundMessage
from triage.queues.models import Ticket
ann = desk.actor("Ann")
claim_next(by=ann, at=desk.NOON)
submit(ticket_id=Ticket.objects.get().pk, version_id=ResponseVersion.objects.get().pk,
    slots={"greeting": "Hi,", "sign-off": "Ann"}, submit_key="one-form",
    seen_message_id=Message.objects.get(kind="person").pk, by=ann, at=desk.NOON)
"""
NEWCOMER = """
from tests.factories import desk, people
people.helper(desk.user("Ann"), people.incident(at=desk.NOON), state="active", at=desk.NOON)
"""
_AS_HELPER = """from triage.volunteers.queries import actor_for
ann = actor_for(desk.user("Ann"), at=desk.NOON)"""
SEND_AS_NEWCOMER = SEND.replace('ann = desk.actor("Ann")', _AS_HELPER).replace(
    '"greeting": "Hi,"', '"greeting": "Hi,", "own line": "So sorry."'
)
READ = """
from tests.factories import desk
from triage.replies.actions import AlreadyDecided, approve, return_
from triage.replies.models import Review
try:
    DECIDE
except AlreadyDecided:
    pass
"""
APPROVE = READ.replace("DECIDE", "approve(review_id=1, by=desk.actor('Sue'), at=desk.NOON)")
RETURN = READ.replace(
    "DECIDE", "return_(review_id=1, reason=Review.Reason.TONE, by=desk.actor('Sue'), at=desk.NOON)"
)
SENT = """
from inbox.models import OutboundMessage
from tests.factories import desk
OutboundMessage.objects.update(
    state="sent", due_at=None, sent_at=desk.NOON, finished_at=desk.NOON, settle_due_at=desk.NOON)
"""
BOOKS = """
import json
from inbox.models import Message, OutboundMessage
from triage.audit.models import AuditEvent
from triage.classification.models import Classification
from triage.queues.counters import reconcile
from triage.queues.models import Outcome, Ticket
from triage.replies.models import Reply
print(json.dumps({
    "tickets": list(Ticket.objects.values_list("state", flat=True)),
    "classified": Classification.objects.count(),
    "outcomes": sorted(Outcome.objects.values_list("kind", flat=True)),
    "due": Message.objects.filter(due_at__isnull=False).count(),
    "taken_over": AuditEvent.objects.filter(action="message.triage").count(),
    "replies": Reply.objects.count(),
    "mails": OutboundMessage.objects.count(),
    "numbers_agree": reconcile() == (),
}))
"""


def after(installation: Installation, *codes: str) -> dict[str, object]:
    """The books once these have been done, in one process."""
    told: dict[str, object] = json.loads(shell(installation, *codes, BOOKS))
    return told


def shell(installation: Installation, *codes: str) -> str:
    return installation.manage("shell", "-v0", "-c", "".join(codes))


WAITING = {
    "tickets": ["open"],
    "classified": 1,
    "outcomes": ["machine"],
    "due": 0,
    "taken_over": 1,
    "replies": 0,
    "mails": 0,
    "numbers_agree": True,
}
BOTH = bool(os.environ.get("MUSTER_SOAK"))


@pytest.fixture
def one_of_two(request: pytest.FixtureRequest) -> Installation:
    """SQLite or PostgreSQL, as the test says; both take their turns over all failpoints."""
    chosen: Installation = request.getfixturevalue(f"{request.param}_installation")
    return chosen


def at_points(*points: str) -> pytest.MarkDecorator:
    """Each failpoint on one database, in turns; on both in the soak."""
    databases = ("sqlite", "postgres")
    pairs = [
        (point, database)
        for number, point in enumerate(points)
        for database in (databases if BOTH else databases[number % 2 : number % 2 + 1])
    ]
    return pytest.mark.parametrize(("point", "one_of_two"), pairs, indirect=["one_of_two"])


@at_points("after_claim", "after_predict", "before_commit", "after_commit")
def test_killed_in_triage_nothing_is_lost_and_nothing_done_twice(one_of_two, point):
    shell(one_of_two, ARRANGE)
    one_of_two.killed_at(f"triage.{point}", "work", "--once", "--steps", "triage")
    assert after(one_of_two, MINUTES_PASS, TRIAGE) == WAITING


@at_points("before_commit", "after_commit")
def test_killed_at_send_the_second_click_sends_one_mail(one_of_two, point):
    shell(one_of_two, ARRANGE, TRIAGE)
    one_of_two.killed_at(f"submit.{point}", "shell", "-v0", "-c", SEND)
    answering = {"tickets": ["answering"], "replies": 1, "mails": 1}
    assert after(one_of_two, SEND) == {**WAITING, **answering}


@at_points("before_commit", "after_commit")
def test_killed_while_settling_each_email_ends_once(one_of_two, point):
    shell(one_of_two, ARRANGE, TRIAGE, SEND, SENT)
    one_of_two.killed_at(f"settle.{point}", "work", "--once", "--steps", "settle")
    ended = {"tickets": ["closed"], "outcomes": ["answered", "machine"], "replies": 1, "mails": 1}
    assert after(one_of_two, SETTLE) == {**WAITING, **ended}


@at_points("before_commit", "after_commit")
def test_killed_while_a_colleague_approves_the_answer_goes_once(one_of_two, point):
    shell(one_of_two, ARRANGE, NEWCOMER, TRIAGE, SEND_AS_NEWCOMER)
    one_of_two.killed_at(f"review.{point}", "shell", "-v0", "-c", APPROVE)
    books = one_of_two.manage_json("ledger")["replies"]
    assert books["in_review"] + books["queued"] == 1
    going = {"tickets": ["answering"], "replies": 1, "mails": 1}
    assert after(one_of_two, APPROVE) == {**WAITING, **going}


@at_points("before_commit", "after_commit")
def test_killed_while_a_colleague_returns_an_answer_it_is_a_draft_once(one_of_two, point):
    shell(one_of_two, ARRANGE, NEWCOMER, TRIAGE, SEND_AS_NEWCOMER)
    one_of_two.killed_at(f"review.{point}", "shell", "-v0", "-c", RETURN)
    assert after(one_of_two, RETURN) == {**WAITING, "replies": 1}
    books = one_of_two.manage_json("ledger")["replies"]
    assert (books["draft"], books["in_review"]) == (1, 0)
