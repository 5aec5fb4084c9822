"""Emptying the tables after a test that commits, although the record refuses to be emptied."""

from typing import Any

from django.core.management.commands import flush
from django.core.management.sql import sql_flush
from django.db.backends.base.base import BaseDatabaseWrapper

from triage.audit.append_only import protecting, unprotecting


def _flush_the_record_too(
    style: Any, connection: BaseDatabaseWrapper, *args: Any, **kwargs: Any
) -> list[str]:
    statements = sql_flush(style, connection, *args, **kwargs)
    if not any("audit_auditevent" in statement for statement in statements):
        return statements
    return [*unprotecting(connection.vendor), *statements, *protecting(connection.vendor)]


def let_tests_flush() -> None:
    """Makes Django's flush, which only tests use, lift the protection while it runs."""
    flush.sql_flush = _flush_the_record_too
