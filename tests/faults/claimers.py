"""Many people press "Help the next person" at once; run in processes of their own.

`python -m tests.faults.claimers fill TICKETS PEOPLE` fills an empty installation;
`python -m tests.faults.claimers claim FIRST COUNT THREADS` lets some of those people answer until
nobody waits, and prints one line per email they were given: person, email;
`python -m tests.faults.claimers log_in PEOPLE` prints the session of each person of a filled place.
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import close_old_connections, connections, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from tests.factories import desk  # noqa: E402
from tests.factories.desk import NOON, minutes  # noqa: E402
from triage.accounts.models import User  # noqa: E402
from triage.accounts.policy import Actor  # noqa: E402
from triage.queues.actions import claim_next, start_answering  # noqa: E402
from triage.queues.models import Ticket  # noqa: E402

QUEUES = ("data_concern", "password_reset", "other")
_writing = threading.Lock()


def fill(tickets: int, people: int) -> None:
    with transaction.atomic():
        for number in range(tickets):
            desk.ticket(QUEUES[number % 3], promise_at=NOON + minutes(number % 97))
        for number in range(people):
            desk.user(f"person{number}", "support")


def claim(first: int, count: int, threads: int) -> None:
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(_answer_until_nobody_waits, range(first, first + count)))


def _answer_until_nobody_waits(number: int) -> None:
    by = desk.actor(f"person{number}")
    try:
        while (ticket := claim_next(by=by, at=NOON)) is not None:
            with _writing:
                sys.stdout.write(f"{by.id} {ticket.pk}\n")
            _answer(ticket, by)
    finally:
        connections.close_all()


def _answer(ticket: Ticket, by: Actor) -> None:
    with transaction.atomic():
        start_answering(ticket=Ticket.objects.select_for_update().get(pk=ticket.pk), by=by, at=NOON)
    close_old_connections()


def log_in(people: int) -> None:
    for user in User.objects.filter(email__startswith="person").order_by("pk")[:people]:
        browser = Client()
        browser.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        sys.stdout.write(browser.cookies[settings.SESSION_COOKIE_NAME].value + "\n")


if __name__ == "__main__":
    {"fill": fill, "claim": claim, "log_in": log_in}[sys.argv[1]](
        *(int(number) for number in sys.argv[2:])
    )
