"""What makes the record append-only in the database itself, on SQLite and on PostgreSQL."""

TABLES = ("audit_auditevent", "audit_auditseal")
_WORDS = "the record is only ever added to"

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{_WORDS}';
END
$$
"""


def protecting(vendor: str) -> list[str]:
    """Gives the statements after which rows of the record can be neither changed nor removed."""
    if vendor == "postgresql":
        return [_FUNCTION, *(_postgresql_trigger(table) for table in TABLES)]
    return [_sqlite_trigger(table, act) for table in TABLES for act in ("UPDATE", "DELETE")]


def unprotecting(vendor: str) -> list[str]:
    """Gives the statements that take the protection away again."""
    if vendor == "postgresql":
        return [f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}" for table in TABLES]
    return [
        f"DROP TRIGGER IF EXISTS {table}_no_{act}"
        for table in TABLES
        for act in ("update", "delete")
    ]


def _postgresql_trigger(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()"
    )


def _sqlite_trigger(table: str, act: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
    )
