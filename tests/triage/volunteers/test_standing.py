"""Beginning, breaks, pausing, holding back, and what reading by colleagues earns."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.factories import people
from triage.accounts.models import Session, User
from triage.accounts.policy import Act, Actor, Subject, Trust, may
from triage.audit.models import AuditEvent
from triage.incidents.models import Incident
from triage.volunteers import actions
from triage.volunteers.models import Enlistment, ReviewTally
from triage.volunteers.queries import actor_for

pytestmark = pytest.mark.django_db
NOON = people.NOON


@pytest.fixture
def incident() -> Incident:
    return people.incident()


@pytest.fixture
def ann(incident: Incident) -> User:
    user = people.person("ann")
    people.helper(user, incident)
    return user


@pytest.fixture
def sam(incident: Incident) -> Actor:
    return actor_for(people.person("sam"), at=NOON)


def now(user: User) -> Actor:
    return actor_for(user, at=NOON)


def state() -> str:
    return Enlistment.objects.get().state


def test_the_first_email_makes_a_helper_active_once(ann: User) -> None:
    assert actions.begin(by=now(ann), at=NOON)
    assert not actions.begin(by=now(ann), at=NOON)
    assert state() == "active"
    assert AuditEvent.objects.filter(action="helper.begin").count() == 1


def test_who_is_active_begins_again_for_nothing(
    ann: User, django_assert_num_queries: Callable[[int], Any]
) -> None:
    actions.begin(by=now(ann), at=NOON)
    active = now(ann)
    with django_assert_num_queries(0):
        actions.begin(by=active, at=NOON)


def test_a_break_ends_by_itself_with_the_next_email(ann: User) -> None:
    actions.begin(by=now(ann), at=NOON)
    assert actions.take_break(by=now(ann), at=NOON)
    assert not actions.take_break(by=now(ann), at=NOON)
    assert may(now(ann), Act.PERSON_HELP)
    assert actions.begin(by=now(ann), at=NOON)


def test_coming_back_ends_a_break(ann: User) -> None:
    actions.take_break(by=now(ann), at=NOON)
    assert actions.come_back(by=now(ann), at=NOON)
    assert not actions.come_back(by=now(ann), at=NOON)
    assert state() == "ready"


def test_who_is_asked_to_pause_finishes_and_begins_nothing(ann: User, sam: Actor) -> None:
    assert actions.pause(user_id=ann.pk, by=sam, at=NOON)
    assert may(now(ann), Act.EMAIL_ANSWER, Subject(holder_id=ann.pk))
    assert may(now(ann), Act.DESK_VIEW)
    assert not may(now(ann), Act.PERSON_HELP)
    assert actions.resume(user_id=ann.pk, by=sam, at=NOON)
    assert may(now(ann), Act.PERSON_HELP)


def test_who_is_held_back_is_logged_out_and_may_do_nothing(
    client: Client, ann: User, sam: Actor
) -> None:
    client.force_login(ann)
    assert actions.suspend(user_id=ann.pk, by=sam, at=NOON)
    assert not Session.objects.filter(user_id=ann.pk).exists()
    refused = (Act.EMAIL_ANSWER, Act.DESK_VIEW, Act.PERSON_HELP, Act.BRIEFING_READ, Act.SENT_VIEW)
    subject = Subject(holder_id=ann.pk, author_id=ann.pk)
    assert [act for act in refused if may(now(ann), act, subject)] == []


@pytest.mark.parametrize(
    ("promised", "practised", "then"),
    [(None, None, "briefing"), (NOON, None, "practising"), (NOON, NOON, "ready")],
)
def test_who_was_held_back_goes_on_from_where_they_were(
    ann: User, sam: Actor, promised: object, practised: object, then: str
) -> None:
    Enlistment.objects.update(promised_at=promised, practised_at=practised)
    actions.suspend(user_id=ann.pk, by=sam, at=NOON)
    assert actions.resume(user_id=ann.pk, by=sam, at=NOON)
    assert state() == then


def test_nobody_whose_time_ended_is_brought_back_by_a_word(ann: User, sam: Actor) -> None:
    Enlistment.objects.update(state="ended", ended_at=NOON)
    assert not actions.suspend(user_id=ann.pk, by=sam, at=NOON)
    assert not actions.resume(user_id=ann.pk, by=sam, at=NOON)


@pytest.mark.parametrize("verb", ["pause", "suspend", "resume"])
def test_only_a_supervisor_holds_people_up(ann: User, verb: str) -> None:
    with pytest.raises(actions.NotAllowed):
        getattr(actions, verb)(user_id=ann.pk, by=now(ann), at=NOON)
    assert state() == "ready"


def test_no_change_without_its_event(
    ann: User, sam: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("the record cannot be written")

    monkeypatch.setattr("triage.volunteers.actions.standing.record", broken)
    with pytest.raises(RuntimeError):
        actions.pause(user_id=ann.pk, by=sam, at=NOON)
    assert state() == "ready"


def review(user: User, by: Actor, *found: bool) -> Trust:
    return [
        actions.count_review(user_id=user.pk, approved=approved, by=by, at=NOON)
        for approved in found
    ][-1]


def test_three_approved_answers_make_a_newcomer_trusted(ann: User, sam: Actor) -> None:
    assert review(ann, sam, True, True) is Trust.NEWCOMER
    assert review(ann, sam, True) is Trust.TRUSTED
    assert now(ann).trust is Trust.TRUSTED


def test_ten_approved_and_none_returned_lately_make_an_editor(ann: User, sam: Actor) -> None:
    assert review(ann, sam, *[True] * 9, False, True) is Trust.TRUSTED
    assert review(ann, sam, *[True] * 4) is Trust.EDITOR


def test_reading_never_makes_a_reviewer(ann: User, sam: Actor) -> None:
    assert review(ann, sam, *[True] * 30) is Trust.EDITOR


def test_a_supervisor_raises_and_lowers_and_counting_begins_anew(ann: User, sam: Actor) -> None:
    review(ann, sam, True, True, True)
    assert actions.set_trust(user_id=ann.pk, trust=Trust.REVIEWER, by=sam, at=NOON)
    assert actions.set_trust(user_id=ann.pk, trust=Trust.NEWCOMER, by=sam, at=NOON)
    assert not actions.set_trust(user_id=ann.pk, trust=Trust.NEWCOMER, by=sam, at=NOON)
    assert ReviewTally.objects.get().approved == 0
    assert review(ann, sam, True) is Trust.NEWCOMER


def test_nobody_raises_themselves(ann: User) -> None:
    with pytest.raises(actions.NotAllowed):
        actions.set_trust(user_id=ann.pk, trust=Trust.REVIEWER, by=now(ann), at=NOON)
