"""The role that may only add to the record, on a real PostgreSQL."""

from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege, RaiseException

from tests.factories.mail import raw_mail
from tests.installation import Installation
from triage.audit.role import NoRoleName, granting

pytestmark = pytest.mark.live
PASSWORD = "only-ever-added-to"


@pytest.fixture
def daily(postgres_installation: Installation) -> Installation:
    """The same installation, its web and workers under the lesser role."""
    whole = postgres_installation
    whole.manage("create_user", "--email", "ada@example.com", "--role", "admin")
    words = ("audit_role", "muster_daily", "--password-env", "ROLE_PASSWORD")
    whole.manage(*words, ROLE_PASSWORD=PASSWORD)
    whole.manage(*words, ROLE_PASSWORD=PASSWORD)  # twice is once
    url = urlsplit(whole.environment["DATABASE_URL"])
    named = url._replace(netloc=f"muster_daily:{PASSWORD}@{url.hostname}:{url.port}").geturl()
    return Installation(whole.folder, {**whole.environment, "DATABASE_URL": named})


def test_a_whole_day_works_and_the_record_cannot_be_touched(
    daily: Installation, postgres_installation: Installation
) -> None:
    owner = urlsplit(postgres_installation.environment["DATABASE_URL"]).username
    daily.folder.mkdir(parents=True, exist_ok=True)
    (daily.folder / "one.eml").write_bytes(raw_mail())
    daily.manage("import_mail", str(daily.folder / "one.eml"))
    daily.manage("work", "--once")
    daily.manage("incident", "open", "The breach")
    daily.manage("incident", "level", "all-hands")
    daily.manage("create_user", "--email", "ann@example.com", "--role", "volunteer")
    daily.manage("incident", "close", "--sign", "Ada")
    assert daily.manage_json("audit_verify")["faults"] == []
    for statement in (
        "UPDATE audit_auditevent SET actor_name = 'Bob'",
        "DELETE FROM audit_auditevent",
        "TRUNCATE audit_auditevent CASCADE",
        "UPDATE audit_auditseal SET hash = 'x'",
        "DELETE FROM audit_auditseal",
        "TRUNCATE audit_auditseal",
        "ALTER TABLE audit_auditevent DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_auditevent_append_only ON audit_auditevent",
        "CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN RETURN NULL; END $$",
        f"SET ROLE {owner}",
        "SET session_replication_role = replica",
    ):
        with (
            psycopg.connect(daily.environment["DATABASE_URL"]) as connection,
            pytest.raises(InsufficientPrivilege),
        ):
            connection.execute(statement)


def test_not_even_the_owner_empties_the_record(postgres_installation: Installation) -> None:
    postgres_installation.manage("create_user", "--email", "ada@example.com", "--role", "admin")
    for table in ("audit_auditevent", "audit_auditseal"):
        with (
            psycopg.connect(postgres_installation.environment["DATABASE_URL"]) as connection,
            pytest.raises(RaiseException, match="only ever added"),
        ):
            connection.execute(f"TRUNCATE {table} CASCADE")


def test_without_postgresql_it_says_what_guards_the_record(
    sqlite_installation: Installation,
) -> None:
    process = sqlite_installation.start("audit_role", "muster_daily")
    _, errors = process.communicate(timeout=90)
    assert process.returncode == 1
    assert "SQLite has no roles" in errors


@pytest.mark.parametrize("name", ["owner", "Daily", "x; DROP TABLE y", ""])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(NoRoleName):
        granting(name, owner="owner", database="muster")
