"""Which conversation a mail belongs to: by what it answers and who wrote it, never by subject."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from inbox.models import Message, OutboundMessage

MOST_PARENTS = 20
MOST_FOLLOW_UPS = 2_000


@dataclass(frozen=True)
class Newcomer:
    """What decides where a mail belongs; `parents` are Message-IDs, the nearest first."""

    message_id: str
    from_address: str
    parents: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """A conversation that is in the books, and whose it is."""

    conversation_id: int
    customer_address: str


@dataclass(frozen=True)
class Opened:
    """A conversation that mail number `index` of this batch opens."""

    index: int
    customer_address: str


Thread = Known | Opened


@dataclass(frozen=True)
class Place:
    """Where a mail goes, and which conversation of somebody else it claims to continue."""

    thread: Thread
    claims: Thread | None = None


def parents_of(in_reply_to: Sequence[str], references: Sequence[str]) -> tuple[str, ...]:
    """The mails that a mail says it answers, the nearest first, at most 20 of them."""
    nearest_first = [*in_reply_to, *reversed(references)]
    return tuple(dict.fromkeys(parent for parent in nearest_first if parent))[:MOST_PARENTS]


def known_threads(message_ids: Iterable[str]) -> dict[str, list[Known]]:
    """The conversations in the books by the Message-IDs of their mails, in two statements."""
    wanted = list(set(message_ids))
    found: dict[str, list[Known]] = defaultdict(list)
    columns = ("message_id", "conversation_id", "conversation__customer_address")
    received = Message.objects.filter(message_id__in=wanted)
    sent = OutboundMessage.objects.filter(message_id__in=wanted, conversation__isnull=False)
    rows = [*sent.values_list(*columns), *received.values_list(*columns)]
    for message_id, conversation_id, customer in rows:
        known = Known(conversation_id or 0, customer or "")
        if known not in found[message_id]:
            found[message_id].append(known)
    return found


def threads_ahead(newcomers: Iterable[Newcomer]) -> dict[str, list[Known]]:
    """Conversations of these senders that answer one of these mails already, by its Message-ID.

    A follow-up may be parsed before the mail it answers: that one was delayed on its way, or
    needed a second try. One statement, over the newest mails of these senders.
    """
    wanted = {mail.message_id for mail in newcomers if mail.message_id and mail.from_address}
    senders = {mail.from_address for mail in newcomers if mail.message_id in wanted}
    found: dict[str, list[Known]] = defaultdict(list)
    rows = Message.objects.filter(conversation__customer_address__in=senders).order_by("-pk")
    for in_reply_to, references, conversation_id, customer in rows.values_list(
        "in_reply_to", "references", "conversation_id", "conversation__customer_address"
    )[:MOST_FOLLOW_UPS]:
        for parent in wanted.intersection(parents_of(in_reply_to, references)):
            found[parent].append(Known(conversation_id, customer))
    return found


def place(
    newcomers: Sequence[Newcomer],
    known: Mapping[str, Sequence[Known]],
    ahead: Mapping[str, Sequence[Known]] | None = None,
) -> list[Place]:
    """Gives each mail its place, whatever order a follow-up and what it answers come in.

    A mail joins the conversation of the nearest mail that it answers and whose customer is its
    sender. If it answers only mails of others, it opens a conversation of its own that claims to
    continue the nearest of them. `ahead` are the conversations that came before what they answer.
    """
    return _Placing(newcomers, known, ahead or {}).all()


class _Placing:
    """One batch under way: places found so far, by number."""

    def __init__(
        self,
        newcomers: Sequence[Newcomer],
        known: Mapping[str, Sequence[Known]],
        ahead: Mapping[str, Sequence[Known]],
    ) -> None:
        self._newcomers = newcomers
        self._known = known
        self._ahead = ahead
        self._places: dict[int, Place] = {}
        self._by_id: dict[str, list[int]] = defaultdict(list)
        for index, mail in enumerate(newcomers):
            if mail.message_id:
                self._by_id[mail.message_id].append(index)

    def all(self) -> list[Place]:
        for index in range(len(self._newcomers)):
            self._settle(index)
        return [self._places[index] for index in range(len(self._newcomers))]

    def _settle(self, index: int) -> None:
        """Parents before children; a circle is cut where it is entered."""
        waiting, entered = [index], {index}
        while waiting:
            missing = [
                parent
                for parent in self._parents_in_batch(waiting[-1])
                if parent not in self._places and parent not in entered
            ]
            if missing:
                entered.add(missing[0])
                waiting.append(missing[0])
            else:
                current = waiting.pop()
                self._places[current] = self._choose(current)

    def _parents_in_batch(self, index: int) -> list[int]:
        parents = self._newcomers[index].parents
        return [at for parent in parents for at in self._by_id.get(parent, ()) if at != index]

    def _choose(self, index: int) -> Place:
        sender = self._newcomers[index].from_address
        nearest: Thread | None = None
        for parent in self._newcomers[index].parents:
            for thread in self._threads(parent, index):
                if sender and thread.customer_address == sender:
                    return Place(thread)
                nearest = nearest or thread
        for thread in self._ahead.get(self._newcomers[index].message_id, ()):
            if sender and thread.customer_address == sender:
                return Place(thread)
        return Place(Opened(index, sender), nearest)

    def _threads(self, message_id: str, index: int) -> list[Thread]:
        batch = [
            self._places[at].thread
            for at in self._by_id.get(message_id, ())
            if at in self._places and at != index
        ]
        return [*self._known.get(message_id, ()), *batch]
