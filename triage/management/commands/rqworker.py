"""`manage.py rqworker QUEUE`: the same steps, rung through Redis; stands before django-rq's own."""

import os
import sys
from argparse import ArgumentParser
from types import FrameType

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker

from inbox.failpoints import announce
from triage.schedule import LINES

RECYCLE_AFTER_JOBS = 2_000


class _Worker(SimpleWorker):
    """Does the jobs in this very process, and knows afterwards whether it was told to end."""

    told_to_end = False

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Ends after the job at hand."""
        self.told_to_end = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]


class Command(BaseCommand):
    """Waits for bells of one queue and does their steps in this process."""

    help = "Does the steps that are rung through Redis; one queue per process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Takes the queue."""
        parser.add_argument("queue", choices=list(LINES), metavar="QUEUE")
        parser.add_argument("--burst", action="store_true", help="end when no bell is waiting")

    def handle(self, *args: object, queue: str, burst: bool, **options: object) -> None:
        """Works until told to stop; begins afresh after 2,000 bells, so that memory stays small."""
        if not settings.REDIS_URL:
            raise CommandError(
                "REDIS_URL is not set: there are no bells to wait for. Set it like "
                "redis://127.0.0.1:6379/0, or use `manage.py work`, which needs no Redis."
            )
        announce()
        # Not django-rq's connection: that one gives up after 0.5 s, and a worker waits for minutes.
        connection = Redis.from_url(settings.REDIS_URL)
        try:
            connection.ping()
            worker = _Worker([Queue(queue, connection=connection)], connection=connection)
            worker.work(burst=burst, max_jobs=RECYCLE_AFTER_JOBS)
        except RedisError as error:
            raise CommandError(
                f"REDIS_URL: Redis does not answer there ({type(error).__name__})."
            ) from error
        if not burst and not worker.told_to_end:
            os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 - ourselves again
