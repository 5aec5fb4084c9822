"""What the helper's screen shows: the email in their hands, or what a pause needs."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from triage.accounts.policy import Act, Actor, may
from triage.desk.forms import NoAnswerForm
from triage.queues.queries import board, held_by
from triage.replies.composer import Composer, Option, composer
from triage.replies.queries import Undoable, answered_since, undoable
from triage.responses.blocks import SLOTS, Locked, MissingVariable, fill


@dataclass(frozen=True, kw_only=True)
class LetterPart:
    """One part of the letter on the page: locked words, or a slot with what is typed in it."""

    text: str
    name: str = ""
    label: str = ""
    max_length: int = 0
    is_long: bool = False
    optional: bool = False


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The screen at one moment; `composer` is None between two emails."""

    composer: Composer | None
    letter: tuple[LetterPart, ...]
    near_options: tuple[Option, ...]
    far_options: tuple[Option, ...]
    undoable: Undoable | None
    answered_today: int
    waiting: int
    team_answered: int
    may_claim: bool
    no_answer_form: NoAnswerForm | None
    at: datetime

    @property
    def has_best(self) -> bool:
        """Tells whether the first option answers what the sorter is sure this is about."""
        page = self.composer
        return bool(page and page.confident and page.options[0].label == page.label)

    @property
    def is_far_chosen(self) -> bool:
        """Tells whether the chosen answer is among those that are folded away."""
        return bool(self.composer and self.composer.chosen in self.far_options)


NEAR = 6


def desk(*, by: Actor, at: datetime) -> Desk:
    """Gives the screen of `by` at `at`."""
    ticket = held_by(by.id, at)
    if ticket is not None and not may(by, Act.DESK_VIEW):
        ticket = None
    open_page = composer(ticket=ticket, by=by, at=at) if ticket else None
    options = open_page.options if open_page else ()
    near = tuple(option for option in options if not option.is_other_language)[:NEAR] or options[:1]
    now = board(at=at)
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return Desk(
        composer=open_page,
        letter=_letter(open_page) if open_page else (),
        near_options=near,
        far_options=tuple(option for option in options if option not in near),
        undoable=undoable(user_id=by.id, at=at),
        answered_today=answered_since(since=midnight, user_id=by.id),
        waiting=now.waiting,
        team_answered=now.went_out_hour,
        may_claim=may(by, Act.PERSON_HELP),
        no_answer_form=NoAnswerForm() if may(by, Act.EMAIL_BROWSE) else None,
        at=at,
    )


def _letter(page: Composer) -> tuple[LetterPart, ...]:
    """The chosen answer; before one is chosen, a place for one's own line all the same."""
    parts = page.chosen.parts if page.chosen else (SLOTS["own line"],)
    typed = {**page.suggested, **(page.draft.slots if page.draft else {})}
    return tuple(
        LetterPart(text=_with_names(part.text, page))
        if isinstance(part, Locked)
        else LetterPart(
            text=typed.get(part.name, ""),
            name=part.name,
            label=str(part.label),
            max_length=part.max_length,
            is_long=part.multiline,
            optional=part.optional,
        )
        for part in parts
    )


def _with_names(text: str, page: Composer) -> str:
    """The locked words as they will leave; a name we do not know stays visible as a gap."""
    try:
        return fill(text, page.variables)
    except MissingVariable:
        return text
