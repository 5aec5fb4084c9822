"""The doorbell: tells a worker that a step has due work. The database stays the truth."""

from functools import partial

import django_rq
import structlog
from django.conf import settings
from django.db import transaction
from redis.exceptions import RedisError

log = structlog.get_logger("muster.bell")

QUEUE_OF_STEP = {"parse": "mail_in", "triage": "mail_in", "send": "mail_out", "settle": "mail_out"}


def ring(step: str) -> None:
    """Rings for a step once the transaction commits; a bell that fails is left to the sweep.

    Never raises and never waits longer than 0.5 s: without Redis, `manage.py work` looks every
    second; with it, the sweep still looks every 30 s.
    """
    if settings.REDIS_URL:
        transaction.on_commit(partial(_ring_now, step), robust=True)


def _ring_now(step: str) -> None:
    try:
        queue = django_rq.get_queue(QUEUE_OF_STEP.get(step, "default"))
        queue.enqueue_call(settings.MUSTER_RUN_STEP, args=(step,), result_ttl=0, failure_ttl=3600)
    except (RedisError, OSError) as error:
        log.warning("bell did not ring", step=step, error=type(error).__name__)
