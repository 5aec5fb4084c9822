"""Who may do what: one pure function, deny by default."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from triage.accounts.ceremony import STRICT, Ceremony


class Act(StrEnum):
    """Everything that needs permission; each has one rule below."""

    BRIEFING_READ = "briefing.read"
    DESK_VIEW = "desk.view"
    PERSON_HELP = "person.help"
    EMAIL_VIEW = "email.view"
    EMAIL_ANSWER = "email.answer"
    EMAIL_BROWSE = "email.browse"
    SENT_VIEW = "sent.view"
    REPLY_UNDO = "reply.undo"
    REPLY_DECIDE = "reply.decide"
    REPLY_REVIEW = "reply.review"
    LANE_HAND_OVER = "lane.hand_over"
    LANE_HAND_BACK = "lane.hand_back"
    LANE_NOTE = "lane.note"
    LANE_STEER = "lane.steer"
    BOARD_VIEW = "board.view"
    BOARD_STEER = "board.steer"
    SENDING_PAUSE = "sending.pause"
    QUESTION_ANSWER = "question.answer"
    PRACTICE_WRITE = "practice.write"
    RESPONSE_VIEW = "response.view"
    RESPONSE_WRITE = "response.write"
    RESPONSE_APPROVE = "response.approve"
    RESPONSE_PAUSE = "response.pause"
    LEVEL_CHANGE = "level.change"
    LEVEL_EXTEND = "level.extend"
    BRIEFING_WRITE = "briefing.write"
    FACT_WRITE = "fact.write"
    FACT_CONFIRM = "fact.confirm"
    LINK_MAKE = "link.make"
    JOIN_DECIDE = "join.decide"
    LOGIN_LEND = "login.lend"
    MAILBOX_VIEW = "mailbox.view"
    MAILBOX_CHANGE = "mailbox.change"
    SET_ASIDE_DECIDE = "set_aside.decide"
    LEDGER_VIEW = "ledger.view"
    AUDIT_VIEW = "audit.view"
    INCIDENT_EXPORT = "incident.export"
    ALERT_SEE = "alert.see"
    OWN_ACCOUNT = "own.account"
    SETTINGS_CHANGE = "settings.change"


class Trust(IntEnum):
    """How much a person writes without a colleague reading it first; it only grows by review.

    A newcomer's own words are read before they go; who is trusted sends approved text with their
    own line; an editor may change words within bounds; a reviewer reads what others wrote.
    """

    NEWCOMER = 0
    TRUSTED = 1
    EDITOR = 2
    REVIEWER = 3


@dataclass(frozen=True, kw_only=True)
class Helping:
    """A helper's time: valid only while the incident's level and the clock allow it.

    `must_read_again` is true from the moment the briefing changed, or a fact was contradicted,
    until this person acknowledged it. `languages` are those they answer in (none: any);
    `takes_furious` is their wish for more than two furious emails in a row; `department` is there
    when they want it named under their answers.
    """

    until: datetime
    state: str
    level: str
    briefed: bool
    trust: Trust = Trust.NEWCOMER
    must_read_again: bool = False
    languages: tuple[str, ...] = ()
    takes_furious: bool = False
    department: str = ""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A person at one moment: the roles they hold and, for a helper, their helping time."""

    id: int
    name: str
    at: datetime
    roles: frozenset[str] = frozenset()
    helping: Helping | None = None
    ceremony: Ceremony = STRICT

    def has(self, *roles: str) -> bool:
        """Tells whether the person holds one of these roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def trust(self) -> Trust:
        """Gives how much goes out unread: the steady team's all, a helper's what they earned."""
        if self.has("support", "supervisor"):
            return Trust.REVIEWER
        return self.helping.trust if self.helping else Trust.NEWCOMER


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What an act is done to; each slice fills in what it knows."""

    kind: str = ""
    holder_id: int | None = None
    author_id: int | None = None
    is_lane: bool = False
    serves: frozenset[int] = field(default_factory=frozenset)
    members: frozenset[int] = field(default_factory=frozenset)


NOTHING = Subject()
Rule = Callable[[Actor, Subject], bool]


def may(actor: Actor | None, act: Act, subject: Subject = NOTHING) -> bool:
    """Tells whether this person may do this now. Who is nobody, or has no rule, may not."""
    rule = RULES.get(act)
    return actor is not None and rule is not None and rule(actor, subject)


def _role(*roles: str) -> Rule:
    return lambda actor, subject: actor.has(*roles)


# Who is at it, or could be with one press; everybody else is on the way here, or held up, or gone.
HELPING_STATES = frozenset({"ready", "active", "on_break"})
# Who was asked to pause begins nothing new, and may finish what is in their hands.
FINISHING_STATES = HELPING_STATES | {"paused"}


def _helper(
    actor: Actor, levels: frozenset[str], states: frozenset[str] = FINISHING_STATES
) -> bool:
    helping = actor.helping
    return (
        helping is not None
        and helping.state in states
        and helping.briefed
        and actor.at < helping.until
        and helping.level in levels
    )


_ANY_OPEN = frozenset({"watch", "elevated", "all-hands", "recovery"})
_JOINING = frozenset({"all-hands"})
_FINISHING = frozenset({"all-hands", "recovery"})


def _may_help(actor: Actor, subject: Subject) -> bool:
    if actor.helping is not None and actor.helping.must_read_again:
        return False
    return actor.has("support", "supervisor") or _helper(actor, _JOINING, HELPING_STATES)


def _may_view_desk(actor: Actor, subject: Subject) -> bool:
    return actor.has("support", "supervisor") or _helper(actor, _ANY_OPEN)


_STAFF = ("support", "supervisor", "approver", "admin")


def _may_answer(actor: Actor, subject: Subject) -> bool:
    """What they hold; what is in a lane never for helpers, whoever put it into their hands."""
    if subject.holder_id != actor.id:
        return False
    if actor.has("support", "supervisor"):
        return True
    return not subject.is_lane and _helper(actor, _FINISHING)


def _may_view_email(actor: Actor, subject: Subject) -> bool:
    if _may_answer(actor, subject) or actor.has("supervisor"):
        return True
    return actor.has("support") and (not subject.is_lane or actor.id in subject.serves)


def _is_author(actor: Actor, subject: Subject) -> bool:
    active = actor.has("support", "supervisor") or _helper(actor, _FINISHING)
    return subject.author_id == actor.id and active


def _may_approve(actor: Actor, subject: Subject) -> bool:
    """In a small team any second person of the staff; never one's own words."""
    second_person = actor.ceremony.any_second_person_approves and actor.has(*_STAFF)
    return (actor.has("approver") or second_person) and subject.author_id != actor.id


def _may_confirm_fact(actor: Actor, subject: Subject) -> bool:
    return actor.has("supervisor", "approver", "admin") and subject.author_id != actor.id


def _may_review(actor: Actor, subject: Subject) -> bool:
    """Nobody reads their own; of a lane only those who serve it, and supervisors."""
    if subject.author_id == actor.id:
        return False
    if actor.has("supervisor"):
        return True
    if actor.has("support"):
        return not subject.is_lane or actor.id in subject.serves
    is_trusted = actor.trust >= Trust.REVIEWER and _helper(actor, _FINISHING)
    return is_trusted and not subject.is_lane


def _may_hand_over(actor: Actor, subject: Subject) -> bool:
    if actor.has("supervisor"):
        return True
    return actor.has("support") and (not subject.is_lane or actor.id in subject.serves)


def _may_hand_back(actor: Actor, subject: Subject) -> bool:
    return subject.is_lane and _may_hand_over(actor, subject)


def _may_note(actor: Actor, subject: Subject) -> bool:
    """Members of that lane alone: not even a supervisor who is none."""
    return subject.is_lane and actor.id in subject.members and actor.has("support", "supervisor")


def _may_read_briefing(actor: Actor, subject: Subject) -> bool:
    if actor.has("support", "supervisor", "approver", "admin", "auditor"):
        return True
    helping = actor.helping
    return (
        helping is not None
        and helping.state not in {"ended", "suspended"}
        and actor.at < helping.until
    )


RULES: dict[Act, Rule] = {
    Act.BRIEFING_READ: _may_read_briefing,
    Act.DESK_VIEW: _may_view_desk,
    Act.PERSON_HELP: _may_help,
    Act.EMAIL_VIEW: _may_view_email,
    Act.EMAIL_ANSWER: _may_answer,
    Act.EMAIL_BROWSE: _role("support", "supervisor"),
    Act.SENT_VIEW: _is_author,
    Act.REPLY_UNDO: _is_author,
    Act.REPLY_DECIDE: _role("supervisor"),
    Act.REPLY_REVIEW: _may_review,
    Act.LANE_HAND_OVER: _may_hand_over,
    Act.LANE_HAND_BACK: _may_hand_back,
    Act.LANE_NOTE: _may_note,
    Act.LANE_STEER: _role("supervisor", "admin"),
    Act.BOARD_VIEW: _role("supervisor", "admin"),
    Act.BOARD_STEER: _role("supervisor"),
    Act.SENDING_PAUSE: _role("supervisor", "admin"),
    Act.QUESTION_ANSWER: _role("supervisor"),
    Act.PRACTICE_WRITE: _role("supervisor"),
    Act.RESPONSE_VIEW: _role(*_STAFF),
    Act.RESPONSE_WRITE: _role("support", "supervisor", "approver"),
    Act.RESPONSE_APPROVE: _may_approve,
    Act.RESPONSE_PAUSE: _role("supervisor", "approver"),
    Act.LEVEL_CHANGE: _role("admin"),
    Act.LEVEL_EXTEND: _role("supervisor", "admin"),
    Act.BRIEFING_WRITE: _role("supervisor", "admin"),
    Act.FACT_WRITE: _role("supervisor", "approver", "admin"),
    Act.FACT_CONFIRM: _may_confirm_fact,
    Act.LINK_MAKE: _role("admin"),
    Act.JOIN_DECIDE: _role("admin"),
    Act.LOGIN_LEND: _role("admin"),
    Act.MAILBOX_VIEW: _role("supervisor", "admin", "auditor"),
    Act.MAILBOX_CHANGE: _role("admin"),
    Act.SET_ASIDE_DECIDE: _role("supervisor", "admin"),
    Act.LEDGER_VIEW: _role("supervisor", "admin", "auditor"),
    Act.AUDIT_VIEW: _role("auditor"),
    Act.INCIDENT_EXPORT: _role("auditor", "admin"),
    Act.ALERT_SEE: _role("supervisor", "admin"),
    Act.OWN_ACCOUNT: lambda actor, subject: True,
    Act.SETTINGS_CHANGE: _role("admin"),
}
