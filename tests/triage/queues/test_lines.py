"""Who is given which email: language, experience, what it asks of people, danger."""

from dataclasses import replace
from itertools import product

import pytest

from tests.factories import desk
from tests.factories.desk import NOON, minutes
from triage.accounts.ceremony import Ceremony
from triage.accounts.policy import Actor, Trust
from triage.audit.models import AuditEvent
from triage.queues import counters, picking
from triage.queues.actions import (
    NotHeld,
    PassReason,
    claim_next,
    leave,
    pass_on,
    raise_danger,
    set_queues,
    start_answering,
)
from triage.queues.holding import working_since
from triage.queues.jobs import lapse
from triage.queues.lines import LineKey, Server, may_serve
from triage.queues.models import QueueMembership, Ticket
from triage.queues.pace import is_due_a_pause
from triage.queues.unserved import unserved_lines

pytestmark = pytest.mark.django_db


def answered(ticket, by, at=NOON):
    start_answering(ticket=Ticket.objects.get(pk=ticket.pk), by=by, at=at)


def with_part(actor, **more):
    return replace(actor, helping=replace(actor.helping, **more))


def test_the_statement_and_the_rule_agree_on_who_is_given_what(helper):
    bob = helper("Bob")
    languages, trusts = ("", "en", "de", "und"), (Trust.NEWCOMER, Trust.TRUSTED)
    for language, needs_trust in product(languages, trusts):
        waiting = desk.ticket(language=language, needs_trust=needs_trust)
        for spoken, trust in product([(), ("en",), ("en", "fr")], trusts):
            person = with_part(bob, languages=spoken, trust=trust)
            server = Server(queue_ids=[waiting.queue_id], languages=spoken, trust=trust)
            line = LineKey(queue_id=waiting.queue_id, language=language, needs_trust=needs_trust)
            given = picking.someone_waits(by=person, at=NOON)
            assert given is may_serve(server, line), (language, needs_trust, spoken, trust)
        Ticket.objects.filter(pk=waiting.pk).update(state="closed", closed_at=NOON)


def of_safety(name: str) -> Actor:
    """Somebody of the support team who is a member of the lane Safety."""
    member = desk.actor(name)
    QueueMembership.objects.create(user_id=member.id, queue=desk.queue("safety"))
    return member


def test_danger_comes_first_then_risk_then_the_promise():
    late = desk.ticket(promise_at=NOON - minutes(60))
    risky = desk.ticket(urgency=1)
    danger = desk.ticket("safety", promise_at=NOON + minutes(60), urgency=0)
    given = [claim_next(by=of_safety("Ann"), at=NOON)]
    for name in ("Bob", "Carla"):
        given.append(claim_next(by=desk.actor(name), at=NOON))
    assert given == [danger, risky, late]


def test_after_two_furious_emails_comes_another_one_if_any_waits():
    furious = [desk.ticket(tone="angry", promise_at=NOON - minutes(30 - n)) for n in range(3)]
    calm = desk.ticket(promise_at=NOON)
    ann, given = desk.actor("Ann"), []
    for _each in range(4):
        given.append(claim_next(by=ann, at=NOON))
        answered(given[-1], ann)
    assert given == [furious[0], furious[1], calm, furious[2]]


def test_who_asked_for_furious_emails_gets_the_oldest(helper):
    furious = [desk.ticket(tone="angry", promise_at=NOON - minutes(30 - n)) for n in range(3)]
    desk.ticket(promise_at=NOON)
    bob = with_part(helper("Bob"), takes_furious=True)
    for each in furious:
        assert claim_next(by=bob, at=NOON) == each
        answered(each, bob)


def test_nobody_is_stranded_because_everything_is_furious():
    ann = desk.actor("Ann")
    for _each in range(4):
        waiting = desk.ticket(tone="angry")
        assert claim_next(by=ann, at=NOON) == waiting
        answered(waiting, ann)


def test_after_one_that_upset_the_next_is_kind():
    ann = desk.actor("Ann")
    upsetting = desk.ticket(promise_at=NOON - minutes(9))
    desk.ticket(promise_at=NOON - minutes(8))
    kind = desk.ticket("praise", tone="praise", promise_at=NOON + minutes(90))
    assert claim_next(by=ann, at=NOON) == upsetting
    pass_on(ticket_id=upsetting.pk, reason=PassReason.UPSETS_ME, by=ann, at=NOON)
    assert claim_next(by=ann, at=NOON) == kind


def test_what_is_not_in_ones_language_goes_to_those_who_speak_it(helper):
    bob = with_part(helper("Bob"), languages=("en",))
    waiting = desk.ticket(language="")
    waiting.conversation.messages.update(language="de")
    claim_next(by=bob, at=NOON)
    pass_on(ticket_id=waiting.pk, reason=PassReason.LANGUAGE, by=bob, at=NOON)
    assert claim_next(by=with_part(helper("Cleo"), languages=("en",)), at=NOON) is None
    assert claim_next(by=with_part(helper("Dora"), languages=("de",)), at=NOON) == waiting


def test_what_is_too_hard_goes_to_someone_more_experienced(helper):
    bob, waiting = helper("Bob"), desk.ticket()
    claim_next(by=bob, at=NOON)
    pass_on(ticket_id=waiting.pk, reason=PassReason.TOO_HARD, by=bob, at=NOON)
    assert claim_next(by=helper("Cleo"), at=NOON) is None
    assert claim_next(by=with_part(helper("Dora"), trust=Trust.TRUSTED), at=NOON) == waiting
    waiting.refresh_from_db()
    assert waiting.hard_because == "too_hard"


def test_an_email_left_twice_goes_to_someone_experienced(helper):
    waiting = desk.ticket()
    for number, name in enumerate(("Bob", "Cleo")):
        at = NOON + minutes(30 * number)
        claim_next(by=helper(name), at=at)
        assert lapse(at=at + minutes(21)) == 1
    at = NOON + minutes(60)
    assert claim_next(by=helper("Dora"), at=at) is None
    assert claim_next(by=desk.actor("Ann"), at=at) == waiting
    waiting.refresh_from_db()
    assert (waiting.lapses, waiting.hard_because) == (2, "left_twice")
    assert counters.reconcile() == ()


def test_in_a_small_team_people_help_beyond_the_queues_chosen_for_them():
    ann = replace(desk.actor("Ann"), ceremony=Ceremony())
    other = desk.ticket("other", promise_at=NOON - minutes(90))
    praise = desk.ticket("praise")
    sam = desk.actor("Sam", "supervisor")
    set_queues(user_id=ann.id, queue_ids=[praise.queue_id], by=sam, at=NOON)
    for chosen in (praise, other):
        assert claim_next(by=ann, at=NOON) == chosen
        answered(chosen, ann)


def test_someone_in_danger_leaves_these_hands_for_safety_once(helper):
    bob, waiting = helper("Bob"), desk.ticket()
    claim_next(by=bob, at=NOON)
    for _press in range(2):
        raise_danger(ticket_id=waiting.pk, by=bob, at=NOON)
    waiting.refresh_from_db()
    assert (waiting.queue.key, waiting.urgency, waiting.holder) == ("safety", 0, None)
    assert waiting.line.queue_id == waiting.queue_id
    assert AuditEvent.objects.filter(action="ticket.raise_danger").count() == 1
    assert claim_next(by=of_safety("Ann"), at=NOON) == waiting
    assert counters.reconcile() == ()


def test_nobody_raises_danger_for_an_email_in_other_hands(helper):
    waiting = desk.ticket()
    claim_next(by=helper("Bob"), at=NOON)
    with pytest.raises(NotHeld):
        raise_danger(ticket_id=waiting.pk, by=helper("Cleo"), at=NOON)


def test_a_language_that_nobody_here_speaks_is_shown(monkeypatch):
    desk.ticket("safety")
    assert [line.queue_name for line in unserved_lines(at=NOON)] == ["Safety"]
    of_safety("Ann")
    assert unserved_lines(at=NOON) == ()


def test_a_pause_is_due_after_three_quarters_of_an_hour_at_it():
    ann = desk.actor("Ann")
    for quarter in range(4):
        desk.ticket()
        held = claim_next(by=ann, at=NOON + minutes(15 * quarter))
        answered(held, ann, at=NOON + minutes(15 * quarter + 8))
    since = working_since(user_id=ann.id, at=NOON + minutes(54))
    assert since == NOON
    assert is_due_a_pause(since, at=NOON + minutes(54))
    assert working_since(user_id=ann.id, at=NOON + minutes(64)) is None


def test_a_break_begins_when_the_last_email_is_put_down():
    ann = desk.actor("Ann")
    desk.ticket(), desk.ticket()
    claim_next(by=ann, at=NOON)
    leave(by=ann, at=NOON + minutes(19))
    claim_next(by=ann, at=NOON + minutes(30))
    assert working_since(user_id=ann.id, at=NOON + minutes(31)) == NOON + minutes(30)
