"""An installation made ready for a day: people, approved answers, a sorter and a mailbox."""

from __future__ import annotations

from tests.installation import Installation
from tests.servers.dovecot import ImapUser

PASSWORD = "correct horse battery"
PEOPLE = {
    "sue": "support",
    "sam": "supervisor",
    "ada": "admin",
    "leo": "approver",
    "lea": "approver",
    "max": "auditor",
}
_SCRIPT = """
from django.core.management import call_command
from django.utils import timezone
from triage.accounts.actions import create_user, grant_role
from triage.accounts.models import User
from triage.audit.actions import Step
from triage.responses.actions import load_starters
from triage.volunteers.queries import actor_for
at, by = timezone.now(), Step("prepare")
for name, role in PEOPLE.items():
    email = f"{name}@example.com"
    user = create_user(email=email, name=name.title(), password=PASSWORD, by=by, at=at)
    grant_role(user_id=user.pk, role=role, by=by, at=at)
leo, lea = (
    actor_for(User.objects.get(email=f"{name}@example.com"), at=at) for name in ("leo", "lea")
)
load_starters(by_author=leo, by_approver=lea, at=at)
call_command("train_model", activate=True)
"""


def prepare(installation: Installation, *, imap_user: ImapUser, smtp_url: str) -> None:
    """Makes people of every role, the starter answers approved, a sorter, and the mailbox."""
    cast = f"PEOPLE, PASSWORD = {PEOPLE!r}, {PASSWORD!r}"
    installation.manage("shell", "--no-imports", "-c", cast + _SCRIPT)
    add_mailbox(installation, imap_user=imap_user, smtp_url=smtp_url)


def add_mailbox(installation: Installation, *, imap_user: ImapUser, smtp_url: str) -> None:
    """Takes a mailbox of the test's Dovecot into service, with every email in it."""
    installation.manage(
        *("add_mailbox", "--address", imap_user.address, "--imap", imap_user.url),
        *("--smtp", smtp_url, "--password-env", "MAIL_PASSWORD", "--start", "all"),
        MAIL_PASSWORD=imap_user.password,
    )
