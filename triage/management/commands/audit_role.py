"""Makes the PostgreSQL role with which Muster can add to the record and never change it."""

import os
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from triage.audit.role import NoRoleName, granting


class Command(BaseCommand):
    """`audit_role NAME [--password-env VARIABLE] [--sql]`."""

    help = (
        "Create or refresh a role for Muster's everyday work that may only add to the record. Run "
        "it as the owner of the tables, then let DATABASE_URL of the web processes and workers "
        "name this role; migrations go on as the owner."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """States what can be said."""
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--password-env", metavar="VARIABLE", help="holds the role's password")
        parser.add_argument("--sql", action="store_true", help="print the grants, change nothing")

    def handle(self, *, name: str, password_env: str | None, **options: object) -> None:
        """Creates the role at need and grants what a day takes."""
        if connection.vendor != "postgresql":
            raise CommandError("SQLite has no roles: there the triggers alone guard the record.")
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, current_database()")
            owner, database = cursor.fetchone()
        try:
            statements = granting(name, owner=owner, database=database)
        except NoRoleName as error:
            raise CommandError(str(error)) from error
        if options["sql"]:
            self.stdout.write("".join(f"{statement};\n" for statement in statements))
            return
        try:
            _apply(name, _password(password_env), statements)
        except DatabaseError as error:
            raise CommandError(f"The database refused: {error}".splitlines()[0]) from error
        self.stdout.write(f"{name} may do a day's work and only add to the record.")


def _password(variable: str | None) -> str | None:
    if variable and not os.environ.get(variable):
        raise CommandError(f"The variable {variable} is not set: put the role's password there.")
    return os.environ[variable] if variable else None


def _apply(name: str, password: str | None, statements: list[str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE")
        if password is not None:
            setting = sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                sql.Identifier(name), sql.Literal(password)
            )
            cursor.execute(setting)
        for statement in statements:
            cursor.execute(statement)
