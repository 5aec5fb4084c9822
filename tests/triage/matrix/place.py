"""One installation with one of everything that an address can name, and who comes to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.urls import URLPattern, reverse
from django.utils import timezone

from inbox import receive
from inbox.books import raw_store
from inbox.models import Arrival, Attachment, Conversation
from tests.factories import desk, mail, outbox, people
from tests.triage.matrix.cast import ENDED, NAMES, STRANGER, WATCHING
from triage.accounts.models import User
from triage.notices.models import Alert
from triage.queues.models import BulkMove, Question, Ticket
from triage.replies.models import Reply


@dataclass
class Place:
    """What addresses name (`numbers`) and what every form is sent with (`posted`)."""

    numbers: dict[str, Any] = field(default_factory=dict)
    posted: dict[str, str] = field(default_factory=dict)

    def address(self, name: str, pattern: URLPattern) -> str:
        wanted = pattern.pattern.converters
        return reverse(name, kwargs={key: self.numbers[key] for key in wanted})


def furnished() -> Place:
    """Gives the place as every test begins with it."""
    at = timezone.now()
    incident = people.incident(at=at)
    ada = people.person("ada", at=at)
    link, secret = people.link(incident, ada)
    attached = a_mail_with_a_file()
    ticket = queued(attached.message.conversation)
    version = desk.version()
    aside = mail.arrival(
        state=Arrival.State.QUARANTINED,
        raw_sha256=raw_store().put(b"nothing of a mail"),
        reason="It cannot be read.",
    )
    alert = Alert.objects.create(cause="test", text="Please look.", raised_at=at)
    numbers = {
        "token": secret,
        "link_id": link.pk,
        "slug": incident.slug,
        "conversation_id": ticket.conversation_id,
        "message_id": attached.message_id,
        "attachment_id": attached.pk,
        "ticket_id": ticket.pk,
        "response_id": version.response_id,
        "version_id": version.pk,
        "arrival_id": aside.pk,
        "mailbox_id": aside.folder.mailbox_id,
        "alert_id": alert.pk,
        "number": 1,
        "key": "worried-parent",
        "queue_id": ticket.queue_id,
        "bulk_id": a_selection(ticket, ada),
        "user_id": ada.pk,
        "question_id": a_question(ticket),
        "reply_id": an_answer(ticket, ada).pk,
    }
    return Place(numbers, {"email": str(ticket.pk), "version": str(incident.version)})


def a_mail_with_a_file() -> Attachment:
    name = raw_store().put(mail.raw_mail(attachment=("bill.pdf", b"%PDF-1.4 nothing")))
    mail.arrival(state=Arrival.State.STORED, raw_sha256=name)
    while receive.parse(at=mail.NOON):
        pass
    return Attachment.objects.get()


def queued(conversation: Conversation, key: str = "other") -> Ticket:
    at = timezone.now()
    queue = desk.queue(key)
    return Ticket.objects.create(
        conversation=conversation,
        queue=queue,
        line=desk.line(queue),
        promise_at=at,
        opened_at=at,
    )


def a_selection(ticket: Ticket, maker: User) -> int:
    made = BulkMove.objects.create(
        to_queue=desk.queue("praise"), total=1, made_by=maker, made_at=timezone.now()
    )
    made.items.create(ticket=ticket, from_queue=ticket.queue)
    return made.pk


def a_question(ticket: Ticket) -> int:
    asked = Question.objects.create(
        ticket=ticket, asked_by=desk.user("Eve"), text="May I say this?", asked_at=timezone.now()
    )
    return asked.pk


def an_answer(ticket: Ticket, author: User) -> Reply:
    """One that is on its way and can still be taken back."""
    at = timezone.now()
    return Reply.objects.create(
        ticket=ticket,
        author=author,
        version=desk.version(),
        seen_message=ticket.conversation.messages.first(),
        state=Reply.State.RELEASED,
        outbound=outbox.answer(ticket.conversation.mailbox, due_at=at + timedelta(minutes=5)),
        created_at=at,
        saved_at=at,
        released_at=at,
    )


def login_of(role: str) -> User | None:
    """Somebody who is just this, and has already logged in."""
    at = timezone.now()
    if role == STRANGER:
        return None
    if role in NAMES:
        found = User.objects.filter(email=f"{NAMES[role]}@example.com").first()
        return found or people.person(NAMES[role], at=at)
    incident = people.Incident.objects.get()
    if role == WATCHING:
        people.Incident.objects.update(level="watch", recovery_at=None)
    ann = people.person("ann", at=at)
    people.helper(ann, incident, state="ended" if role == ENDED else "ready", at=at)
    return ann
