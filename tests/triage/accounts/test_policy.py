from dataclasses import replace
from datetime import timedelta

import pytest

from tests.factories.people import NOON
from triage.accounts.policy import RULES, Act, Actor, Helping, Subject, may

ROLES = ("support", "supervisor", "approver", "admin", "auditor", "volunteer")
HELPER = Actor(
    id=1,
    name="Ann",
    at=NOON,
    helping=Helping(until=NOON + timedelta(days=1), state="ready", level="all-hands", briefed=True),
)
HELD = Subject(kind="ticket", holder_id=1)


def somebody(*roles: str) -> Actor:
    return Actor(id=2, name="Sam", at=NOON, roles=frozenset(roles))


def test_every_act_has_a_rule() -> None:
    assert set(RULES) == set(Act)


@pytest.mark.parametrize("act", list(Act))
def test_a_stranger_may_do_nothing(act: Act) -> None:
    assert not may(None, act, HELD)


@pytest.mark.parametrize("act", sorted(set(Act) - {Act.OWN_ACCOUNT}))
def test_who_was_given_no_role_may_do_nothing(act: Act) -> None:
    assert not may(somebody(), act, HELD)
    assert not may(somebody("volunteer"), act, HELD)


@pytest.mark.parametrize(
    ("act", "roles"),
    [
        (Act.BOARD_STEER, {"supervisor"}),
        (Act.LEVEL_CHANGE, {"admin"}),
        (Act.LINK_MAKE, {"admin"}),
        (Act.AUDIT_VIEW, {"auditor"}),
        (Act.EMAIL_BROWSE, {"support", "supervisor"}),
        (Act.MAILBOX_CHANGE, {"admin"}),
        (Act.PERSON_HELP, {"support", "supervisor"}),
        (Act.REPLY_REVIEW, {"support", "supervisor"}),
        (Act.LANE_HAND_OVER, {"support", "supervisor"}),
        (Act.LANE_HAND_BACK, set()),
        (Act.LANE_NOTE, set()),
        (Act.LANE_STEER, {"supervisor", "admin"}),
        (Act.ALERT_SEE, {"supervisor", "admin"}),
    ],
)
def test_each_act_belongs_to_its_roles(act: Act, roles: set[str]) -> None:
    assert {role for role in ROLES if may(somebody(role), act)} == roles


def test_a_helper_sees_the_email_they_hold_and_no_other() -> None:
    assert may(HELPER, Act.EMAIL_VIEW, HELD)
    assert not may(HELPER, Act.EMAIL_VIEW, Subject(kind="ticket", holder_id=3))
    assert not may(HELPER, Act.EMAIL_VIEW, Subject(kind="ticket"))
    assert not may(HELPER, Act.EMAIL_BROWSE)


@pytest.mark.parametrize(
    ("change", "begins", "finishes"),
    [
        ({}, True, True),
        ({"level": "recovery"}, False, True),
        ({"level": "elevated"}, False, False),
        ({"state": "ended"}, False, False),
        ({"state": "briefing"}, False, False),
        ({"briefed": False}, False, False),
        ({"until": NOON}, False, False),
    ],
)
def test_helping_lasts_as_long_as_level_state_and_clock_allow(
    change: dict[str, object], begins: bool, finishes: bool
) -> None:
    assert HELPER.helping
    actor = replace(HELPER, helping=replace(HELPER.helping, **change))  # type: ignore[arg-type]
    assert may(actor, Act.PERSON_HELP) is begins
    assert may(actor, Act.EMAIL_ANSWER, HELD) is finishes


def test_nobody_approves_their_own_words() -> None:
    assert may(somebody("approver"), Act.RESPONSE_APPROVE, Subject(author_id=1))
    assert not may(somebody("approver"), Act.RESPONSE_APPROVE, Subject(author_id=2))


def test_a_lane_is_seen_by_those_who_serve_it() -> None:
    lane = Subject(kind="ticket", is_lane=True, serves=frozenset({2}))
    assert may(somebody("support"), Act.EMAIL_VIEW, lane)
    assert not may(replace(somebody("support"), id=9), Act.EMAIL_VIEW, lane)


def test_a_lanes_notes_are_its_members_alone() -> None:
    lane = Subject(kind="ticket", is_lane=True, serves=frozenset({2}), members=frozenset({2}))
    assert may(somebody("support"), Act.LANE_NOTE, lane)
    assert not may(replace(somebody("supervisor"), id=9), Act.LANE_NOTE, lane)
    assert not may(somebody("support"), Act.LANE_NOTE, replace(lane, members=frozenset()))


def test_nobody_reads_their_own_answer_before_it_goes() -> None:
    for role in ("support", "supervisor"):
        assert not may(somebody(role), Act.REPLY_REVIEW, Subject(kind="review", author_id=2))
