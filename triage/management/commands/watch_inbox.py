"""Fetches what is new in every mailbox, for ever or once."""

import signal
import threading
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from inbox.failpoints import announce
from inbox.mailboxes import MailboxError
from inbox.models import Mailbox
from inbox.watching import Watcher, catch_up_once


class Command(BaseCommand):
    """`watch_inbox [--once]`: one thread a mailbox; `--once` ends when caught up."""

    help = "Fetch what is new in every mailbox."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """States the options of INTERFACES.md."""
        parser.add_argument("--once", action="store_true", help="end when caught up")

    def handle(self, *, once: bool, **options: object) -> None:
        """Watches until SIGTERM or Ctrl-C, or catches up once."""
        announce()
        if once:
            self._once()
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        Watcher(stop).run()

    def _once(self) -> None:
        failed = []
        for mailbox in Mailbox.objects.filter(is_active=True, kind=Mailbox.Kind.SERVER):
            try:
                count = catch_up_once(mailbox)
                self.stderr.write(f"{mailbox.address}: {count:,} emails fetched.")
            except MailboxError as error:
                failed.append(f"{mailbox.address}: {error}")
        if failed:
            raise CommandError(" ".join(failed))
