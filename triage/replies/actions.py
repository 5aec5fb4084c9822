"""Writing an answer: kept as it is typed, sent once, taken back while there is time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from inbox.failpoints import failpoint
from inbox.frozen import NotAnAddress
from inbox.models import Message, OutboundMessage
from inbox.outbox import queue_mail, resolve_unknown, withdraw
from triage.accounts.models import User
from triage.accounts.policy import Act, Actor, Subject, may
from triage.audit.actions import record
from triage.audit.models import AuditEvent
from triage.queues.actions import (
    NotAllowed,
    NotHeld,
    Refused,
    give_back,
    renew,
    start_answering,
)
from triage.queues.actions.claims import check_may_answer
from triage.queues.actions.outcomes import ASKING
from triage.queues.models import Ticket
from triage.replies import composing
from triage.replies.models import Reply
from triage.responses.blocks import BlockError
from triage.responses.models import ResponseVersion
from triage.responses.queries import is_usable

UNDO_WINDOW = timedelta(seconds=20)
SLOT_CHARACTERS = 4_000
MOST_SLOTS = 20


class NewMail(Refused):
    """The person wrote again since the form was shown."""

    sentence = _("This person has just written again. Please read it first; your text is kept.")


class AnswerWithdrawn(Refused):
    """The approved answer may not be used any more."""

    sentence = _("This answer was just withdrawn. Please choose another; your own words are kept.")


class NoAddress(Refused):
    """There is nobody to send to."""

    sentence = _("This email gives no address to answer to. Please pass it on.")


class TooLate(Refused):
    """The undo window is over."""

    sentence = _("This answer has already left.")


class AlreadyDecided(Refused):
    """An unknown answer that somebody or some proof decided meanwhile."""

    sentence = _("This was decided in the meantime.")


@dataclass(frozen=True)
class SavedDraft:
    """A kept draft, and until when the email is now theirs."""

    reply_id: int
    held_until: datetime


def save_draft(
    *,
    ticket_id: int,
    version_id: int | None,
    slots: Mapping[str, str],
    by: Actor,
    at: datetime,
) -> SavedDraft:
    """Keeps what is typed so far and renews the person's time; leaves no event.

    Raises NotHeld or NotAllowed when the email went elsewhere; words typed by someone who held it
    are kept all the same.
    """
    try:
        with transaction.atomic():
            held_until = renew(ticket_id=ticket_id, by=by, at=at)
            draft = _keep(ticket_id, version_id, slots, by=by, at=at)
    except Refused:
        _keep_what_was_typed(ticket_id, version_id, slots, by=by, at=at)
        raise
    return SavedDraft(draft.pk, held_until)


def submit(
    *,
    ticket_id: int,
    version_id: int,
    slots: Mapping[str, str],
    submit_key: str,
    seen_message_id: int,
    by: Actor,
    at: datetime,
) -> Reply:
    """Gives the released answer; its mail leaves when the undo window of 20 s is over.

    The server builds the text from the approved version and the person's own lines: nothing a
    browser sends alters locked words. `submit_key` and `seen_message_id` (the latest email shown)
    come from the composer of the form; the same key again, from any number of clicks, gives the
    same answer. Raises NotHeld, NotAllowed, NewMail, AnswerWithdrawn, NoAddress, or a BlockError
    for a line that does not fit; the text is kept each time.
    """
    form = _Form(ticket_id, version_id, slots, submit_key, seen_message_id)
    try:
        reply = _submit(form, by=by, at=at)
    except (Refused, BlockError):
        _keep_what_was_typed(ticket_id, version_id, slots, by=by, at=at)
        raise
    failpoint("submit.after_commit")
    return reply


@dataclass(frozen=True)
class _Form:
    """What a person sends off: the chosen version, their lines, and which form it was."""

    ticket_id: int
    version_id: int
    slots: Mapping[str, str]
    submit_key: str
    seen_message_id: int


_RELEASED = ["text", "outbound", "seen_message", "state", "submit_key", "released_at"]


@transaction.atomic
def _submit(form: _Form, *, by: Actor, at: datetime) -> Reply:
    ticket = _locked(form.ticket_id)
    repeated = Reply.objects.filter(submit_key=form.submit_key, author_id=by.id).first()
    if repeated is not None:
        return repeated
    check_may_answer(ticket, by=by)
    seen = _seen(form.seen_message_id, ticket)
    version = _usable(form.version_id)
    draft = _keep(ticket.pk, version.pk, form.slots, by=by, at=at)
    draft.text = composing.text_of(version, draft.slots, ticket.conversation, author_id=by.id)
    draft.outbound, draft.seen_message = _mail(draft, seen, ticket, at=at), seen
    draft.state, draft.submit_key, draft.released_at = Reply.State.RELEASED, form.submit_key, at
    draft.save(update_fields=_RELEASED)
    start_answering(ticket=ticket, by=by, at=at)
    detail = {"ticket": ticket.pk, "version": version.pk, "outbound": draft.outbound.pk}
    record(action="reply.submit", by=by, at=at, subject=draft, detail=detail)
    failpoint("submit.before_commit")
    return draft


def undo(*, reply_id: int, by: Actor, at: datetime) -> Ticket:
    """Takes an answer back before it leaves: its text is a draft again, and the email is theirs.

    Gives the ticket; when the person took up another email meanwhile it waits in its old place,
    ahead of later ones. Raises NotAllowed, TooLate.
    """
    with transaction.atomic():
        reply = Reply.objects.select_related("ticket").get(pk=reply_id)
        if not may(by, Act.REPLY_UNDO, Subject(kind="reply", author_id=reply.author_id)):
            raise NotAllowed
        ticket = _locked(reply.ticket_id)
        outbound_id = reply.outbound_id
        if outbound_id is None or not withdraw(outbound_id=outbound_id, at=at):
            raise TooLate
        reply.state, reply.outbound, reply.released_at = Reply.State.DRAFT, None, None
        reply.submit_key, reply.seen_message, reply.saved_at = None, None, at
        reply.save(update_fields=[*_RELEASED, "saved_at"])
        is_theirs = give_back(ticket=ticket, holder_id=reply.author_id, at=at)
        detail = {"ticket": ticket.pk, "outbound": outbound_id, "with_author": is_theirs}
        record(action="reply.undo", by=by, at=at, subject=reply, detail=detail)
    ticket.refresh_from_db()
    return ticket


def decide_unknown(*, reply_id: int, went_out: bool, by: Actor, at: datetime) -> None:
    """Writes a supervisor's decision about an answer of which nobody knows whether it left.

    What did not go out is sent again, the same bytes. Raises NotAllowed, AlreadyDecided.
    """
    if not may(by, Act.REPLY_DECIDE):
        raise NotAllowed
    with transaction.atomic():
        reply = Reply.objects.get(pk=reply_id)
        outbound_id = reply.outbound_id
        if outbound_id is None or not resolve_unknown(
            outbound_id=outbound_id, went_out=went_out, at=at
        ):
            raise AlreadyDecided
        detail = {"outbound": outbound_id, "went_out": went_out}
        record(action="reply.decide_unknown", by=by, at=at, subject=reply, detail=detail)


def _locked(ticket_id: int) -> Ticket:
    tickets = Ticket.objects.select_related("conversation__mailbox")
    ticket = tickets.select_for_update(of=("self",)).filter(pk=ticket_id).first()
    if ticket is None:
        raise NotHeld
    return ticket


def _seen(message_id: int, ticket: Ticket) -> Message:
    """The latest email that was read; raises NewMail when there is a later one."""
    asking = Message.objects.filter(conversation_id=ticket.conversation_id, kind__in=ASKING)
    latest = asking.order_by("-pk").first()
    if latest is None or latest.pk != message_id:
        raise NewMail
    return latest


def _usable(version_id: int) -> ResponseVersion:
    version = ResponseVersion.objects.select_related("response").filter(pk=version_id).first()
    if version is None or not is_usable(version):
        raise AnswerWithdrawn
    return version


def _keep(
    ticket_id: int,
    version_id: int | None,
    slots: Mapping[str, str],
    *,
    by: Actor,
    at: datetime,
) -> Reply:
    """Writes the person's draft of this email; there is one per person and email."""
    kept = {name[:60]: text[:SLOT_CHARACTERS] for name, text in list(slots.items())[:MOST_SLOTS]}
    known = ResponseVersion.objects.filter(pk=version_id).exists() if version_id else False
    draft, _made = Reply.objects.exclude(state=Reply.State.RELEASED).update_or_create(
        ticket_id=ticket_id,
        author_id=by.id,
        defaults={"version_id": version_id if known else None, "slots": kept, "saved_at": at},
        create_defaults={
            "version_id": version_id if known else None,
            "slots": kept,
            "saved_at": at,
            "created_at": at,
        },
    )
    return draft


def _keep_what_was_typed(
    ticket_id: int,
    version_id: int | None,
    slots: Mapping[str, str],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """After a refusal: the words stay, for whoever once held this email; nobody else may add any.

    Not while their own answer is on its way: its text is the newer one if they take it back.
    """
    if not any(text.strip() for text in slots.values()):
        return
    once_held = AuditEvent.objects.filter(
        subject_kind="ticket", subject_id=str(ticket_id), actor_id=str(by.id), action="ticket.claim"
    )
    on_its_way = Reply.objects.filter(
        ticket_id=ticket_id,
        author_id=by.id,
        outbound__state__in=[OutboundMessage.State.QUEUED, OutboundMessage.State.SENDING],
    )
    if once_held.exists() and not on_its_way.exists():
        with transaction.atomic():
            _keep(ticket_id, version_id, slots, by=by, at=at)


def _mail(reply: Reply, seen: Message, ticket: Ticket, *, at: datetime) -> OutboundMessage:
    """The frozen mail to the one who wrote: never to a copied or a Reply-To address."""
    conversation = ticket.conversation
    if not conversation.customer_address:
        raise NoAddress
    asked = seen.message_id
    try:
        return queue_mail(
            mailbox=conversation.mailbox,
            conversation=conversation,
            recipient=conversation.customer_address,
            sender_name=composing.signed_name(User.objects.get(pk=reply.author_id)),
            subject=seen.subject or conversation.subject,
            text=reply.text,
            in_reply_to=asked,
            references=[*seen.references, asked] if asked else [],
            kind=OutboundMessage.Kind.ANSWER,
            due_at=at + UNDO_WINDOW,
            at=at,
        )
    except NotAnAddress as error:
        raise NoAddress from error
