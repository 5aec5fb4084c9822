"""Is this installation fit to work: its database, its Redis, its mailboxes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection

from inbox.models import Mailbox

HEARD_LATELY = timedelta(minutes=15)
_REDIS_SECONDS = 0.5


@dataclass(frozen=True)
class Readiness:
    """What answers; `redis` is None where none is used."""

    database: bool
    redis: bool | None
    mailboxes_heard: bool

    @property
    def is_ready(self) -> bool:
        """Whether everything answers that this installation uses."""
        return self.database and self.redis is not False and self.mailboxes_heard


def readiness(*, at: datetime) -> Readiness:
    """Asks everything now; never raises and never waits long."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        heard = _mailboxes_heard(at)
    except DatabaseError:
        return Readiness(database=False, redis=_redis_answers(), mailboxes_heard=False)
    return Readiness(database=True, redis=_redis_answers(), mailboxes_heard=heard)


def _redis_answers() -> bool | None:
    if not settings.REDIS_URL:
        return None
    patience = {"socket_timeout": _REDIS_SECONDS, "socket_connect_timeout": _REDIS_SECONDS}
    try:
        with redis.Redis.from_url(settings.REDIS_URL, **patience) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError):
        return False


def _mailboxes_heard(at: datetime) -> bool:
    watched = Mailbox.objects.filter(is_active=True, kind=Mailbox.Kind.SERVER)
    heard = watched.values_list("last_heard_at", "created_at")
    return all((last or created) >= at - HEARD_LATELY for last, created in heard)
