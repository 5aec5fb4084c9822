"""What is still to be answered or to leave: the list that closing an incident is about."""

from dataclasses import asdict, dataclass

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from inbox.models import Arrival, Message, OutboundMessage
from triage.queues.models import Queue, Ticket
from triage.replies.models import Reply

NAMES = {
    "waiting": _("Emails not looked at yet"),
    "open": _("People who wait for an answer"),
    "handed_over": _("People who wait in a lane"),
    "set_aside": _("Emails set aside because nobody could read them"),
    "in_review": _("Answers that a colleague has not read yet"),
    "queued": _("Answers on their way"),
    "sending": _("Answers leaving now"),
    "unknown": _("Answers of which nobody knows whether they left"),
}


@dataclass(frozen=True, kw_only=True)
class LeftOver:
    """Counts of what is left. A person whose answer is on its way still waits until it is there."""

    waiting: int
    open: int
    handed_over: int
    set_aside: int
    in_review: int
    queued: int
    sending: int
    unknown: int

    def as_counts(self) -> dict[str, int]:
        """Gives what there is, by name; empty when nothing is left."""
        return {name: count for name, count in asdict(self).items() if count}

    def in_words(self) -> list[tuple[str, int]]:
        """Gives what there is with the words for it."""
        return [(str(NAMES[name]), count) for name, count in self.as_counts().items()]


def left_over() -> LeftOver:
    """Gives what is left now, from the indexes of what is not finished; six statements.

    The ledger's words are meant, counted by person where one conversation holds several emails.
    """
    lanes = _by_kind_of_queue()
    sends = _by_state_of_sending()
    state = OutboundMessage.State
    return LeftOver(
        waiting=Message.objects.filter(due_at__isnull=False).count()
        + Arrival.objects.filter(state=Arrival.State.STORED).count()
        + Arrival.objects.filter(state=Arrival.State.LISTED).count(),
        open=lanes.get(Queue.Kind.OPEN, 0),
        handed_over=lanes.get(Queue.Kind.LANE, 0),
        set_aside=Arrival.objects.filter(state=Arrival.State.QUARANTINED).count(),
        in_review=Reply.objects.filter(state=Reply.State.IN_REVIEW).count(),
        queued=sends.get(state.QUEUED, 0),
        sending=sends.get(state.SENDING, 0),
        unknown=sends.get(state.UNKNOWN, 0),
    )


def _by_kind_of_queue() -> dict[str, int]:
    active = Ticket.objects.filter(state__in=[Ticket.State.OPEN, Ticket.State.ANSWERING])
    counted = active.values_list("queue__kind").annotate(count=Count("pk")).order_by()
    return dict(counted)


def _by_state_of_sending() -> dict[str, int]:
    state = OutboundMessage.State
    unfinished = OutboundMessage.objects.filter(
        kind=OutboundMessage.Kind.ANSWER, state__in=[state.QUEUED, state.SENDING, state.UNKNOWN]
    )
    return dict(unfinished.values_list("state").annotate(count=Count("pk")).order_by())
