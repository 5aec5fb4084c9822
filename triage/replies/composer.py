"""The answer page, read in one go: what the person wrote, what we said, what may be sent."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from inbox.models import Attachment, Message, OutboundMessage
from triage.accounts.models import User
from triage.accounts.policy import Actor
from triage.classification.models import Classification
from triage.queues import leases, routing
from triage.queues.actions.outcomes import ASKING
from triage.queues.models import Ticket
from triage.queues.queries import ShownQuestion, passed_on_because, questions_of
from triage.replies import composing
from triage.replies.greetings import short_name
from triage.replies.models import Reply, Review
from triage.replies.review_queries import with_returns
from triage.responses import blocks
from triage.responses.queries import usable

State = OutboundMessage.State


@dataclass(frozen=True, kw_only=True)
class ShownMessage:
    """One email of the person, as far as the desk shows it."""

    id: int
    subject: str
    from_name: str
    from_address: str
    written_at: datetime
    text: str
    new_text: str
    has_html: bool
    language: str
    is_open: bool
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True, kw_only=True)
class ShownAnswer:
    """One answer we gave in this conversation; `state` is that of its mail."""

    id: int
    text: str
    author: str
    released_at: datetime
    state: str


@dataclass(frozen=True, kw_only=True)
class Option:
    """One approved answer to choose from: locked words and slots."""

    version_id: int
    number: int
    name: str
    note: str
    label: str
    language: str
    parts: tuple[blocks.Block, ...]
    is_other_language: bool


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What was typed before: by this person, or by someone who held the email earlier."""

    version_id: int | None
    slots: Mapping[str, str]
    saved_at: datetime
    by_name: str
    is_own: bool


@dataclass(frozen=True, kw_only=True)
class Composer:
    """Everything on the answer page. `submit_key` and `seen_message_id` go back with the form.

    `reasons` say why the email came here; `note` what went wrong with the last answer, or "".
    `suggested` fills the slots while there is no draft; `variables` the {{names}}.
    """

    ticket_id: int
    conversation_id: int
    customer_name: str
    customer_address: str
    subject: str
    queue_key: str
    queue_name: str
    label: str
    topic: str
    tone: str
    confident: bool
    waiting_since: datetime
    held_until: datetime
    held_at_most_until: datetime
    reasons: tuple[str, ...]
    note: str
    language: str
    is_other_language: bool
    messages: tuple[ShownMessage, ...]
    answers: tuple[ShownAnswer, ...]
    options: tuple[Option, ...]
    chosen: Option | None
    draft: Draft | None
    suggested: Mapping[str, str]
    variables: Mapping[str, str]
    questions: tuple[ShownQuestion, ...]
    seen_message_id: int
    submit_key: str


def composer(*, ticket: Ticket, by: Actor, at: datetime, update_page: str = "") -> Composer:
    """Gives the answer page of an email that `by` holds, in at most eight statements.

    `ticket` comes from claim_next or held_by. The caller has checked that `by` may see it, and
    gives the address of the update page if it knows it already.
    """
    conversation = ticket.conversation
    messages, said = _messages(conversation.pk)
    latest = messages[-1]
    replies = _replies(ticket.pk)
    author = ticket.holder or User.objects.get(pk=by.id)
    label = said.label if said else "other"
    options = _options(label, latest.language)
    draft = _draft(replies, by=by)
    chosen = _chosen(options, draft, said)
    since = ticket.held_since or at
    return Composer(
        ticket_id=ticket.pk,
        conversation_id=conversation.pk,
        customer_name=short_name(conversation.customer_name),
        customer_address=conversation.customer_address,
        subject=latest.subject or conversation.subject,
        queue_key=ticket.queue.key,
        queue_name=ticket.queue.name,
        label=label,
        topic=said.topic if said else Classification.Topic.OTHER,
        tone=said.tone if said else Classification.Tone.NEUTRAL,
        confident=bool(said and said.confident),
        waiting_since=ticket.opened_at,
        held_until=ticket.held_until or at,
        held_at_most_until=leases.longest_until(since),
        reasons=_reasons(ticket, said, latest),
        note=_note(replies),
        language=latest.language,
        is_other_language=bool(options) and options[0].is_other_language,
        messages=messages,
        answers=_answers(replies),
        options=options,
        chosen=chosen,
        draft=draft,
        suggested=composing.suggested(
            conversation,
            author,
            language=chosen.language if chosen else "",
            department=by.helping.department if by.helping else "",
        ),
        variables=composing.variables_of(conversation, author, update_page=update_page),
        questions=questions_of(ticket.pk),
        seen_message_id=latest.id,
        submit_key=secrets.token_urlsafe(24),
    )


def _messages(conversation_id: int) -> tuple[tuple[ShownMessage, ...], Classification | None]:
    """What they wrote, in order, and what the sorter said of the latest."""
    rows = (
        Message.objects.filter(conversation_id=conversation_id, kind__in=ASKING)
        .annotate(has_html=~Q(html=""))
        .defer("html")
        .select_related("outcome", "classification")
        .prefetch_related("attachments")
        .order_by("pk")
    )
    shown = tuple(
        ShownMessage(
            id=row.pk,
            subject=row.subject,
            from_name=row.from_name,
            from_address=row.from_address,
            written_at=row.received_at,
            text=row.text,
            new_text=row.new_text or row.text,
            has_html=row.has_html,
            language=row.language,
            is_open=not hasattr(row, "outcome"),
            attachments=tuple(row.attachments.all()),
        )
        for row in rows
    )
    return shown, getattr(list(rows)[-1], "classification", None)


def _replies(ticket_id: int) -> list[Reply]:
    rows = with_returns(Reply.objects.filter(ticket_id=ticket_id))
    rows = rows.select_related("author", "outbound")
    return list(rows.defer("outbound__content").order_by("pk"))


def _answers(replies: list[Reply]) -> tuple[ShownAnswer, ...]:
    """What this person may have read from us, in order; what was refused never reached them."""
    return tuple(
        ShownAnswer(
            id=reply.pk,
            text=reply.text,
            author=composing.signed_name(reply.author),
            released_at=reply.released_at,
            state=reply.outbound.state,
        )
        for reply in replies
        if reply.outbound and reply.released_at and reply.outbound.state != State.REJECTED
    )


def _options(label: str, language: str) -> tuple[Option, ...]:
    return tuple(
        Option(
            version_id=version.pk,
            number=version.number,
            name=version.response.name,
            note=version.response.note,
            label=version.response.label,
            language=version.response.language,
            parts=tuple(blocks.parse(version.body)),
            is_other_language=bool(language) and version.response.language != language,
        )
        for version in usable(label=label, language=language or "en")
    )


def _draft(replies: list[Reply], *, by: Actor) -> Draft | None:
    """Their own words, else the latest of who held it before, else those of a refused answer."""
    typed = [reply for reply in replies if any(reply.slots.values()) or reply.version_id]
    own = [r for r in typed if r.state != Reply.State.RELEASED and r.author_id == by.id]
    others = [r for r in typed if r.state != Reply.State.RELEASED and r.author_id != by.id]
    refused = [r for r in typed if r.outbound and r.outbound.state == State.REJECTED]
    found = own or sorted(others, key=lambda reply: reply.saved_at) or refused
    if not found:
        return None
    reply = found[-1]
    is_own = reply.author_id == by.id
    return Draft(
        version_id=reply.version_id,
        slots=reply.slots if is_own else _unsigned(reply.slots),
        saved_at=reply.saved_at,
        by_name=composing.signed_name(reply.author),
        is_own=is_own,
    )


def _unsigned(slots: Mapping[str, str]) -> dict[str, str]:
    """What somebody else began, without their name: whoever sends it signs it."""
    return {name: text for name, text in slots.items() if name != "sign-off"}


def _chosen(
    options: tuple[Option, ...], draft: Draft | None, said: Classification | None
) -> Option | None:
    """The answer that is open on the page: the draft's, if it is still approved, else the best.

    There is a best one only in the person's language and for what the sorter is sure of: a wrong
    answer must be chosen by somebody, it is never there already.
    """
    drafted = [option for option in options if draft and option.version_id == draft.version_id]
    fitting = [
        option
        for option in options
        if said and said.confident and option.label == said.label and not option.is_other_language
    ]
    return next(iter(drafted or fitting), None)


def _reasons(ticket: Ticket, said: Classification | None, latest: ShownMessage) -> tuple[str, ...]:
    """Why it waits here: a phrase of risk, what the sorter read, who handed it on."""
    reasons = []
    risk = routing.risk_of(f"{latest.subject}\n{latest.new_text}")
    if risk is not None:
        reasons.append(_("These words call for special care: “%(words)s”") % {"words": risk.words})
    if said is None or not said.confident:
        reasons.append(_("The sorter was not sure what this is about."))
    elif said.reasons:
        words = ", ".join(f"“{word}”" for word in said.reasons[:5])
        reasons.append(_("The sorter noticed %(words)s.") % {"words": words})
    elif said.version > 1:
        reasons.append(_("A colleague sorted it here."))
    reasons += [
        _("Someone passed it on: %(why)s") % {"why": why} for why in passed_on_because(ticket.pk)
    ]
    return tuple(reasons)


def _note(replies: list[Reply]) -> str:
    """What the next person should know of the last answer: it was given back, or refused."""
    for reply in replies:
        if reason := getattr(reply, "returned_reason", ""):
            return _given_back(reason, getattr(reply, "returned_note", ""))
    released = [reply for reply in replies if reply.outbound is not None]
    last = released[-1].outbound if released else None
    if last is None or last.state != State.REJECTED:
        return ""
    return _("The last answer could not be delivered. The mail server said: %(words)s") % {
        "words": last.server_words
    }


def _given_back(reason: str, note: str) -> str:
    words = {"reason": Review.Reason(reason).label, "note": note}
    if note:
        return _("A colleague read this before it went. %(reason)s: “%(note)s”") % words
    return _("A colleague read this before it went. %(reason)s.") % words
