"""What the helper's screen shows: the email in their hands, or what a pause needs."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from triage.accounts.policy import Act, Actor, Subject, Trust, may
from triage.desk.forms import NoAnswerForm
from triage.desk.leaving import Left, last_one_left
from triage.desk.pulse import Email, OpenPage, Pulse, is_paused, notes
from triage.desk.team import Team, team
from triage.queues.models import Ticket
from triage.queues.queries import held_by
from triage.replies.composer import Composer, Option, composer
from triage.replies.composing import update_page_of
from triage.replies.own_day import OwnDay, own_day
from triage.replies.review_queries import Heard, heard_by
from triage.responses.blocks import SLOTS, Locked, MissingVariable, fill
from triage.responses.own_lines import own_lines
from triage.volunteers.queries import OpenIncident, thank_you_lines


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
class Pause:
    """What stands between two emails: how far all are, how the last email went away, and words.

    `heard` is what a colleague said of the answers they read, `thanks` a line that a supervisor
    picked for everybody, without name or detail; "" for none.
    """

    team: Team
    left: Left | None
    heard: Heard | None
    thanks: str = ""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The screen at one moment: an email with its `composer`, or a `pause` between two."""

    composer: Composer | None
    pause: Pause | None
    pulse: Pulse | None
    letter: tuple[LetterPart, ...]
    near_options: tuple[Option, ...]
    far_options: tuple[Option, ...]
    day: OwnDay
    may_claim: bool
    may_ask_review: bool
    must_read_again: bool
    is_paused: bool
    no_answer_form: NoAnswerForm | None
    at: datetime

    @property
    def has_best(self) -> bool:
        """Tells whether the first option answers what the sorter is sure this is about."""
        page = self.composer
        return bool(page and page.confident and page.options[0].label == page.label)

    @property
    def writes_in(self) -> str:
        """Gives the language of the letter: of the chosen answer, else of the person."""
        page = self.composer
        if page is None:
            return ""
        return page.chosen.language if page.chosen else page.language

    @property
    def own_lines(self) -> tuple[str, ...]:
        """Gives a few kind lines in that language, to tap instead of searching for words."""
        label = self.composer.label if self.composer else ""
        return own_lines(label=label, language=self.writes_in)

    @property
    def is_far_chosen(self) -> bool:
        """Tells whether the chosen answer is among those that are folded away."""
        return bool(self.composer and self.composer.chosen in self.far_options)

    @property
    def undo_seconds(self) -> int:
        """Gives for how long the last answer can still be taken back."""
        last = self.day.undoable
        return max(0, round((last.until - self.at).total_seconds())) if last else 0


NEAR = 6


def desk(*, by: Actor, at: datetime, incident: OpenIncident | None = None) -> Desk:
    """Gives the screen of `by` at `at`, in at most eight statements."""
    ticket = _theirs(held_by(by.id, at), by=by)
    told = update_page_of(incident.slug if incident else "")
    page = composer(ticket=ticket, by=by, at=at, update_page=told) if ticket else None
    options = page.options if page else ()
    near = tuple(option for option in options if not option.is_other_language)[:NEAR] or options[:1]
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    day = own_day(user_id=by.id, since=midnight, at=at)
    return Desk(
        composer=page,
        pause=None if page else _pause(day, incident, by=by, midnight=midnight, at=at),
        pulse=_pulse(page, by=by, at=at) if page else None,
        letter=_letter(page) if page else (),
        near_options=near,
        far_options=tuple(option for option in options if option not in near),
        day=day,
        may_claim=may(by, Act.PERSON_HELP),
        may_ask_review=by.trust < Trust.REVIEWER,
        must_read_again=by.helping is not None and by.helping.must_read_again,
        is_paused=is_paused(by.helping),
        no_answer_form=NoAnswerForm() if may(by, Act.EMAIL_BROWSE) else None,
        at=at,
    )


def _theirs(ticket: Ticket | None, *, by: Actor) -> Ticket | None:
    """The email, while they may see it: the level may have changed since they took it."""
    if ticket is None:
        return None
    seen = Subject(kind="ticket", holder_id=ticket.holder_id, is_lane=ticket.queue.is_lane)
    return ticket if may(by, Act.EMAIL_VIEW, seen) else None


def _pause(
    day: OwnDay, incident: OpenIncident | None, *, by: Actor, midnight: datetime, at: datetime
) -> Pause:
    lines = thank_you_lines(incident_id=incident.id) if incident and day.answered else ()
    return Pause(
        team=team(since=midnight),
        left=last_one_left(user_id=by.id, at=at),
        heard=heard_by(by.id, since=midnight) if by.trust < Trust.REVIEWER else None,
        thanks=lines[day.answered % len(lines)] if lines else "",
    )


def _pulse(page: Composer, *, by: Actor, at: datetime) -> Pulse:
    """What a page says as it is drawn: all it shows is new, so only time can press."""
    email = Email(
        held_until=page.held_until,
        held_at_most_until=page.held_at_most_until,
        latest_message_id=page.seen_message_id,
        is_usable=True,
        solved=sum(question.answered_at is not None for question in page.questions),
        customer_name=page.customer_name,
    )
    drawn = OpenPage(
        ticket_id=page.ticket_id,
        message_id=page.seen_message_id,
        version_id=page.chosen.version_id if page.chosen else None,
        solved=email.solved,
    )
    said = notes(drawn, email, helping=by.helping, at=at)
    return Pulse(email=email, left=None, notes=said)


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
