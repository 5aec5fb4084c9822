"""Many people who wait, and many who help, made in few statements on PostgreSQL.

`python -m triage.benchmarks.filling WAITING CLOSED PEOPLE` fills the installation of this
environment; `person1@example.org` and so on are of the support team.
"""

import sys

import django

django.setup()

from django.db import connection  # noqa: E402

LANGUAGES = ("", "en", "de", "es")
TONES = ("neutral", "neutral", "neutral", "angry")
TRUST = (0, 0, 0, 0, 0, 0, 0, 1)

_LINES = """
INSERT INTO queues_line (queue_id, language, needs_trust, tone)
SELECT q.id, language, trust, tone
FROM queues_queue q, unnest(%s::text[]) language, unnest(ARRAY[0, 1]) trust,
     unnest(ARRAY['neutral', 'angry']) tone
WHERE q.key IN ('data_concern', 'password_reset', 'other') ON CONFLICT DO NOTHING
"""
_CONVERSATIONS = """
INSERT INTO inbox_conversation (customer_address, customer_name, subject, mailbox_id, opened_at)
SELECT 'person' || n || '@example.net', 'Person ' || n, 'My account',
       (SELECT min(id) FROM inbox_mailbox), now() - interval '2 hours'
FROM generate_series(1, %s) n
"""
# Promises are spread so that each line has old and new ones.
_TICKETS = """
INSERT INTO queues_ticket (conversation_id, queue_id, line_id, urgency, state, promise_at,
  opened_at, closed_at, lapses, reopenings, hard_because, routed_version)
SELECT c.id, l.queue_id, l.id, 2,
  CASE WHEN c.n <= %(closed)s THEN 'closed' ELSE 'open' END,
  now() + ((c.n * 7919) %% %(all)s) * interval '1 second', now() - interval '2 hours',
  CASE WHEN c.n <= %(closed)s THEN now() END, 0, 0, '', 1
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM inbox_conversation) c
JOIN (SELECT l.*, q.key FROM queues_line l JOIN queues_queue q ON q.id = l.queue_id) l
  ON l.key = (ARRAY['data_concern', 'password_reset', 'other'])[1 + c.n %% 3]
 AND l.language = (%(languages)s::text[])[1 + (c.n / 3) %% %(language_count)s]
 AND l.tone = (%(tones)s::text[])[1 + (c.n / 12) %% %(tone_count)s]
 AND l.needs_trust = (%(trust)s::int[])[1 + (c.n / 48) %% %(trust_count)s]
"""
_COUNTED = """
INSERT INTO queues_counter (queue_id, measure, hour, value)
SELECT queue_id, 'waiting', to_timestamp(0), count(*) FROM queues_ticket
WHERE state = 'open' GROUP BY queue_id
"""


def fill(*, waiting: int, closed: int, people: int) -> None:
    """Makes this many emails that wait or were closed, and people of the support team."""
    _make_people(people)
    values: dict[str, int | list[str] | list[int]] = {
        "closed": closed,
        "all": waiting + closed,
        "languages": list(LANGUAGES),
        "language_count": len(LANGUAGES),
        "tones": list(TONES),
        "tone_count": len(TONES),
        "trust": list(TRUST),
        "trust_count": len(TRUST),
    }
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [list(LANGUAGES)])
        cursor.execute(_CONVERSATIONS, [waiting + closed])
        cursor.execute(_TICKETS, values)
        cursor.execute(_COUNTED)
        cursor.execute("VACUUM ANALYZE")


def _make_people(people: int) -> None:
    from django.utils import timezone

    from inbox.models import Mailbox
    from triage.accounts.models import RoleGrant, User

    at = timezone.now()
    Mailbox.objects.create(address="help@example.org", kind="import", created_at=at)
    users = User.objects.bulk_create(
        (
            User(
                email=f"person{number}@example.org",
                name=f"Person {number}",
                shown_name=f"Person {number}",
                password="!",  # noqa: S106 - nobody can log in with it
                created_at=at,
            )
            for number in range(1, people + 1)
        ),
        batch_size=2_000,
    )
    RoleGrant.objects.bulk_create(
        (RoleGrant(user=user, role=RoleGrant.Role.SUPPORT, granted_at=at) for user in users),
        batch_size=2_000,
    )


if __name__ == "__main__":
    fill(waiting=int(sys.argv[1]), closed=int(sys.argv[2]), people=int(sys.argv[3]))
