"""The database role that may add to the record and do no more to it (PostgreSQL only)."""

import re

from triage.audit.append_only import TABLES

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class NoRoleName(ValueError):
    """This cannot be the name of a role; the message says what can."""


def granting(role: str, *, owner: str, database: str) -> list[str]:
    """Gives the statements that let `role` do a whole day's work, and only add to the record.

    `owner` owns the tables and runs the migrations: what it makes later is granted by itself. The
    role owns nothing, so that it can neither lift the triggers nor give itself more. Repeating
    them changes nothing. Raises NoRoleName.
    """
    if not _NAME.fullmatch(role) or role == owner:
        raise NoRoleName(
            "Name a role other than the tables' owner, in small letters, digits and underscores."
        )
    tables = ", ".join(TABLES)
    later = f'ALTER DEFAULT PRIVILEGES FOR ROLE "{owner}" IN SCHEMA public'
    return [
        f'GRANT CONNECT ON DATABASE "{database}" TO {role}',
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"{later} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        f"{later} GRANT USAGE, SELECT ON SEQUENCES TO {role}",
        f"REVOKE ALL ON {tables} FROM {role}",
        f"REVOKE ALL ON {tables} FROM PUBLIC",
        f"GRANT SELECT, INSERT ON {tables} TO {role}",
    ]
