"""Writing an answer: kept as it is typed, sent once, taken back while there is time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inbox.failpoints import failpoint
from inbox.models import OutboundMessage
from inbox.outbox import resolve_unknown, withdraw
from triage.accounts.models import User
from triage.accounts.policy import Act, Actor, Subject, may
from triage.audit.actions import record
from triage.audit.models import AuditEvent
from triage.queues.actions import (
    NotAllowed,
    Refused,
    give_back,
    renew,
    start_answering,
)
from triage.queues.actions.claims import check_may_answer
from triage.queues.models import Ticket
from triage.replies import composing
from triage.replies.actions.releasing import (
    AlreadyDecided,
    check_address,
    latest_email,
    locked_ticket,
    release,
    take_up_again,
    usable_version,
)
from triage.replies.actions.reviews import ask_for_review, end_review_by_author
from triage.replies.models import Reply
from triage.replies.review_queries import review_mode
from triage.replies.reviewing import is_sampled, why_read
from triage.responses.blocks import BlockError
from triage.responses.models import ResponseVersion

UNDO_WINDOW = timedelta(seconds=20)
SLOT_CHARACTERS = 4_000
MOST_SLOTS = 20


class TooLate(Refused):
    """The undo window is over."""

    sentence = _("This answer has already left.")


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
    asks_review: bool = False,
) -> Reply:
    """Gives the answer on its way: released, its mail leaves when the undo window of 20 s is over.

    Or in review: a colleague reads it first (`reviewing.why_read` says when), or its writer asked
    for that with `asks_review`; there is no mail yet, and the writer goes on meanwhile.

    The server builds the text from the approved version and the person's own lines: nothing a
    browser sends alters locked words. `submit_key` and `seen_message_id` (the latest email shown)
    come from the composer of the form; the same key again, from any number of clicks, gives the
    same answer. Raises NotHeld, NotAllowed, NewMail, AnswerWithdrawn, NoAddress, or a BlockError
    for a line that does not fit; the text is kept each time.
    """
    form = _Form(ticket_id, version_id, slots, submit_key, seen_message_id, asks_review)
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
    asks_review: bool


@transaction.atomic
def _submit(form: _Form, *, by: Actor, at: datetime) -> Reply:
    ticket = locked_ticket(form.ticket_id)
    repeated = Reply.objects.filter(submit_key=form.submit_key, author_id=by.id).first()
    if repeated is not None:
        return repeated
    check_may_answer(ticket, by=by)
    check_address(ticket)
    seen = latest_email(form.seen_message_id, ticket)
    version = usable_version(form.version_id)
    draft = _keep(ticket.pk, version.pk, form.slots, by=by, at=at)
    draft.text = composing.text_of(version, draft.slots, ticket.conversation, author_id=by.id)
    draft.submit_key = form.submit_key
    draft.save(update_fields=["text", "submit_key"])
    written = composing.own_words(draft.slots, ticket.conversation, User.objects.get(pk=by.id))
    why = why_read(
        trust=by.trust,
        written=written,
        is_asked=form.asks_review,
        is_sampled=is_sampled(draft.pk, every=review_mode().sample_every),
    )
    if why is not None:
        ask_for_review(reply=draft, why=why, seen=seen, has_own_words=written.any, at=at)
    else:
        release(reply=draft, seen=seen, ticket=ticket, due_at=at + UNDO_WINDOW, at=at)
    start_answering(ticket=ticket, by=by, at=at)
    detail = {"ticket": ticket.pk, "version": version.pk, "outbound": draft.outbound_id}
    record(action="reply.submit", by=by, at=at, subject=draft, detail={**detail, "read_first": why})
    failpoint("submit.before_commit")
    return draft


def undo(*, reply_id: int, by: Actor, at: datetime) -> Ticket:
    """Takes an answer back before it leaves: its text is a draft again, and the email is theirs.

    Also from review. Gives the ticket; when the person took up another email meanwhile it waits in
    its old place, ahead of later ones. Raises NotAllowed, TooLate.
    """
    with transaction.atomic():
        ticket = locked_ticket(Reply.objects.get(pk=reply_id).ticket_id)
        reply = Reply.objects.get(pk=reply_id)  # as it stands now that nobody else decides
        if not may(by, Act.REPLY_UNDO, Subject(kind="reply", author_id=reply.author_id)):
            raise NotAllowed
        outbound_id = reply.outbound_id
        if not _take_back(reply, by=by, at=at):
            raise TooLate
        take_up_again(reply=reply, at=at)
        is_theirs = give_back(ticket=ticket, holder_id=reply.author_id, at=at)
        detail = {"ticket": ticket.pk, "outbound": outbound_id, "with_author": is_theirs}
        record(action="reply.undo", by=by, at=at, subject=reply, detail=detail)
    ticket.refresh_from_db()
    return ticket


def _take_back(reply: Reply, *, by: Actor, at: datetime) -> bool:
    if reply.state == Reply.State.IN_REVIEW:
        end_review_by_author(reply=reply, by=by, at=at)
        return True
    return reply.outbound_id is not None and withdraw(outbound_id=reply.outbound_id, at=at)


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
    draft, _made = Reply.objects.filter(state=Reply.State.DRAFT).update_or_create(
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
    own = Reply.objects.filter(ticket_id=ticket_id, author_id=by.id)
    on_its_way = own.filter(
        Q(state=Reply.State.IN_REVIEW)
        | Q(outbound__state__in=[OutboundMessage.State.QUEUED, OutboundMessage.State.SENDING])
    )
    if once_held.exists() and not on_its_way.exists():
        with transaction.atomic():
            _keep(ticket_id, version_id, slots, by=by, at=at)
