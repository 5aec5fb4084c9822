"""A password that no longer fits: one clear line, calm retries, one alert, and recovery by itself.

The mailbox is watched and sends as in real life, while its server changes its mind.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.factories.mail import raw_mail
from tests.installation import Installation
from tests.prepared import add_mailbox
from tests.running import running, wait_until
from tests.servers.dovecot import DovecotAddress, ImapUser
from tests.servers.smtp_sink import RecordingSmtpServer

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]

# A minute of failing is what makes an alert: the clock is put back by two in the books.
_LOOK = """
import json
from datetime import timedelta
from django.db.models import F
from inbox.models import Mailbox
from triage.notices.models import Alert
Mailbox.objects.exclude(failing_since=None).update(
    failing_since=F("failing_since") - timedelta(minutes=2))
box = Mailbox.objects.get()
alerts = Alert.objects.filter(cause__startswith="mailbox:")
print(json.dumps({"failure": box.failure, "failures": box.failures,
    "alerts": [[one.cause, one.text, one.over_at is None] for one in alerts]}))
"""


def look(muster: Installation) -> dict[str, Any]:
    """The mailbox's trouble and the alerts about it, as they stand."""
    found: dict[str, Any] = json.loads(muster.manage("shell", "--no-imports", "-c", _LOOK))
    return found


def lines_about_the_mailbox(folder: Path) -> list[str]:
    logs = [path.read_text() for path in folder.glob("process-*.log")]
    return [line for log in logs for line in log.splitlines() if "cannot be read" in line]


def test_a_changed_imap_password_is_one_line_one_alert_and_over_by_itself(
    sqlite_installation: Installation,
    dovecot: DovecotAddress,
    imap_user: ImapUser,
    smtp_server: RecordingSmtpServer,
) -> None:
    muster = sqlite_installation
    add_mailbox(muster, imap_user=imap_user, smtp_url=smtp_server.url)
    dovecot.set_password(imap_user.username, "another one")
    with running(muster):
        wait_until(lambda: look(muster)["failures"] >= 2, "it has tried again")
        wait_until(lambda: bool(look(muster)["alerts"]), "an alert is raised")
        imap_user.deliver(raw_mail())
        troubled = look(muster)
        dovecot.set_password(imap_user.username, imap_user.password)
        wait_until(
            lambda: muster.manage_json("ledger")["messages"]["open"] == 1, "the mail came in"
        )
        wait_until(lambda: not look(muster)["alerts"][0][2], "the alert is over")
    assert "password" in troubled["failure"].lower()
    assert imap_user.password not in json.dumps(troubled)
    assert [cause.rpartition(":")[2] for cause, _, _ in look(muster)["alerts"]] == ["imap"]
    assert troubled["failures"] < 12
    assert len(lines_about_the_mailbox(muster.folder.parent)) == 1
    assert look(muster)["failure"] == ""


def test_without_a_sorter_every_mail_waits_unsorted_and_somebody_is_told(
    sqlite_installation: Installation, tmp_path: Path
) -> None:
    muster = sqlite_installation
    mail = tmp_path / "mail.eml"
    mail.write_bytes(raw_mail())
    muster.manage("import_mail", str(mail))
    muster.manage("work", "--once")
    (line,) = [json.loads(row) for row in muster.manage("export_messages", "--jsonl").splitlines()]
    causes = muster.manage(
        *("shell", "--no-imports", "-c"),
        "from triage.notices.models import Alert; print(*Alert.objects.values_list('cause'))",
    )
    assert line["queue"] == "unsorted"
    assert "sorter:missing" in causes
    muster.manage("train_model")
    muster.manage("work", "--once")
    assert muster.manage_json("ledger")["unexplained"] == 0
