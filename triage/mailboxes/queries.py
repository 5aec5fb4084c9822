"""How each mailbox fares, and which mail was set aside."""

from collections import Counter as Tally
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from inbox.models import Arrival, Mailbox

PAGE = 50
_State = Arrival.State


@dataclass(frozen=True, kw_only=True)
class Health:
    """One mailbox: does it work, and how many emails stand where."""

    id: int
    address: str
    is_server: bool
    is_active: bool
    last_heard_at: datetime | None
    failure: str
    failing_since: datetime | None
    retry_at: datetime | None
    send_failure: str
    send_failing_since: datetime | None
    start_at: datetime | None
    before_start: int
    to_fetch: int
    to_read: int
    read: int
    set_aside: int

    @property
    def works(self) -> bool:
        """Whether mail comes in and goes out, as far as we know."""
        return self.failing_since is None and self.send_failing_since is None


def health() -> tuple[Health, ...]:
    """Gives every mailbox by address, in three statements."""
    counts: dict[int, Tally[str]] = defaultdict(Tally)
    rows = Arrival.objects.filter(folder__is_current=True).values_list("folder__mailbox", "state")
    for mailbox_id, state, count in rows.annotate(count=Count("pk")).order_by():
        counts[mailbox_id][state] += count
    boxes = Mailbox.objects.prefetch_related("folders").order_by("address")
    return tuple(_health(mailbox, counts[mailbox.pk]) for mailbox in boxes)


def _health(mailbox: Mailbox, states: Tally[str]) -> Health:
    folders = [folder for folder in mailbox.folders.all() if folder.is_current]
    return Health(
        id=mailbox.pk,
        address=mailbox.address,
        is_server=mailbox.kind == Mailbox.Kind.SERVER,
        is_active=mailbox.is_active,
        last_heard_at=mailbox.last_heard_at,
        failure=mailbox.failure,
        failing_since=mailbox.failing_since,
        retry_at=mailbox.retry_at,
        send_failure=mailbox.send_failure,
        send_failing_since=mailbox.send_failing_since,
        start_at=next((folder.start_at for folder in folders if folder.start_at), None),
        before_start=sum(folder.before_start for folder in folders),
        to_fetch=states[_State.LISTED],
        to_read=states[_State.STORED],
        read=states[_State.PARSED],
        set_aside=states[_State.QUARANTINED],
    )


def set_aside(*, before_id: int | None, put_away: bool) -> list[Arrival]:
    """Gives up to 50 mails that nobody could read, or that a person put away, newest first."""
    rows = Arrival.objects.filter(state=_State.DISCARDED if put_away else _State.QUARANTINED)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    return list(rows.select_related("folder__mailbox").order_by("-pk")[:PAGE])
