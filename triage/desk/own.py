"""What the page about oneself shows: one's own count, and what one may do at the moment."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from triage.accounts.policy import Actor, Trust
from triage.replies.helped import Helped, helped_since
from triage.volunteers.earning import APPROVED_FOR_TRUST
from triage.volunteers.models import Enlistment
from triage.volunteers.queries import part_of, reviews_of, thank_you_lines

State = Enlistment.State


@dataclass(frozen=True, kw_only=True)
class Own:
    """A person's page about themselves; `part` is None for the steady team on a calm day."""

    part: Enlistment | None
    helped: Helped
    state_words: str
    trust_words: str
    thanks: tuple[str, ...]
    may_break: bool
    may_come_back: bool


def own(*, by: Actor) -> Own:
    """Gives the page of `by`."""
    part = part_of(by.id)
    if part is None:
        return Own(
            part=None,
            helped=Helped(),
            state_words="",
            trust_words=trust_words(by.trust, approved=0),
            thanks=(),
            may_break=False,
            may_come_back=False,
        )
    done = helped_since(since=part.joined_at, user_ids=[by.id])
    return Own(
        part=part,
        helped=done.get(by.id, Helped()),
        state_words=state_words(part.state),
        trust_words=trust_words(by.trust, approved=reviews_of(by.id).approved),
        thanks=thank_you_lines(incident_id=part.incident_id, limit=3),
        may_break=part.state in {State.READY, State.ACTIVE},
        may_come_back=part.state == State.ON_BREAK,
    )


def state_words(state: str) -> str:
    """Gives how a helper stands, as a sentence to them."""
    return {
        State.READY.value: _("You are ready to help."),
        State.ACTIVE.value: _("You are helping. Thank you."),
        State.ON_BREAK.value: _("You are on a break. Come back whenever you like."),
        State.PAUSED.value: _(
            "You were asked to pause: no new emails for now. What is in your hands you may finish."
        ),
    }.get(state, "")


def trust_words(trust: Trust, *, approved: int) -> str:
    """Gives what goes out unread, as a sentence to the person."""
    if trust is Trust.NEWCOMER and approved:
        return _(
            "A colleague reads your answers before they go: %(read)d of %(needed)d so far. "
            "You go on meanwhile."
        ) % {"read": min(approved, APPROVED_FOR_TRUST), "needed": APPROVED_FOR_TRUST}
    return {
        Trust.NEWCOMER: _("A colleague will read your next answers before they go."),
        Trust.TRUSTED: _("Approved answers with your own line go out without a second look."),
        Trust.EDITOR: _("You may also change an answer within its bounds."),
        Trust.REVIEWER: _("You write freely, and read what others wrote before it goes."),
    }[trust]
