"""The roles of the matrix, and the groups that tables are written in."""

from __future__ import annotations

STRANGER = "stranger"
HELPER = "volunteer in all-hands"
WATCHING = "volunteer while the level is watch"
ENDED = "volunteer whose time has ended"
STANDING = ("support", "supervisor", "approver", "admin", "auditor")
CAST = (STRANGER, HELPER, WATCHING, ENDED, *STANDING)
NAMES = dict(zip(STANDING, ("sue", "sam", "leo", "ada", "max"), strict=True))

Allowed = frozenset[str]
Pages = dict[str, tuple[Allowed, Allowed]]  # url name: (who may GET, who may POST)


def only(*roles: str) -> Allowed:
    """Gives just these; a role that is not in the cast is a slip of the pen."""
    assert set(roles) <= set(CAST)
    return frozenset(roles)


EVERYBODY: Allowed = frozenset(CAST)
KNOWN: Allowed = EVERYBODY - {STRANGER}
NOBODY: Allowed = frozenset()
NO_WAY: Allowed = frozenset({"no such method"})

BRIEFING = KNOWN - {ENDED}  # who may read the briefing: whoever has a part or a standing role
DESK = only("support", "supervisor", HELPER, WATCHING)  # who may see the desk
HELPING = DESK - {WATCHING}  # who may take the next person
MAILBOXES = only("supervisor", "admin", "auditor")
ANSWERS = only("support", "supervisor", "approver", "admin")
WRITERS = only("support", "supervisor", "approver")
STEERING = only("supervisor")
ADMIN = only("admin")
APPROVER = only("approver")
AUDITOR = only("auditor")
RECORDS = only("auditor", "admin")  # who may take an incident's file
WATCHFUL = only("supervisor", "admin")
INBOX = only("support", "supervisor")
