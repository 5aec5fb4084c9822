"""The books add up at once after a kill in the pipeline, and again when the work is done."""

from pathlib import Path

import pytest

from tests.factories.mail import raw_mail
from tests.installation import Installation

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
