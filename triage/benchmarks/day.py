"""A whole day under a simulated clock: the real routing, claims, leases and pauses.

`python -m triage.benchmarks.day PEOPLE MAILS VANISH SEED` fills the empty installation of this
environment and prints one JSON object. People come, take what they are given, pass some on, pause
when it is suggested, and some leave without a word; the lapse step runs every simulated minute.
"""

import heapq
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from inbox.models import Conversation, Mailbox, Message  # noqa: E402
from triage.accounts.models import User  # noqa: E402
from triage.accounts.policy import Actor, Helping  # noqa: E402
from triage.benchmarks.day_cast import Helper, Writer, helpers, writers  # noqa: E402
from triage.benchmarks.day_report import Happened, report  # noqa: E402
from triage.queues import routing  # noqa: E402
from triage.queues.actions import (  # noqa: E402
    Arrived,
    NotHeld,
    PassReason,
    claim_next,
    open_tickets,
    pass_on,
    renew,
    start_answering,
)
from triage.queues.actions.outcomes import unanswered  # noqa: E402
from triage.queues.holding import working_since  # noqa: E402
from triage.queues.jobs import fold, lapse  # noqa: E402
from triage.queues.lines import Server, may_serve  # noqa: E402
from triage.queues.models import Line, Outcome, Pace, Queue, Ticket  # noqa: E402
from triage.queues.pace import FURIOUS_IN_ROW, is_due_a_pause  # noqa: E402
from triage.queues.places import key_of  # noqa: E402

MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LONGEST = timedelta(days=3)
MINUTE = timedelta(minutes=1)
_TYPING_EVERY = timedelta(minutes=9)
_PAUSES = 0.8  # of those to whom it is suggested
_PASSES = (("too_hard", 0.010), ("upsets_me", 0.012), ("know_person", 0.003), ("access", 0.004))

Event = Callable[[datetime], None]


@dataclass
class Day:
    """One day: what is still to happen, and what did."""

    random: Random
    mailbox: Mailbox
    happened: Happened = field(default_factory=Happened)
    due: list[tuple[datetime, int, Event]] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=count)
    conversations: dict[int, int] = field(default_factory=dict)
    holds: dict[int, int] = field(default_factory=dict)
    still_to_write: int = 0
    open_now: int = 0

    def at(self, moment: datetime, event: Event) -> None:
        """Lets something happen then; what is due at the same time keeps its order."""
        heapq.heappush(self.due, (moment, next(self.numbers), event))

    def run(self) -> None:
        """Goes on until everybody who wrote is answered, or nobody can."""
        self.at(MORNING + MINUTE, self._minute)
        while self.due:
            moment, _number, event = heapq.heappop(self.due)
            if self._is_over(moment):
                return
            event(moment)

    def _is_over(self, moment: datetime) -> bool:
        if not self.still_to_write and not self.open_now:
            self.happened.clear_at = self.happened.clear_at or moment
            return True
        return moment > MORNING + LONGEST

    def _minute(self, at: datetime) -> None:
        """The steps that run by the clock."""
        while returned := lapse(at=at):
            self.happened.lapses += returned
        while fold(at=at):
            pass
        self.at(at + MINUTE, self._minute)

    def writes(self, writer: Writer, at: datetime) -> None:
        """An email comes in, is routed, and waits."""
        self.still_to_write -= 1
        with transaction.atomic():
            message = self._message(writer, at)
            arrived = Arrived(
                message_id=message.pk,
                conversation_id=message.conversation_id,
                received_at=at,
                route=routing.route(
                    label=writer.label, confident=True, subject="", text=writer.words
                ),
                classification_version=1,
                language=writer.language,
                tone=writer.tone,
            )
            opened = open_tickets(arrived=[arrived], at=at)
        self.open_now += opened.opened + opened.reopened

    def _message(self, writer: Writer, at: datetime) -> Message:
        number = next(self.numbers)
        if writer.number not in self.conversations:
            made = Conversation.objects.create(
                customer_address=f"person{writer.number}@example.net",
                customer_name=f"Person {writer.number}",
                mailbox=self.mailbox,
                opened_at=at,
            )
            self.conversations[writer.number] = made.pk
        return Message.objects.create(
            conversation_id=self.conversations[writer.number],
            mailbox=self.mailbox,
            raw_sha256=f"{number:064x}",
            raw_size=1,
            content_sha256=f"{number:064x}",
            message_id=f"{number}@example.net",
            from_address=f"person{writer.number}@example.net",
            received_at=at,
            kind=Message.Kind.PERSON,
            language=writer.language,
            created_at=at,
        )


@dataclass
class Worker:
    """One helper in the day."""

    day: Day
    helper: Helper
    user_id: int
    claims: int = 0

    def actor(self, at: datetime) -> Actor:
        """This person as the policy sees them now."""
        helping = Helping(
            until=MORNING + LONGEST + timedelta(days=1),
            state="active",
            level="all-hands",
            briefed=True,
            trust=self.helper.trust,
            languages=self.helper.languages,
        )
        name = f"Helper {self.helper.number}"
        if self.helper.is_support:
            return Actor(id=self.user_id, name=name, at=at, roles=frozenset({"support"}))
        return Actor(id=self.user_id, name=name, at=at, helping=helping)

    def press(self, at: datetime) -> None:
        """Asks for the next person; looks again in a while when nobody waits."""
        day, random = self.day, self.day.random
        ticket = claim_next(by=self.actor(at), at=at)
        if ticket is None:
            wait = MINUTE * random.uniform(3, 8)
            day.happened.idle += wait
            day.happened.present += wait
            day.at(at + wait, self.press)
            return
        self._note(ticket, at)
        if self.helper.leaves_after is not None and self.claims >= self.helper.leaves_after:
            day.happened.vanished += 1
            return
        needs = MINUTE * self.helper.minutes_per_email * random.lognormvariate(0, 0.5)
        day.happened.present += needs
        day.at(at + min(needs, _TYPING_EVERY), lambda then: self._types(ticket, at + needs, then))

    def _note(self, ticket: Ticket, at: datetime) -> None:
        happened = self.day.happened
        self.claims += 1
        happened.people_given.add(self.helper.number)
        if Pace.objects.get(pk=self.user_id).furious_in_row > FURIOUS_IN_ROW:
            chosen = happened.three_furious if self._others_waited() else happened.only_furious
            chosen.add(self.helper.number)
        holder = self.day.holds.get(ticket.pk)
        if holder is not None:
            still = Ticket.objects.filter(pk=ticket.pk, holder_id=holder).exists()
            happened.double_claims += holder != self.user_id and still
        self.day.holds[ticket.pk] = self.user_id

    def _others_waited(self) -> bool:
        """Whether an email that is not furious waited for this person too."""
        by = self.actor(MORNING)
        queues = Queue.objects.filter(kind=Queue.Kind.OPEN).values_list("pk", flat=True)
        server = Server(queue_ids=set(queues), languages=self.helper.languages, trust=by.trust)
        calm = Ticket.objects.filter(
            line__in=Line.objects.exclude(tone="angry"), state=Ticket.State.OPEN, holder=None
        ).exclude(passed_on__user_id=self.user_id)
        return any(may_serve(server, key_of(ticket.line)) for ticket in calm.select_related("line"))

    def _types(self, ticket: Ticket, until: datetime, at: datetime) -> None:
        """Keeps the email by typing, and answers it when the time for it is over."""
        by = self.actor(at)
        try:
            if at < until:
                renew(ticket_id=ticket.pk, by=by, at=at)
                then = min(until, at + _TYPING_EVERY)
                self.day.at(then, lambda moment: self._types(ticket, until, moment))
                return
            self._finish(ticket, by, at)
        except NotHeld:  # it took them longer than an hour
            pass
        self._go_on(at)

    def _finish(self, ticket: Ticket, by: Actor, at: datetime) -> None:
        reason = self._reason_to_pass(ticket)
        if reason is not None:
            pass_on(ticket_id=ticket.pk, reason=reason, by=by, at=at)
            self.day.happened.passed_on[reason.value] += 1
            return
        with transaction.atomic():
            start_answering(
                ticket=Ticket.objects.select_for_update().get(pk=ticket.pk), by=by, at=at
            )
            Outcome.objects.bulk_create(
                Outcome(
                    message=message,
                    kind=Outcome.Kind.ANSWERED_ELSEWHERE,
                    reference="simulated",
                    by_name=by.name,
                    at=at,
                )
                for message in unanswered(ticket.conversation_id)
            )
            Ticket.objects.filter(pk=ticket.pk).update(state=Ticket.State.CLOSED, closed_at=at)
        self.day.open_now -= 1
        self.day.happened.waits.append(at - ticket.opened_at)
        self.day.happened.answered_by[self.helper.number] += 1

    def _reason_to_pass(self, ticket: Ticket) -> PassReason | None:
        """The steady team answers what it is given."""
        if self.helper.is_support:
            return None
        drawn = self.day.random.random()
        for reason, share in _PASSES:
            drawn -= share
            if drawn < 0:
                return PassReason(reason)
        return None

    def _go_on(self, at: datetime) -> None:
        random = self.day.random
        since = working_since(user_id=self.user_id, at=at)
        pause = MINUTE * random.uniform(0.2, 1)
        if since and is_due_a_pause(since, at=at) and random.random() < _PAUSES:
            pause = MINUTE * random.uniform(10, 15)
        self.day.at(at + pause, self.press)


def simulate(*, people: int, mails: int, vanish: float, seed: int) -> dict[str, object]:
    """Gives what the day came to; the same numbers give the same day."""
    random = Random(seed)  # noqa: S311 - a drawn day, nothing secret
    _quick()
    day = Day(
        random,
        Mailbox.objects.create(address="help@example.org", kind="import", created_at=MORNING),
    )
    cast = helpers(people, vanish=vanish, random=random)
    for helper in cast:
        worker = Worker(day, helper, _user(helper))
        day.at(MORNING + helper.comes_after, worker.press)
    for writer in writers(mails, random=random):
        _will_write(day, writer)
    day.run()
    told = report(
        day.happened,
        mails=mails,
        stranded=Ticket.objects.exclude(state=Ticket.State.CLOSED).count(),
        helpers=[helper.number for helper in cast],
        began_at=MORNING,
    )
    return {"people": people, "vanish": vanish, "seed": seed, **told}


def _will_write(day: Day, writer: Writer) -> None:
    first = MORNING + writer.writes_after
    for moment in (first, first + writer.again_after if writer.again_after else None):
        if moment is not None:
            day.still_to_write += 1
            day.at(moment, lambda at: day.writes(writer, at))


def _user(helper: Helper) -> int:
    name = f"Helper {helper.number}"
    return User.objects.create(
        email=f"helper{helper.number}@example.org", name=name, shown_name=name, created_at=MORNING
    ).pk


def _quick() -> None:
    """Nothing of this day must survive a power cut."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")


if __name__ == "__main__":
    people, mails, vanish, seed = sys.argv[1:]
    told = simulate(people=int(people), mails=int(mails), vanish=float(vanish), seed=int(seed))
    sys.stdout.write(json.dumps(told) + "\n")
