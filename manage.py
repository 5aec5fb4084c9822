#!/usr/bin/env python
"""Runs Muster's commands; `manage.py help` lists them."""

import os
import sys


def main() -> None:
    """Hands the command line to Django, with wrong settings told in one line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "triage.settings")
    from django.core.management import execute_from_command_line

    from triage.env import WrongSetting

    try:
        execute_from_command_line(sys.argv)
    except WrongSetting as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
