"""Mail that was set aside: why, once more, or no more."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from django.utils import timezone

from inbox.models import Arrival
from triage.audit.actions import Step
from triage.mailboxes.actions import ReasonMissingError, discard, replay

_BY = Step("quarantine")


class Command(BaseCommand):
    """`quarantine list | show ID | replay ID... | discard ID --reason R`."""

    help = "Look at mail that was set aside, read it anew, or put it away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """States the options of INTERFACES.md."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list").add_argument("--json", action="store_true")
        show = verbs.add_parser("show")
        show.add_argument("id", type=int)
        show.add_argument("--json", action="store_true")
        verbs.add_parser("replay").add_argument("ids", nargs="+", type=int, metavar="ID")
        ending = verbs.add_parser("discard")
        ending.add_argument("id", type=int)
        ending.add_argument("--reason", required=True)

    def handle(self, *, verb: str, **options: Any) -> None:  # noqa: ANN401 - from argparse
        """Does the one thing that was asked."""
        getattr(self, f"_{verb}")(options)

    def _list(self, options: dict[str, Any]) -> None:
        rows = [_told(row) for row in _set_aside().order_by("pk").iterator(500)]
        if options["json"]:
            self.stdout.write(json.dumps({"set_aside": rows}))
            return
        for row in rows:
            self.stdout.write(
                f"{row['id']}  {row['received_at']}  {row['size']:,}  {row['reason']}"
            )

    def _show(self, options: dict[str, Any]) -> None:
        told = _told(self._one(options["id"]))
        if options["json"]:
            self.stdout.write(json.dumps(told))
            return
        for name, value in told.items():
            self.stdout.write(f"{name}: {value}")

    def _replay(self, options: dict[str, Any]) -> None:
        for number in options["ids"]:
            self._one(number)
        count = replay(arrival_ids=options["ids"], by=_BY, at=timezone.now())
        self.stdout.write(f"{count:,} emails will be read anew.")

    def _discard(self, options: dict[str, Any]) -> None:
        self._one(options["id"])
        try:
            count = discard(
                arrival_ids=[options["id"]], reason=options["reason"], by=_BY, at=timezone.now()
            )
        except ReasonMissingError as error:
            raise CommandError(str(error)) from error
        if not count:
            raise CommandError(f"Email {options['id']} was put away before.")
        self.stdout.write(f"Email {options['id']} is put away; its raw mail is kept.")

    def _one(self, number: int) -> Arrival:
        found = _set_aside(Arrival.State.DISCARDED).filter(pk=number).first()
        if found is None:
            raise CommandError(f"No email {number} is set aside.")
        return found


def _set_aside(*more: str) -> QuerySet[Arrival]:
    states = [Arrival.State.QUARANTINED, *more]
    return Arrival.objects.filter(state__in=states).select_related("folder__mailbox")


def _told(row: Arrival) -> dict[str, Any]:
    return {
        "id": row.pk,
        "state": row.state,
        "mailbox": row.folder.mailbox.address,
        "received_at": row.internal_date.isoformat(),
        "size": row.size,
        "raw_sha256": row.raw_sha256,
        "attempts": row.attempts,
        "reason": row.reason,
    }
