"""What may happen while somebody answers, and what their open page then says: pure rules."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from triage.accounts.policy import Helping
from triage.desk.leaving import Left

WARNING = timedelta(minutes=3)


class Kind(StrEnum):
    """Something the page says by itself, the most pressing first."""

    LEFT = "left"
    NEW_MAIL = "new-mail"
    WITHDRAWN = "withdrawn"
    ENDING = "ending"
    LAST_MINUTES = "last-minutes"
    ANSWERED = "answered"
    MOVED = "moved"
    READ_AGAIN = "read-again"
    PAUSED = "paused"


@dataclass(frozen=True, kw_only=True)
class OpenPage:
    """What an open page shows: the email, its latest message, the chosen answer, what is solved.

    `solved` is how many of the helper's questions had an answer when the page was drawn; `hushed`
    are the keys of the notes that the helper has closed.
    """

    ticket_id: int
    message_id: int
    version_id: int | None
    solved: int
    hushed: Collection[str] = ()


@dataclass(frozen=True, kw_only=True)
class Email:
    """How it stands with an email in somebody's hands.

    `moved` is the number of the event by which a supervisor chose other queues for them since they
    took it; 0 for none.
    """

    held_until: datetime
    held_at_most_until: datetime
    latest_message_id: int
    is_usable: bool
    solved: int
    customer_name: str
    moved: int = 0

    @property
    def may_grow(self) -> bool:
        """Tells whether reading and writing still keep it longer."""
        return self.held_until < self.held_at_most_until


@dataclass(frozen=True)
class Note:
    """One thing to say; its key is another one when the same happens again."""

    kind: Kind
    number: int = 0

    @property
    def key(self) -> str:
        """Gives by what the page remembers that this was shown or closed."""
        return f"{self.kind}/{self.number}"


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """How it stands with the email of an open page: `email` is None once it has `left`.

    `next_queues` names where the next emails come from, for who was moved.
    """

    email: Email | None
    left: Left | None
    notes: tuple[Note, ...]
    next_queues: tuple[str, ...] = ()

    @property
    def sign(self) -> str:
        """Gives a text that is another one as soon as the notes are."""
        return " ".join(note.key for note in self.notes)


def notes(
    page: OpenPage, email: Email, *, helping: Helping | None, at: datetime
) -> tuple[Note, ...]:
    """Gives what the page has to say, the most pressing first, without what was closed.

    Three minutes before the end it warns: with a button while the time can grow, and with the
    plain truth when it cannot.
    """
    is_near = email.held_until - at <= WARNING
    said = {
        Note(Kind.NEW_MAIL, email.latest_message_id): email.latest_message_id > page.message_id,
        Note(Kind.WITHDRAWN): page.version_id is not None and not email.is_usable,
        Note(Kind.ENDING): is_near and email.may_grow,
        Note(Kind.LAST_MINUTES): is_near and not email.may_grow,
        Note(Kind.ANSWERED, email.solved): email.solved > page.solved,
        Note(Kind.MOVED, email.moved): email.moved > 0,
        Note(Kind.READ_AGAIN): helping is not None and helping.must_read_again,
        Note(Kind.PAUSED): is_paused(helping),
    }
    return tuple(note for note, holds in said.items() if holds and note.key not in page.hushed)


def is_paused(helping: Helping | None) -> bool:
    """Tells whether a supervisor asked this helper to pause: they finish and take no more."""
    return helping is not None and helping.state == "paused"
