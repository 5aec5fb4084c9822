"""What stands between a finished answer and the outbox: the last looks, and the frozen mail."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from inbox.frozen import NotAnAddress, mail_address
from inbox.models import Message, OutboundMessage
from inbox.outbox import queue_mail
from triage.accounts.models import User
from triage.queues.actions import NotHeld, Refused
from triage.queues.actions.outcomes import ASKING
from triage.queues.models import Ticket
from triage.replies import composing
from triage.replies.models import Reply
from triage.responses.models import ResponseVersion
from triage.responses.queries import is_usable


class NewMail(Refused):
    """The person wrote again since the form was shown."""

    sentence = _("This person has just written again. Please read it first; your text is kept.")


class AnswerWithdrawn(Refused):
    """The approved answer may not be used any more."""

    sentence = _("This answer was just withdrawn. Please choose another; your own words are kept.")


class NoAddress(Refused):
    """There is nobody to send to."""

    sentence = _("This email gives no address to answer to. Please pass it on.")


class AlreadyDecided(Refused):
    """Something that somebody, or some proof, decided meanwhile."""

    sentence = _("This was decided in the meantime.")


def locked_ticket(ticket_id: int) -> Ticket:
    """Gives the ticket under a lock, with its conversation, mailbox and queue; raises NotHeld."""
    tickets = Ticket.objects.select_related("conversation__mailbox", "queue")
    ticket = tickets.select_for_update(of=("self",)).filter(pk=ticket_id).first()
    if ticket is None:
        raise NotHeld
    return ticket


def latest_email(message_id: int, ticket: Ticket) -> Message:
    """Gives the email of this id if it is the person's latest; raises NewMail when it is not."""
    asking = Message.objects.filter(conversation_id=ticket.conversation_id, kind__in=ASKING)
    latest = asking.order_by("-pk").first()
    if latest is None or latest.pk != message_id:
        raise NewMail
    return latest


def usable_version(version_id: int) -> ResponseVersion:
    """Gives the approved version; raises AnswerWithdrawn when it may not be used."""
    version = ResponseVersion.objects.select_related("response").filter(pk=version_id).first()
    if version is None or not is_usable(version):
        raise AnswerWithdrawn
    return version


def check_address(ticket: Ticket) -> None:
    """Raises NoAddress when no mail can go to the one who wrote."""
    try:
        mail_address(ticket.conversation.customer_address)
    except NotAnAddress as error:
        raise NoAddress from error


def release(*, reply: Reply, seen: Message, ticket: Ticket, due_at: datetime, at: datetime) -> None:
    """Puts the answer's frozen mail into the outbox, due at `due_at`.

    Call it inside the action's transaction, with the ticket's row locked and `reply.text` built;
    raises NoAddress. From here on the answer's state is that of its mail.
    """
    reply.outbound = _mail(reply, seen, ticket, due_at=due_at, at=at)
    reply.seen_message, reply.state, reply.released_at = seen, Reply.State.RELEASED, at
    reply.save(update_fields=["outbound", "seen_message", "state", "released_at"])


def _mail(
    reply: Reply, seen: Message, ticket: Ticket, *, due_at: datetime, at: datetime
) -> OutboundMessage:
    """The frozen mail to the one who wrote: never to a copied or a Reply-To address."""
    conversation = ticket.conversation
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
            due_at=due_at,
            at=at,
        )
    except NotAnAddress as error:
        raise NoAddress from error


def take_up_again(*, reply: Reply, at: datetime) -> None:
    """Makes an answer a draft again that did not go out: its own words stay as they were typed."""
    reply.state, reply.outbound, reply.released_at = Reply.State.DRAFT, None, None
    reply.submit_key, reply.seen_message, reply.saved_at = None, None, at
    reply.save(
        update_fields=[
            *("state", "outbound", "released_at", "submit_key", "seen_message", "saved_at")
        ]
    )
