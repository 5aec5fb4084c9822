"""Parsed mails become rows: one Message each, in their conversations, a whole batch at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from inbox.conversations import (
    Known,
    Newcomer,
    Opened,
    Place,
    Thread,
    known_threads,
    parents_of,
    place,
    threads_ahead,
)
from inbox.mime import ParsedMail
from inbox.models import Arrival, Attachment, Conversation, Message

# PostgreSQL takes at most 2,704 bytes in an index entry.
LONGEST_MESSAGE_ID_BYTES = 990


@dataclass
class Delivery:
    """The arrivals of the same bytes, and what they say: a parsed mail or a known message."""

    arrivals: list[Arrival]
    mail: ParsedMail | None
    message_id: int | None = None

    @property
    def raw_sha256(self) -> str:
        """The name of the bytes in the raw store."""
        return self.arrivals[0].raw_sha256

    @property
    def received_at(self) -> datetime:
        """When a server first received them."""
        return min(arrival.internal_date for arrival in self.arrivals)


@dataclass(frozen=True)
class _New:
    """A mail that is not in the books yet: what it says and how it came first."""

    mail: ParsedMail
    delivery: Delivery


_Key = tuple[str, str]


def take_over(deliveries: Sequence[Delivery], *, at: datetime) -> list[Arrival]:
    """Writes the messages that are new and gives every arrival, linked, for the caller to save.

    The same mail is one with the same Message-ID and content, whatever way it came. The number of
    statements does not depend on the number of mails. Call it inside a transaction; an
    IntegrityError means that somebody else has just written one of them.
    """
    known = _known_messages(deliveries)
    new: dict[_Key, _New] = {}
    for delivery in deliveries:
        if delivery.mail is not None and _key(delivery.mail) not in known:
            new.setdefault(_key(delivery.mail), _New(delivery.mail, delivery))
    known |= _write(new, at)
    linked: list[Arrival] = []
    for delivery in deliveries:
        message = known[_key(delivery.mail)] if delivery.mail else delivery.message_id
        for arrival in delivery.arrivals:
            arrival.message_id = message
            arrival.state, arrival.due_at, arrival.reason = Arrival.State.PARSED, None, ""
            linked.append(arrival)
    return linked


def fitting_id(message_id: str) -> str:
    """A Message-ID as it is stored and looked for: at most 990 bytes of it."""
    return message_id.encode()[:LONGEST_MESSAGE_ID_BYTES].decode(errors="ignore")


def _key(mail: ParsedMail) -> _Key:
    return fitting_id(mail.message_id), mail.content_sha256


def _known_messages(deliveries: Sequence[Delivery]) -> dict[_Key, int]:
    keys = [_key(delivery.mail) for delivery in deliveries if delivery.mail]
    rows = Message.objects.filter(
        message_id__in={message_id for message_id, _ in keys},
        content_sha256__in={content for _, content in keys},
    ).values_list("message_id", "content_sha256", "pk")
    return {(message_id, content): pk for message_id, content, pk in rows}


def _write(new: dict[_Key, _New], at: datetime) -> dict[_Key, int]:
    if not new:
        return {}
    mails = list(new.values())
    newcomers = [_newcomer(entry.mail) for entry in mails]
    known = known_threads(parent for mail in newcomers for parent in mail.parents)
    places = place(newcomers, known, threads_ahead(newcomers))
    conversations = _open(mails, places)
    messages = Message.objects.bulk_create(
        _message(entry, found, conversations, at)
        for entry, found in zip(mails, places, strict=True)
    )
    Attachment.objects.bulk_create(
        _attachment(message.pk, position, entry.mail)
        for message, entry in zip(messages, mails, strict=True)
        for position in range(len(entry.mail.attachments))
    )
    return {key: message.pk for key, message in zip(new, messages, strict=True)}


def _newcomer(mail: ParsedMail) -> Newcomer:
    parents = parents_of(
        [fitting_id(name) for name in mail.in_reply_to],
        [fitting_id(name) for name in mail.references],
    )
    return Newcomer(fitting_id(mail.message_id), mail.from_address[:320], parents)


def _open(mails: Sequence[_New], places: Sequence[Place]) -> dict[int, int]:
    """The ids of the conversations that this batch opens, by the number of the mail that does."""
    openers = [
        index
        for index, found in enumerate(places)
        if isinstance(found.thread, Opened) and found.thread.index == index
    ]
    rows = Conversation.objects.bulk_create(_conversation(mails[index]) for index in openers)
    return {index: row.pk for index, row in zip(openers, rows, strict=True)}


def _conversation(entry: _New) -> Conversation:
    return Conversation(
        customer_address=entry.mail.from_address[:320],
        customer_name=entry.mail.from_name[:200],
        subject=entry.mail.subject[:1000],
        mailbox_id=entry.delivery.arrivals[0].folder.mailbox_id,
        opened_at=entry.delivery.received_at,
    )


def _id_of(thread: Thread, conversations: dict[int, int]) -> int:
    return thread.conversation_id if isinstance(thread, Known) else conversations[thread.index]


def _message(entry: _New, found: Place, conversations: dict[int, int], at: datetime) -> Message:
    mail, delivery = entry.mail, entry.delivery
    return Message(
        conversation_id=_id_of(found.thread, conversations),
        claims_to_continue_id=_id_of(found.claims, conversations) if found.claims else None,
        mailbox_id=delivery.arrivals[0].folder.mailbox_id,
        raw_sha256=delivery.raw_sha256,
        raw_size=delivery.arrivals[0].size,
        content_sha256=mail.content_sha256,
        message_id=fitting_id(mail.message_id),
        in_reply_to=mail.in_reply_to,
        references=mail.references,
        subject=mail.subject[:1000],
        from_address=mail.from_address[:320],
        from_name=mail.from_name[:200],
        to=mail.to,
        cc=mail.cc,
        reply_to=mail.reply_to[:320],
        date=_moment(mail.date),
        received_at=delivery.received_at,
        text=mail.text,
        new_text=mail.new_text,
        html=mail.html,
        kind=mail.kind,
        automatic=mail.automatic,
        language=mail.language[:8],
        bounce_of=mail.bounce_of,
        bounce_recipients=mail.bounce_recipients,
        notes=mail.notes,
        created_at=at,
        due_at=at,
    )


def _moment(iso: str | None) -> datetime | None:
    return datetime.fromisoformat(iso).astimezone(UTC) if iso else None


def _attachment(message_id: int, position: int, mail: ParsedMail) -> Attachment:
    part = mail.attachments[position]
    return Attachment(
        message_id=message_id,
        part_index=part.part_index,
        filename=part.filename[:255],
        content_type=part.content_type[:127],
        size=part.size,
        sha256=part.sha256,
        inline=part.inline,
    )
