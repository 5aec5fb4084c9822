#!/usr/bin/env python
"""Runs Muster's commands; `manage.py help` lists them."""

import os
import sys

NO_TABLES = ("no such table", "no such column", "does not exist")


def main() -> None:
    """Hands the command line to Django; wrong settings and no database are told in one line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "triage.settings")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, ProgrammingError

    from triage.env import WrongSetting

    try:
        execute_from_command_line(sys.argv)
    except WrongSetting as error:
        sys.exit(str(error))
    except (OperationalError, ProgrammingError) as error:
        sentence = trouble(str(error))
        if not sentence or "--traceback" in sys.argv:
            raise
        sys.exit(sentence)


def trouble(words: str) -> str:
    """What is wrong with the whole database, by its own words; "" for anything else."""
    if any(part in words for part in NO_TABLES):
        return "The database has not the tables of this version. Make them: manage.py migrate"
    if "connect" in words:
        return "The database of DATABASE_URL does not answer. Is it running, and is that right?"
    if "unable to open database file" in words or "readonly database" in words:
        return "The database file in MUSTER_DATA_DIR cannot be opened for writing by this user."
    if "locked" in words or "disk" in words:
        return f"The database could not do it: {words.splitlines()[0]}."
    return ""


if __name__ == "__main__":
    main()
