"""Proposals help the queue that is clear last, and leave nobody short."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triage.queues.proposals import NEVER, SHORT_WAIT, Load, effect, propose

HOUR = timedelta(hours=1)


def load(queue_id: int, **more: object) -> Load:
    fields: dict[str, object] = {
        "queue_id": queue_id,
        "name": f"Queue {queue_id}",
        "waiting": 100,
        "came_in": 0.0,
        "each": 5.0,
        "hands": 10,
        "movable": 10,
    }
    return Load(**{**fields, **more})  # type: ignore[arg-type]


loads = st.lists(
    st.builds(
        load,
        st.integers(1, 10**6),
        waiting=st.integers(0, 3000),
        came_in=st.floats(0, 400),
        each=st.floats(0, 20),
        hands=st.integers(0, 80),
        movable=st.integers(0, 80),
        min_people=st.integers(0, 20),
        target_people=st.none() | st.integers(0, 100),
    ),
    min_size=2,
    max_size=6,
    unique_by=lambda each: each.queue_id,
)


def test_people_go_from_the_quiet_queue_to_the_late_one() -> None:
    quiet, late = load(1, waiting=20, hands=40, movable=40), load(2, waiting=1000)
    (found, *_) = propose([quiet, late])
    assert (found.giver.queue_id, found.taker.queue_id) == (1, 2)
    assert found.taker_after.clear_in < late.clear_in
    assert found.giver_after.clear_in <= found.taker_after.clear_in


def test_a_queue_that_only_gets_worse_is_helped_first() -> None:
    worse = load(2, came_in=60.0)
    assert worse.clear_in == NEVER
    (found, *_) = propose([load(1, waiting=5, hands=30, movable=30), worse, load(3, waiting=900)])
    assert found.taker.queue_id == 2


def test_nobody_leaves_a_queue_that_needs_its_least() -> None:
    assert propose([load(1, waiting=0, min_people=10), load(2, waiting=1000)]) == ()


def test_no_more_come_than_are_wanted() -> None:
    late = load(2, waiting=2000, target_people=12)
    (found,) = propose([load(1, waiting=0), late])
    assert found.people <= 2


def test_equal_queues_are_left_alone() -> None:
    assert propose([load(1), load(2)]) == ()


def test_the_effect_says_whether_the_giver_stays_short() -> None:
    found = effect(load(1, waiting=10), load(2), 5)
    assert found.giver_stays_short == (found.giver_after.clear_in <= SHORT_WAIT)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(loads)
def test_a_proposal_never_leaves_too_few_and_never_makes_it_later(given_loads: list[Load]) -> None:
    for found in propose(given_loads):
        before = max(found.giver.clear_in, found.taker.clear_in)
        after = max(found.giver_after.clear_in, found.taker_after.clear_in)
        assert after < before
        assert found.giver_after.hands >= found.giver.min_people
        assert 0 < found.people <= found.giver.movable
        if found.taker.target_people is not None:
            assert found.taker_after.hands <= found.taker.target_people


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(loads)
def test_nobody_is_lost_or_made_up(given_loads: list[Load]) -> None:
    for found in propose(given_loads):
        before = found.giver.hands + found.taker.hands
        assert found.giver_after.hands + found.taker_after.hands == before
