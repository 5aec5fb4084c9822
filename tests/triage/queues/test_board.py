"""The board's numbers are what the tickets say, and cost a handful of statements."""

import random

import pytest

from tests.factories import desk
from tests.factories.desk import NOON, minutes
from triage.queues import counters
from triage.queues.actions import (
    PassReason,
    claim_next,
    give_back,
    leave,
    no_reply_needed,
    pass_on,
    release,
    start_answering,
)
from triage.queues.jobs import fold, lapse
from triage.queues.models import CounterDelta, Outcome, Ticket
from triage.queues.queries import board, held_by, people

pytestmark = pytest.mark.django_db
PEOPLE = ("Ann", "Bob", "Carla")


def answer(ticket, by):
    start_answering(ticket=Ticket.objects.get(pk=ticket.pk), by=by, at=NOON)


def take_back(ticket, by):
    answer(ticket, by)
    give_back(ticket=Ticket.objects.get(pk=ticket.pk), holder_id=by.id, at=NOON)


WITH_AN_EMAIL = (
    answer,
    take_back,
    lambda ticket, by: leave(by=by, at=NOON),
    lambda ticket, by: pass_on(ticket_id=ticket.pk, reason=PassReason.TOO_HARD, by=by, at=NOON),
    lambda ticket, by: release(ticket_id=ticket.pk, by=desk.actor("Sam", "supervisor"), at=NOON),
    lambda ticket, by: no_reply_needed(
        ticket_id=ticket.pk, reason=Outcome.Reason.DOUBLE, by=by, at=NOON
    ),
    lambda ticket, by: lapse(at=NOON + minutes(21)),
    lambda ticket, by: None,
)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_people_do_the_numbers_stay_right(seed):
    chance = random.Random(seed)
    for _ in range(40):
        if chance.random() < 0.4:
            desk.ticket(chance.choice(["other", "praise", "legal"]))
        by = desk.actor(chance.choice(PEOPLE))
        ticket = claim_next(by=by, at=NOON)
        if ticket is not None:
            chance.choice(WITH_AN_EMAIL)(ticket, by)
        if chance.random() < 0.2:
            fold(at=NOON)
        assert counters.reconcile() == ()


def test_a_wrong_number_is_found():
    waiting = desk.ticket()
    counters.add([counters.waiting(waiting.queue_id, 3)], at=NOON)
    difference = counters.reconcile()[0]
    assert (difference.measure, difference.counted, difference.shown) == ("waiting", 1, 4)


def test_folding_changes_no_number_and_removes_the_changes():
    for _ in range(5):
        desk.ticket()
    claim_next(by=desk.actor("Ann"), at=NOON)
    before = counters.read(at=NOON)
    assert fold(at=NOON) == 7
    assert fold(at=NOON) == 0
    assert counters.read(at=NOON) == before
    assert not CounterDelta.objects.exists()


def test_the_last_hour_is_sixty_minutes_and_not_the_clock_hour():
    praise = desk.queue("praise").pk
    counters.add([counters.came_in(praise, 60)], at=NOON - minutes(5))
    assert counters.read(at=NOON)[praise, "came_in"] == 60
    assert counters.read(at=NOON + minutes(15))[praise, "came_in"] == 45
    assert counters.read(at=NOON + minutes(60))[praise, "came_in"] == 0


def test_the_board_shows_each_queue():
    desk.ticket("praise", promise_at=NOON - minutes(10))
    desk.ticket("praise", promise_at=NOON - minutes(30))
    claim_next(by=desk.actor("Ann"), at=NOON)
    shown = board(at=NOON)
    line = next(line for line in shown.queues if line.key == "praise")
    assert (line.waiting, line.held, line.people) == (1, 1, 1)
    assert line.oldest_promise_at == NOON - minutes(10)
    assert (shown.waiting, shown.held, shown.people) == (1, 1, 1)


def test_the_board_costs_the_same_however_many_wait(django_assert_num_queries):
    for size in (1, 30):
        for _ in range(size):
            desk.ticket()
        desk.actor("Ann")
        with django_assert_num_queries(6):
            board(at=NOON)


def test_people_shows_who_holds_what_and_serves_what():
    held = desk.ticket()
    claim_next(by=desk.actor("Ann"), at=NOON)
    desk.actor("Sam", "supervisor")
    (ann,) = people(at=NOON)
    assert (ann.name, ann.ticket_id, ann.held_since) == ("Ann", held.pk, NOON)
    assert held.queue_id in ann.serves


def test_what_one_holds_is_shown_until_their_time_is_over():
    held = desk.ticket()
    ann = desk.actor("Ann")
    claim_next(by=ann, at=NOON)
    assert held_by(ann.id, NOON + minutes(20)) == held
    assert held_by(ann.id, NOON + minutes(21)) is None
