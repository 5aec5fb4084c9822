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
_STARTERS = """
from django.utils import timezone
from triage.accounts.models import User
from triage.responses.actions import load_starters
from triage.volunteers.queries import actor_for
at = timezone.now()
author, approver = (
    actor_for(User.objects.get(email=f"{name}@example.com"), at=at) for name in ("leo", "lea")
)
load_starters(by_author=author, by_approver=approver, at=at)
"""


def prepare(installation: Installation, *, imap_user: ImapUser, smtp_url: str) -> None:
    """Makes people of every role, the starter answers approved, a sorter, and the mailbox."""
    for name, role in PEOPLE.items():
        installation.manage(
            *("create_user", "--email", f"{name}@example.com", "--role", role),
            *("--password-env", "PEOPLE_PASSWORD"),
            PEOPLE_PASSWORD=PASSWORD,
        )
    installation.manage("shell", "--no-imports", "-c", _STARTERS)
    add_mailbox(installation, imap_user=imap_user, smtp_url=smtp_url)
    installation.manage("train_model", "--activate")


def add_mailbox(installation: Installation, *, imap_user: ImapUser, smtp_url: str) -> None:
    """Takes a mailbox of the test's Dovecot into service, with every email in it."""
    installation.manage(
        *("add_mailbox", "--address", imap_user.address, "--imap", imap_user.url),
        *("--smtp", smtp_url, "--password-env", "MAIL_PASSWORD", "--start", "all"),
        MAIL_PASSWORD=imap_user.password,
    )
