"""The books add up at once after a kill in the pipeline, and again when the work is done."""

from pathlib import Path

import pytest

from tests.factories.mail import raw_mail
from tests.installation import Installation
from tests.servers.smtp_sink import RecordingSmtpServer

pytestmark = [pytest.mark.live, pytest.mark.timeout(240)]
TRIAGE = ("work", "--once", "--steps", "triage")
MINUTES_PASS = """
from inbox.models import Message
Message.objects.filter(due_at__isnull=False).update(due_at="2020-01-01T00:00Z")
"""


@pytest.mark.parametrize(
    "point",
    ["triage.after_claim", "triage.after_predict", "triage.before_commit", "triage.after_commit"],
)
def test_nothing_is_unexplained_after_a_kill_in_triage(
    sqlite_installation: Installation, tmp_path: Path, point: str
) -> None:
    muster = sqlite_installation
    for number in range(3):
        (tmp_path / f"{number}.eml").write_bytes(raw_mail(message_id=f"{number}@customer.example"))
    muster.manage("import_mail", *(str(tmp_path / f"{number}.eml") for number in range(3)))
    muster.manage("work", "--once", "--steps", "parse")
    muster.killed_at(point, *TRIAGE)
    assert muster.manage_json("ledger")["unexplained"] == 0
    muster.manage("shell", "--no-imports", "-c", MINUTES_PASS)
    muster.manage(*TRIAGE)
    books = muster.manage_json("ledger")
    assert (books["unexplained"], books["messages"]["open"]) == (0, 3)


ANSWER = """
from django.utils import timezone
from inbox.models import Message, OutboundMessage
from tests.factories import desk, outbox
from triage.queues.actions import claim_next
from triage.replies.actions import submit
at = timezone.now()
outbox.sender(SMTP_URL)
version, sue = desk.version(), desk.actor("Sue", at=at)
ticket = claim_next(by=sue, at=at)
submit(ticket_id=ticket.pk, version_id=version.pk, slots={"greeting": "Hi,", "sign-off": "Sue"},
    submit_key="one-form", seen_message_id=Message.objects.latest("pk").pk, by=sue, at=at)
OutboundMessage.objects.update(due_at="2020-01-01T00:00Z")
"""


@pytest.mark.parametrize(
    "point", ["send.after_claim", "send.before_dot", "send.after_dot", "send.before_sent"]
)
def test_nothing_is_unexplained_after_a_kill_in_sending(
    sqlite_installation: Installation,
    smtp_server: RecordingSmtpServer,
    tmp_path: Path,
    point: str,
) -> None:
    muster = sqlite_installation
    (tmp_path / "one.eml").write_bytes(raw_mail())
    muster.manage("import_mail", str(tmp_path / "one.eml"))
    muster.manage("work", "--once", "--steps", "parse", "triage")
    answer = f"SMTP_URL = {smtp_server.url!r}" + ANSWER
    muster.manage("shell", "--no-imports", "-c", answer)
    muster.killed_at(point, "work", "--once", "--steps", "send")
    books = muster.manage_json("ledger")
    assert books["unexplained"] == 0
    assert sum(books["replies"].values()) == 1
    assert len(smtp_server.mails) <= 1


FIRST_ANSWER = """
from django.utils import timezone
from inbox.models import Message
from tests.factories import desk, outbox, people
from triage.queues.actions import claim_next
from triage.replies.actions import submit
from triage.volunteers.queries import actor_for
at = timezone.now()
outbox.sender("smtp://127.0.0.1:9")
people.helper(desk.user("Nina"), people.incident(at=at), state="active", at=at)
version, nina = desk.version(), actor_for(desk.user("Nina"), at=at)
ticket = claim_next(by=nina, at=at)
submit(ticket_id=ticket.pk, version_id=version.pk, submit_key="one-form", by=nina, at=at,
    slots={"greeting": "Hi,", "own line": "So sorry.", "sign-off": "Nina"},
    seen_message_id=Message.objects.latest("pk").pk)
"""
READ_BY_SUE = """
from django.utils import timezone
from tests.factories import desk
from triage.replies.actions import approve
from triage.replies.models import Review
approve(review_id=Review.objects.get().pk, by=desk.actor("Sue"), at=timezone.now())
"""
NOBODY_READS = """
from triage.replies.models import Review
Review.objects.update(asked_at="2020-01-01T00:00Z", holds_until="2020-01-01T00:02Z")
"""


@pytest.mark.parametrize("point", ["review.before_commit", "review.after_commit"])
@pytest.mark.parametrize("how", ["a colleague approves", "nobody has the time"])
def test_nothing_is_unexplained_after_a_kill_in_review(
    sqlite_installation: Installation, tmp_path: Path, how: str, point: str
) -> None:
    muster = sqlite_installation
    (tmp_path / "one.eml").write_bytes(raw_mail())
    muster.manage("import_mail", str(tmp_path / "one.eml"))
    muster.manage("work", "--once", "--steps", "parse", "triage")
    muster.manage("shell", "--no-imports", "-c", FIRST_ANSWER)
    assert muster.manage_json("ledger")["replies"]["in_review"] == 1
    if how == "a colleague approves":
        muster.killed_at(point, "shell", "--no-imports", "-c", READ_BY_SUE)
    else:
        muster.manage("shell", "--no-imports", "-c", NOBODY_READS)
        muster.killed_at(point, "work", "--once", "--steps", "lapse")
    books = muster.manage_json("ledger")
    where = "in_review" if point == "review.before_commit" else "queued"
    assert (books["unexplained"], books["replies"][where]) == (0, 1)
    assert sum(books["replies"].values()) == 1
