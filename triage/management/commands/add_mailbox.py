"""Takes a mailbox into service, after both its servers were tried."""

import getpass
import os
import sys
from argparse import ArgumentParser
from datetime import UTC, date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from inbox.mailboxes import MailboxError, Opening, opening, try_smtp
from triage.audit.actions import Step
from triage.mailboxes.actions import add_mailbox

_START_WORDS = "now, all, or a day such as 2026-01-15"


class Command(BaseCommand):
    """`add_mailbox --address A --imap URL --smtp URL [--password-env NAME] [--start ...]`."""

    help = "Add a mailbox: its incoming and outgoing server, and from which email on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """States the options of INTERFACES.md."""
        parser.add_argument("--address", required=True)
        parser.add_argument("--imap", required=True, metavar="URL")
        parser.add_argument("--smtp", required=True, metavar="URL")
        parser.add_argument("--password-env", metavar="NAME", help="variable with the password")
        parser.add_argument("--oauth", choices=["google", "microsoft"])
        parser.add_argument("--start", metavar="now|DATE|all", help=_START_WORDS)

    def handle(self, **options: str | None) -> None:
        """Tries both servers, finds the start, and writes the mailbox down."""
        if options["oauth"]:
            raise CommandError(
                f"Logging in through {options['oauth']} is not part of this version: "
                "make an app password in that account and use it with --password-env."
            )
        address, imap, smtp = (str(options[name]) for name in ("address", "imap", "smtp"))
        try:
            validate_email(address)
        except ValidationError as error:
            raise CommandError(f"{address} is not an email address.") from error
        password = _password(options["password_env"])
        try:
            begin = _begin(imap, password, options["start"])
            try_smtp(smtp, password, address=address)
            add_mailbox(
                address=address,
                imap_url=imap,
                smtp_url=smtp,
                password=password,
                begin=begin,
                by=Step("add_mailbox"),
                at=timezone.now(),
            )
        except MailboxError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{address} is added: {begin.taken_in:,} emails will be taken in, "
            f"{begin.before_start:,} older ones stay untouched."
        )


def _password(variable: str | None) -> str:
    if variable:
        if variable not in os.environ:
            raise CommandError(f"The variable {variable} is not set: put the password there.")
        return os.environ[variable]
    if sys.stdin.isatty():
        return getpass.getpass("Password of the mailbox: ")
    raise CommandError("No password: name the variable that holds it with --password-env NAME.")


def _begin(imap: str, password: str, start: str | None) -> Opening:
    if start is None:
        if not sys.stdin.isatty():
            raise CommandError(f"Say where to begin with --start: {_START_WORDS}.")
        _tell_counts(imap, password)
        start = input(f"From when on shall emails be taken in ({_START_WORDS})? ").strip()
    if start == "all":
        return opening(imap, password, start_at=None)
    if start == "now":
        return opening(imap, password, start_at=timezone.now(), from_now=True)
    return opening(imap, password, start_at=_day(start))


def _tell_counts(imap: str, password: str) -> None:
    day = (timezone.now() - timedelta(days=30)).date()
    month = opening(imap, password, start_at=datetime.combine(day, time(), UTC))
    sys.stderr.write(f"{month.exists:,} emails, {month.taken_in:,} since {day.day} {day:%b}.\n")


def _day(words: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(words), time(), UTC)
    except ValueError as error:
        raise CommandError(f"--start {words}: write {_START_WORDS}.") from error
