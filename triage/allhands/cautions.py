"""What should be so before all-hands mode is switched on. It warns and never blocks. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# More mail keeps coming while those who wait are answered.
ROOM_FOR_NEW_MAIL = 0.75


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """How far everything is that the switch rests on.

    `sends_a_day` is what the mailboxes may send together, None when nobody set a limit.
    """

    mailboxes: int
    failing: tuple[str, ...]
    queues_without_answer: tuple[str, ...]
    supervisors: int
    has_briefing: bool
    briefed: int
    staff_told: bool
    waiting: int
    sends_a_day: int | None


@dataclass(frozen=True)
class Caution:
    """One thing that is not as it should be: its key in the record, and a sentence."""

    key: str
    text: str


def cautions(now: Readiness) -> tuple[Caution, ...]:
    """Gives what is not as it should be, in the order of the steps; nothing when all is well."""
    return (*_mailboxes(now), *_answers(now), *_people(now), *_sending(now))


def _mailboxes(now: Readiness) -> Iterator[Caution]:
    if not now.mailboxes:
        yield Caution("no_mailbox", _("No mailbox is in service yet."))
    elif now.failing:
        yield Caution(
            "mailbox_failing",
            _("Not every mailbox works: %(addresses)s.") % {"addresses": ", ".join(now.failing)},
        )


def _answers(now: Readiness) -> Iterator[Caution]:
    if now.queues_without_answer:
        yield Caution(
            "queue_without_answer",
            _("No approved answer yet for: %(queues)s.")
            % {"queues": ", ".join(now.queues_without_answer)},
        )


def _people(now: Readiness) -> Iterator[Caution]:
    if not now.supervisors:
        yield Caution("no_supervisor", _("Nobody is named as supervisor."))
    if not now.has_briefing:
        yield Caution("no_briefing", _("The briefing is not written yet."))
    if not now.staff_told:
        yield Caution("staff_not_told", _("Our own people have not been told yet."))
    if not now.briefed:
        yield Caution("nobody_briefed", _("No helper has read the briefing yet."))


def _sending(now: Readiness) -> Iterator[Caution]:
    most = now.sends_a_day
    if most is not None and now.waiting > most * ROOM_FOR_NEW_MAIL:
        may_send = ngettext(
            "This account may send %(most)s a day",
            "These accounts together may send %(most)s a day",
            now.mailboxes,
        )
        wait = ngettext("%(count)s person waits", "%(count)s people wait", now.waiting)
        words = {
            "may_send": may_send % {"most": f"{most:,}"},
            "wait": wait % {"count": f"{now.waiting:,}"},
        }
        yield Caution("sending_capacity", _("%(may_send)s; %(wait)s: add a relay.") % words)
